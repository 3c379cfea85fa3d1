"""The figures that the papers print for CDNOW come out of our code."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from nextorder.training.order_fit import fit_orders
from nextorder.training.spend_fit import fit_spend
from nextorder.training.table import Floats, Summary
from tests.models.cdnow import published_summary


def bg_nbd_log_likelihood(theta: Floats, data: Summary) -> float:
    """
    Return the log-likelihood of Fader, Hardie and Lee, "Counting Your Customers the Easy
    Way", Marketing Science 24(2), 2005, equation 6; the product uses MBG/NBD instead.
    """
    r, alpha, a, b = np.exp(theta)
    x = data.x
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + data.tenure)
    left = np.where(
        x > 0,
        betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + data.t_x),
        -np.inf,
    )
    return float((common + np.logaddexp(stays, left)).sum())


def test_bg_nbd_of_cdnow_has_the_published_parameters_and_likelihood() -> None:
    data = published_summary()

    found = minimize(lambda theta: -bg_nbd_log_likelihood(theta, data), np.zeros(4), method="L-BFGS-B")

    assert np.exp(found.x) == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=2e-3)
    assert -found.fun == pytest.approx(-9582.4, abs=0.05)


def test_mbg_nbd_of_cdnow_has_the_known_parameters() -> None:
    fitted = fit_orders(published_summary(), gap_days=1.0, prior=None)

    assert fitted == pytest.approx((0.525, 6.183, 0.891, 1.614), abs=1e-3)


def test_gamma_gamma_of_cdnow_has_the_published_parameters() -> None:
    fitted = fit_spend(published_summary(), prior=None, least_days=1)

    assert fitted == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
