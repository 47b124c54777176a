"""Contacts from a CSV file: what is read, what is refused, and a model trained on them."""

import csv

import pytest

from training.__main__ import main
from training.examples import example_requests
from training.contacts import read_contacts
from training.observations import simulated

HEAD = "offer.id,channel,direction,now,accepted,customer.age,customer.carOwner,customer.memberSince,customer.holdings,context.mood\n"
FIRST = "home-insurance,web,inbound,2026-02-01T09:00:00Z,1,40,yes,2020-05-01,card|mortgage,\n"
EARLIER = "mortgage,email,outbound,2026-01-01T09:00:00Z,0,,,,,pleased\n"


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "contacts.csv"
        path.write_text(text, encoding="utf-8")
        return path
    return write


def test_contacts_are_read_in_order_of_time(file, catalog):
    observed = read_contacts(file(HEAD + FIRST + EARLIER), catalog)
    assert list(observed.rows["offer.id"].values) == ["mortgage", "home-insurance"]
    assert list(observed.accepted) == [False, True]
    assert list(observed.rows["customer.age"].known) == [False, True]
    assert observed.rows["customer.carOwner"].values[1] == 1
    assert observed.rows["customer.holdings"].values[1] == {"card", "mortgage"}
    assert list(observed.rows["context.mood"].known) == [True, False]
    assert list(observed.rows["customer.incomeYearly"].known) == [False, False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("offer.id,channel\n", "contacts.csv:1: no column now, accepted"),
        (HEAD.replace("customer.age", "customer.job"), "contacts.csv:1: schema.yaml does not declare customer.job"),
        (HEAD, "no contacts below the header"),
        (HEAD + FIRST.replace(",40,", ",forty,"), "contacts.csv:2: customer.age must be a number, not 'forty'"),
        (HEAD + FIRST.replace(",1,40", ",perhaps,40"), "contacts.csv:2: accepted must be 1 or 0, not 'perhaps'"),
        (HEAD + FIRST.replace("2020-05-01", "May 2020"), "contacts.csv:2: customer.memberSince must be a date as 2026-11-23, not 'May 2020'"),
        (HEAD + FIRST.replace("2026-02-01T09:00:00Z", "yesterday"), "contacts.csv:2: now must be a time as 2026-11-23T10:00:00Z, not 'yesterday'"),
        (HEAD + FIRST.replace(",web,", ",,"), "contacts.csv:2: channel is empty"),
        (HEAD + FIRST.replace(",web,", ",callcenter,"), "contacts.csv:2: channel must be one of call-center, .*, not 'callcenter'"),
        (HEAD + EARLIER + FIRST.replace("inbound", "sideways"), "contacts.csv:3: direction must be one of inbound, outbound, not 'sideways'"),
        (HEAD + EARLIER.replace("pleased", "cross"), "contacts.csv:2: context.mood must be one of pleased, neutral, upset, not 'cross'"),
        (HEAD + FIRST.replace(",40,", ",nan,"), "contacts.csv:2: customer.age must be a number, not 'nan'"),
        (HEAD + FIRST.replace(",40,", ",-inf,"), "contacts.csv:2: customer.age must be a number, not '-inf'"),
        (HEAD + FIRST.replace(",40,", ",40.5,"), "contacts.csv:2: customer.age must be a whole number, not '40.5'"),
        (HEAD + FIRST.replace(",40,", ",-1,"), "contacts.csv:2: customer.age must be at least 0, not '-1'"),
        (HEAD + FIRST.replace(",40,", ",200,"), "contacts.csv:2: customer.age must be at most 130, not '200'"),
        (HEAD + EARLIER + "mortgage,web\n", "contacts.csv:3: 2 cells, and the header names 10 columns; an unknown value is an empty cell"),
        (HEAD + FIRST.rstrip() + ",,\n", "contacts.csv:2: 12 cells, and the header names 10 columns"),
        (HEAD.replace("context.mood", "customer.age"), "contacts.csv:1: more than one column customer.age"),
        (HEAD.replace("context.mood", "customer.phase"), "contacts.csv:1: customer.phase is derived from others"),
        (HEAD.replace("context.mood", "offer.category"), "contacts.csv:1: offer.category is told by the catalog's offers"),
        (HEAD.replace(",", ";"), "contacts.csv:1: no column .*; put commas between the columns"),
        (HEAD + FIRST.replace("home-insurance", "no-such-offer"), "contacts.csv:2: offer.id must be one of anniversary-thanks, .* or one of 22 more, not 'no-such-offer'"),
    ],
)
def test_what_does_not_fit_is_named(file, catalog, text, message):
    with pytest.raises(ValueError, match=message):
        read_contacts(file(text), catalog)


def test_a_file_that_is_not_utf_8_is_named(tmp_path, catalog):
    path = tmp_path / "contacts.csv"
    path.write_bytes((HEAD + FIRST.replace("card", "kört")).encode("latin-1"))
    with pytest.raises(ValueError, match="contacts.csv: is not UTF-8; save it as CSV in UTF-8"):
        read_contacts(path, catalog)


def test_a_model_is_trained_on_a_file(tmp_path, catalog):
    observed = simulated(catalog, "accept", 3_000, seed=4)
    requests = example_requests(catalog, "accept", 3_000, seed=4)
    path = tmp_path / "branch-calls.csv"
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["offer.id", "channel", "direction", "now", "accepted", "customer.age", "customer.incomeYearly"])
        for request, accepted in zip(requests, observed.accepted):
            attributes = request["customer"]["attributes"]
            row = [request["offerId"], request["channel"], request["direction"], request["now"], int(accepted)]
            writer.writerow([*row, attributes.get("age", ""), attributes.get("incomeYearly", "")])
    assert main(["train", "accept", "--contacts", str(path), "--out", str(tmp_path / "models"), "--examples", str(tmp_path / "examples")]) == 0
    card = (tmp_path / "models" / "accept" / "MODEL_CARD.md").read_text("utf-8")
    assert "Contacts of branch-calls.csv" in card
    assert "true probabilit" not in card and "imulated" not in card


def test_contacts_that_are_all_alike_are_refused(file, capsys, tmp_path):
    path = file(HEAD + FIRST * 30)
    assert main(["train", "accept", "--contacts", str(path), "--out", str(tmp_path)]) == 1
    assert "the 21 contacts to fit are all alike" in capsys.readouterr().err


def test_contacts_that_are_too_few_are_refused(file, capsys, tmp_path):
    path = file(HEAD + (EARLIER + FIRST.replace("2026-02-01", "2026-01-01")) * 50)
    assert main(["train", "accept", "--contacts", str(path), "--out", str(tmp_path)]) == 1
    assert "contacts.csv: 100 contacts are too few to learn from; 200 at least" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys, tmp_path):
    assert main(["train", "accept", "--contacts", str(tmp_path / "none.csv"), "--out", str(tmp_path)]) == 1
    assert "none.csv: No such file or directory" in capsys.readouterr().err
