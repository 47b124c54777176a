"""The simulated people hang together, and the same seed gives the same ones."""

import numpy as np
import pytest

from training.acceptance import NEEDS, TOPICS, true_probability
from training.features import PAGES, REASONS
from training.lifetimes import (
    HORIZON_YEARS,
    draw_years,
    expected_margin,
    expected_years,
)
from training.population import REGIONS, hide, simulate_contacts

COUNT = 20_000


@pytest.fixture(scope="module")
def contacts(catalog):
    return simulate_contacts(catalog, "accept", COUNT, np.random.default_rng(3))


def test_the_same_seed_gives_the_same_contacts(catalog):
    first, second, other = (simulate_contacts(catalog, "accept", 500, np.random.default_rng(seed)) for seed in (5, 5, 6))
    for path, column in first.rows.items():
        np.testing.assert_array_equal(column.values, second.rows[path].values)
        np.testing.assert_array_equal(column.known, second.rows[path].known)
    assert (first.rows["customer.balance"].values != other.rows["customer.balance"].values).any()


def test_attributes_fit_their_schemas(contacts, catalog):
    for path, schema in catalog.declared().items():
        if path not in contacts.rows:
            continue
        values = contacts.rows[path].values[contacts.rows[path].known]
        if "enum" in schema:
            assert set(values) <= set(schema["enum"]), path
        assert "minimum" not in schema or values.min() >= schema["minimum"], path
        assert "maximum" not in schema or values.max() <= schema["maximum"], path
        assert schema["type"] != "integer" or (values == values.round()).all(), path


@pytest.mark.parametrize(
    ("holds", "more", "than"),
    [
        ("digitalActivity", lambda c: c("age") < 30, lambda c: c("age") > 65),
        ("incomeYearly", lambda c: c("age") == 45, lambda c: c("age") < 22),
        ("carOwner", lambda c: c("housing") == "owns-house", lambda c: c("housing") == "rents"),
        ("balance", lambda c: c("segment") == "private", lambda c: c("segment") == "mass"),
        ("children", lambda c: c("household") == "family", lambda c: c("household") == "couple"),
        ("missedPayments", lambda c: c("balance") < 10_000, lambda c: c("balance") > 100_000),
        ("productCount", lambda c: c("memberSince") < 17_000, lambda c: c("memberSince") > 20_000),
    ],
)
def test_attributes_are_correlated_as_they_would_be(contacts, holds, more, than):
    def column(name):
        return contacts.rows[f"customer.{name}"].values
    assert column(holds)[more(column)].mean() > 1.1 * column(holds)[than(column)].mean()


def test_regions_and_words_are_those_of_the_schema(catalog):
    assert set(REGIONS) == set(catalog.categories("customer.region"))
    assert set(REASONS) | set(PAGES) >= set(TOPICS)


def test_probabilities_of_offers_are_sensible(contacts, catalog):
    """Rates of 0.5% to 50% by offer, some spread among the customers of each, and every category has a law."""
    probability = true_probability(contacts, catalog)
    assert 0.05 < probability.mean() < 0.2
    offers = contacts.rows["offer.id"].values
    for offer in sorted(set(offers)):
        here = probability[(offers == offer) & contacts.eligible]
        assert 0.005 < here.mean() < 0.5, offer
        assert here.std() > 0.2 * here.mean(), offer
    assert set(catalog.categories("offer.category")) <= set(NEEDS)


def test_a_term_of_the_law_can_be_seen(contacts, catalog):
    """Owning a car makes car insurance likelier by several times."""
    here = (contacts.rows["offer.product"].values == "car-insurance") & contacts.eligible
    car = contacts.rows["customer.carOwner"].values.astype(bool)
    probability = true_probability(contacts, catalog)
    assert probability[here & car].mean() > 4 * probability[here & ~car].mean()


def test_hidden_values_are_hidden_and_nothing_else(contacts):
    seen = hide(contacts.rows, np.random.default_rng(1), share=0.1, visitors=0.05)
    for path, column in seen.items():
        never_missing = path in ("offer.id", "offer.kind", "channel", "direction", "now")
        assert (column.known == contacts.rows[path].known).all() == never_missing, path
    visitors = np.all([~seen[path].known for path in seen if path.startswith("customer.")], axis=0)
    assert 0.04 < visitors.mean() < 0.06


def test_drawn_years_average_to_the_expected_ones(catalog):
    rows = simulate_contacts(catalog, "lifetime", COUNT, np.random.default_rng(4)).rows
    expected, drawn = expected_years(rows), draw_years(rows, np.random.default_rng(5))
    assert drawn.mean() == pytest.approx(expected.mean(), rel=0.02)
    assert drawn.min() >= 0 and drawn.max() <= HORIZON_YEARS
    assert expected_margin(rows).min() > 0
