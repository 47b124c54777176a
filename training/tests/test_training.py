"""The trained models are good enough, the same for the same seed, and leave scikit-learn unchanged."""

import numpy as np
import pytest
from sklearn.multioutput import MultiOutputRegressor

from training.cards import ACCEPT
from training.export import export_lifetime, export_propensity
from training.observations import simulated
from training.onnx_export import classifier_to_onnx, regressor_to_onnx, run_onnx
from training.propensity import candidates, predict
from training.train_accept import train_accept
from training.train_lifetime import predict as predict_lifetime
from training.train_lifetime import train_lifetime

from .conftest import MADE, ROWS, SEED, quiet

SPREAD = np.random.default_rng(1).normal(0, 50, (500, 12)).astype(np.float32)


def test_accept_beats_the_offers_own_rates_and_not_the_truth(accept):
    test = accept.report.test
    best = test["the true probabilities (best possible)"]
    assert test["this model"].auc > 0.74
    assert test["each offer's own rate"].auc < test["this model"].auc < best.auc
    assert best.log_loss < test["this model"].log_loss < test["the overall rate"].log_loss


def test_accept_is_about_right_in_every_group(accept):
    for predicted, _, truth in accept.report.deciles:
        assert predicted == pytest.approx(truth, abs=0.08)


def test_churn_comes_near_to_the_truth(churn):
    test = churn.report.test
    best = test["the true probabilities (best possible)"]
    assert best.auc - 0.03 < test["this model"].auc < best.auc + 0.005
    for predicted, _, truth in churn.report.deciles:
        assert predicted == pytest.approx(truth, abs=0.05)


def test_lifetime_knows_most_of_what_can_be_known(lifetime):
    assert lifetime.fits["years"].r2_expected > 0.6
    assert lifetime.fits["margin"].r2_expected > 0.8


def test_the_same_seed_gives_the_same_files(catalog, exported):
    again = {
        "accept": export_propensity(ACCEPT, train_accept(catalog, simulated(catalog, "accept", ROWS, SEED), SEED, quiet), SEED, MADE),
        "lifetime": export_lifetime(train_lifetime(catalog, ROWS, SEED, quiet), SEED, MADE),
    }
    for name, model in again.items():
        assert model.onnx == exported[name].onnx
        assert model.manifest() == exported[name].manifest()
        assert model.card == exported[name].card


@pytest.mark.parametrize("name", list(candidates(1, 4_000)))
def test_onnx_answers_as_scikit_learn(name):
    rng = np.random.default_rng(2)
    accepted = rng.random(len(SPREAD)) < 1 / (1 + np.exp(-SPREAD[:, 0] / 30))
    estimator = candidates(1, 4_000)[name].fit(SPREAD, accepted)
    answered = run_onnx(classifier_to_onnx(estimator, "test", SPREAD.shape[1]), SPREAD, "probabilities")[:, 1]
    np.testing.assert_allclose(answered, predict(estimator, SPREAD), atol=1e-5)


def test_lifetime_onnx_answers_as_scikit_learn(lifetime, exported):
    answers = exported["lifetime"].answers(lifetime.held_out)
    answered = np.stack([answers["years"], answers["margin"]], axis=1)
    np.testing.assert_allclose(answered, predict_lifetime(lifetime.estimator, lifetime.held_out), rtol=1e-5, atol=1e-5)


def test_lifetime_is_never_below_zero(lifetime, exported):
    """Whatever comes in, and also where the trees alone would say less than nothing."""
    wild = np.random.default_rng(3).normal(0, 1_000, (2_000, lifetime.held_out.shape[1])).astype(np.float32)
    assert min(values.min() for values in exported["lifetime"].answers(wild).values()) >= 0
    negative = MultiOutputRegressor(lifetime.estimator.estimator).fit(wild[:, :5], -1 - np.abs(wild[:, 5:7]))
    assert (negative.predict(wild[:, :5]) < 0).any()
    assert run_onnx(regressor_to_onnx(negative, "test", 5), wild[:, :5], "estimates").min() == 0
