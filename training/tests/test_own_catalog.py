"""The kit with a catalog of one's own, and contacts: nothing of the sample bank is needed, and nothing of it comes in."""

import json
import random
import re

import numpy as np
import pytest
import yaml

from training.__main__ import main
from training.catalog import Catalog, load_catalog
from training.contacts import read_contacts
from training.features import (
    Feature,
    accept_features,
    churn_features,
    encode,
    lifetime_features,
)
from training.onnx_export import run_onnx
from training.rows import rows_of
from training.sample_bank import CHOSEN, KNOWN, check_simulates

from .conftest import ROOT

FILES = {
    "schema.yaml": """
currency: EUR
timeZone: Europe/Berlin
channels: [web, phone]
customer:
  type: object
  properties:
    { age: { type: integer, minimum: 0 }, plan: { type: string, enum: [basic, no, pro] }, class: { type: string }, since: { type: string, format: date }, vulnerable: { type: boolean } }
offer: { type: object, properties: { product: { type: string } } }
derived:
  stage: [{ is: young, when: customer.age < 30 }, { is: grown, when: has(customer.age) }]
  years: [{ is: 1, when: "yearsBetween(customer.since, now) < 2" }, { is: 5, when: has(customer.since) }]
  size: [{ is: large, when: "customer.plan.startsWith('p')" }]
""",
    "offers/all.yml": """
- { id: upgrade, kind: up-sell, attributes: { product: pro }, value: { margin: 90 }, propensity: { model: accept, prior: 0.1 } }
- { id: add-on, kind: cross-sell, attributes: { product: backup }, value: { margin: 40 }, propensity: { model: accept, prior: 0.1 } }
- { id: thanks, kind: loyalty, value: { margin: 5 }, propensity: 0.3 }
""",
}
HEAD = "offer.id,channel,direction,now,accepted,customer.age,customer.plan,customer.class,customer.since,customer.holdings,customer.vulnerable\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("own")
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "contacts.csv").write_text(HEAD + "".join(_line(random.Random(place), place) for place in range(600)), encoding="utf-8")
    (root / "few-words.csv").write_text(
        "offer.id,channel,now,accepted\n" + "".join(f"upgrade,web,2026-01-01T10:00:00Z,{int(place % 3 == 0)}\n" for place in range(300)), encoding="utf-8"
    )
    return root


def _line(rng, place):
    offer, channel, age = rng.choice(["upgrade", "add-on", "thanks"]), rng.choice(["web", "phone"]), rng.randint(18, 80)
    accepted = int(rng.random() < (0.7 if age < 30 else 0.2))
    plan, kind, since = rng.choice(["basic", "no", "pro", ""]), rng.choice(["A", "B", "a {rare: one}"]), rng.choice(["2020-05-01", "2026-01-01", ""])
    return f"{offer},{channel},,2026-{1 + place // 60:02d}-{1 + place % 28:02d}T10:00:00Z,{accepted},{age},{plan},{kind},{since},{rng.choice(['backup', 'backup|vault', ''])},1\n"


@pytest.fixture(scope="module")
def trained(folder):
    examples = folder / "examples"
    assert main(["train", "accept", "--catalog", str(folder), "--contacts", str(folder / "contacts.csv"), "--examples", str(examples)]) == 0
    return yaml.safe_load((folder / "models" / "accept" / "model.yaml").read_text("utf-8")), json.loads((examples / "accept-200.json").read_text("utf-8"))


def test_columns_are_what_the_file_and_the_schema_tell(trained):
    columns = {column.pop("from"): column for column in trained[0]["inputs"][0]["columns"]}
    assert set(columns) == {
        "customer.age", "customer.plan", "customer.class", "daysBetween(customer.since, now)", "has(customer.since)", "customer.stage", "customer.years",
        "offer.product in customer.holdings", '"backup" in customer.holdings', '"vault" in customer.holdings', "offer.kind", "offer.product", "channel", "offer.id",
    }
    assert columns["customer.plan"] == {"oneHot": ["basic", "no", "pro"], "other": True}
    assert columns["customer.class"] == {"oneHot": ["A", "B"], "other": True}
    assert columns["customer.stage"] == {"oneHot": ["young", "grown"], "other": True}
    assert 40 < columns["customer.age"]["default"] < 60
    assert set(columns["offer.id"]["map"]) == {"upgrade", "add-on", "thanks"}


def test_what_is_left_out_is_told(folder, capsys):
    main(["train", "accept", "--catalog", str(folder), "--contacts", str(folder / "contacts.csv"), "--out", str(folder / "again")])
    told = capsys.readouterr().err
    assert "Left out customer.size: " in told
    assert "Left out customer.vulnerable: it is for rules, never for a score" in told


def test_examples_are_the_latest_contacts(folder, trained):
    catalog = load_catalog(folder)
    contacts = read_contacts(folder / "contacts.csv", catalog).requests[-200:]
    assert "contacts of contacts.csv" in trained[1]["description"] and "simulated" not in trained[1]["description"]
    assert [{name: row[name] for name in row if name != "outputs"} for row in trained[1]["rows"]] == list(contacts)


def test_answers_are_those_of_the_columns(folder, trained):
    """Read back from model.yaml, as the service does."""
    manifest, examples = trained
    features = tuple(
        Feature(column["from"], column.get("default"), tuple(column["oneHot"]) if "oneHot" in column else None, column.get("other", False), column.get("map"))
        for column in yaml.safe_load((folder / "models" / "accept" / "model.yaml").read_text("utf-8"))["inputs"][0]["columns"]
    )
    catalog = load_catalog(folder)
    answered = run_onnx((folder / "models" / "accept" / "model.onnx").read_bytes(), encode(features, rows_of(examples["rows"], catalog), catalog), "probabilities")[:, 1]
    assert "calibration" not in manifest
    np.testing.assert_allclose(answered, [row["outputs"]["propensity"] for row in examples["rows"]], rtol=0, atol=1e-6)
    young = np.array([row["customer"]["attributes"]["age"] < 30 for row in examples["rows"]])
    assert answered[young].mean() > answered[~young].mean() + 0.2


def test_a_model_of_nothing_but_the_offer_answers_a_probability(folder):
    """Boosting finds nothing to split by here, and would not survive its export."""
    out = folder / "few"
    assert main(["train", "accept", "--catalog", str(folder), "--contacts", str(folder / "few-words.csv"), "--out", str(out)]) == 0
    golden = yaml.safe_load((out / "accept" / "model.yaml").read_text("utf-8"))["golden"]
    assert all(abs(row["outputs"]["propensity"][0] - 1 / 3) < 0.05 for row in golden)


def test_nothing_is_written_into_the_repository(folder, trained):
    assert sorted(path.name for path in (folder / "models" / "accept").iterdir()) == ["MODEL_CARD.md", "model.onnx", "model.yaml"]
    card = (folder / "models" / "accept" / "MODEL_CARD.md").read_text("utf-8")
    assert "Contacts of contacts.csv" in card and "Region" not in card and "imulated" not in card


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["churn"], "this catalog does not declare customer.incomeYearly, .* and .* more: train on contacts of your own"),
        (["--contacts", "contacts.csv"], "this catalog does not declare customer.incomeYearly"),
        (["lifetime", "--contacts", "contacts.csv"], "Contacts are for the model accept, not for lifetime"),
    ],
)
def test_what_only_the_sample_can_is_said_at_once(folder, capsys, arguments, message):
    assert main(["train", *arguments, "--catalog", str(folder)]) == 1
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert re.search(message, told)


@pytest.mark.parametrize("without", [*KNOWN, *CHOSEN, "derived.phase"])
def test_each_attribute_that_simulating_needs_is_asked_for(catalog, without):
    root, name = without.split(".")
    part = catalog.schema[root]
    lacking = {**part, "properties": {other: schema for other, schema in part["properties"].items() if other != name}} if root != "derived" else {}
    check_simulates(catalog)
    with pytest.raises(ValueError, match=f"this catalog does not declare {'customer' if root == 'derived' else root}.{name}"):
        check_simulates(Catalog({**catalog.schema, root: lacking}, catalog.offers))


def test_what_the_samples_columns_read_is_asked_for(catalog):
    features = [*accept_features(catalog, {}, 0.0), *lifetime_features(catalog), *churn_features(catalog)]
    read = {path for feature in features for path in re.findall(r"(?:customer|context|offer)\.\w+", feature.source)}
    assert read - {"customer.holdings", "customer.phase", "offer.id", "offer.kind"} <= {*KNOWN, *CHOSEN}


def test_a_few_offers_on_the_schema_of_the_sample(tmp_path):
    """No products, nor insurances, and an offer that asks no model."""
    (tmp_path / "offers").mkdir()
    (tmp_path / "schema.yaml").write_bytes((ROOT / "schema.yaml").read_bytes())
    (tmp_path / "offers" / "all.yaml").write_text(
        "- { id: a, kind: loyalty, attributes: { category: daily }, value: { margin: 20 }, propensity: 0.3 }\n"
        "- { id: b, kind: cross-sell, attributes: { category: daily }, value: { margin: 20 }, propensity: { model: accept, prior: 0.3 } }\n", encoding="utf-8",
    )
    assert main(["train", "--rows", "2000", "--catalog", str(tmp_path)]) == 0
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["accept", "churn", "lifetime"]
    columns = yaml.safe_load((tmp_path / "models" / "accept" / "model.yaml").read_text("utf-8"))["inputs"][0]["columns"]
    assert "offer.product" not in [column["from"] for column in columns] and "offer.product in customer.holdings" in [column["from"] for column in columns]
