"""What Python feeds a model is what its model.yaml describes, read by somebody else."""

import numpy as np
import pytest
import yaml

from training.examples import example_requests
from training.features import Feature, column_names, encode
from training.population import hide, simulate_contacts
from training.rows import Column, known, rows_of

from .conftest import ROOT
from .reader import features_of, read_offers


@pytest.mark.parametrize("model", ["accept", "lifetime", "churn"])
def test_matrix_is_what_the_manifest_describes(model, exported, catalog):
    manifest = yaml.safe_load(exported[model].manifest())
    requests = example_requests(catalog, model, 300, seed=11)
    matrix = encode(exported[model].features, rows_of(requests, catalog), catalog)
    offers = read_offers(ROOT)
    read = np.stack([features_of(manifest, request, offers) for request in requests])
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, read)


@pytest.mark.parametrize("model", ["accept", "lifetime", "churn"])
def test_every_column_varies_and_has_a_name(model, exported, catalog):
    """A column that is always the same is a misspelt value or a default that hides everything."""
    features = exported[model].features
    names = column_names(features)
    rng = np.random.default_rng(12)
    matrix = encode(features, hide(simulate_contacts(catalog, model, 5_000, rng).rows, rng), catalog)
    assert len(names) == len(set(names)) == matrix.shape[1]
    assert [name for name, spread in zip(names, np.ptp(matrix, axis=0)) if spread == 0] == []


texts = Column(np.array(["a", "b", "z", ""], dtype=object), np.array([True, True, True, False]))
numbers = Column(np.array([1.5, 2.0, 0.0, 0.0]), np.array([True, True, True, False]))


@pytest.mark.parametrize(
    ("feature", "columns"),
    [
        (Feature("customer.text", one_hot=("a", "b")), [[1, 0], [0, 1], [0, 0], [0, 0]]),
        (Feature("customer.text", one_hot=("a", "b"), other=True), [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]),
        (Feature("customer.text", mapping={"a": 3, "b": 4}, default=9), [[3], [4], [9], [9]]),
        (Feature("customer.number", default=7), [[1.5], [2], [0], [7]]),
        (Feature("customer.number > 1.0", default=0.5), [[1], [1], [0], [0.5]]),
        (Feature("has(customer.number)"), [[1], [1], [1], [0]]),
    ],
)
def test_encodings(feature, columns):
    rows = {"customer.text": texts, "customer.number": numbers}
    np.testing.assert_array_equal(feature.encode(rows), np.array(columns, dtype=float))
    assert len(feature.names) == len(columns[0])


def test_unknown_without_a_default_is_an_error():
    with pytest.raises(ValueError, match="customer.number is unknown in a row and has no default"):
        Feature("customer.number").encode({"customer.number": numbers})


def test_an_offer_younger_than_the_model_has_the_usual_appeal(accept):
    appeal = next(feature for feature in accept.features if feature.source == "offer.id")
    assert appeal.encode({"offer.id": known(np.array(["brand-new"], dtype=object))}) == [[appeal.default]]
