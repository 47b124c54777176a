"""Calibration: rising, within 0 and 1, and only where it pays."""

import numpy as np
import pytest

from training.measures import (
    calibrate,
    deciles,
    fit_isotonic,
    quality,
    worthwhile_isotonic,
)

RNG = np.random.default_rng(9)
TRUTH = RNG.beta(1, 8, 40_000)
ACCEPTED = RNG.random(len(TRUTH)) < TRUTH


def test_points_rise_from_0_to_1():
    points = np.array(fit_isotonic(np.sqrt(TRUTH), ACCEPTED))
    assert 3 <= len(points) <= 16
    assert (np.diff(points[:, 0]) > 0).all() and (np.diff(points[:, 1]) >= 0).all()
    assert points.min() >= 0 and points.max() <= 1 and points[0, 0] == 0 and points[-1, 0] == 1


def test_distorted_probabilities_are_put_right():
    points = worthwhile_isotonic(np.sqrt(TRUTH), ACCEPTED)
    assert points is not None
    calibrated = calibrate(points, np.sqrt(TRUTH))
    assert np.abs(calibrated - TRUTH).mean() < 0.02
    assert quality(ACCEPTED, calibrated).log_loss < quality(ACCEPTED, np.sqrt(TRUTH)).log_loss


def test_good_probabilities_are_left_alone():
    assert worthwhile_isotonic(TRUTH, ACCEPTED) is None
    np.testing.assert_array_equal(calibrate(None, TRUTH), TRUTH)


@pytest.mark.parametrize(("raw", "expected"), [(-1, 0), (0, 0), (0.05, 0.03), (0.1, 0.06), (0.55, 0.23), (1, 0.4), (2, 0.4)])
def test_straight_lines_between_points(raw, expected):
    assert calibrate([(0, 0), (0.1, 0.06), (1, 0.4)], np.array([raw]))[0] == pytest.approx(expected)


def test_deciles_ascend():
    rows = deciles(ACCEPTED, TRUTH, TRUTH)
    assert len(rows) == 10
    assert [predicted for predicted, _, _ in rows] == sorted(predicted for predicted, _, _ in rows)
