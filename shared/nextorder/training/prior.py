"""What is believed of a store before its own orders speak."""

from dataclasses import dataclass, field

from nextorder.scoring.predict import HORIZONS

USUAL_DRIFT = (0.40, 0.32, 0.30, 0.33, 0.38, 0.48, 0.60)
"""Root mean square logit error of past forecasts by horizon, over the past origins of two stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """
    Normal priors of log r, log(alpha / median gap), log a and log b, and weak ones of the rest.

    Means and deviations are the median and the spread of the four over nine stores'
    full histories (CD shop, gift e-tailer, beauty, groceries, department store, apparel,
    vending, chain retail); see models/prior/card.json.
    """

    log_mean: tuple[float, float, float, float] = (0.171, 1.136, -1.091, 0.709)
    log_sd: tuple[float, float, float, float] = (1.09, 0.89, 1.25, 1.34)
    gap_days: float = 31.0
    """Median gap between order days of a store nothing is known of: the median of the nine."""
    gap_weight: float = 5.0
    """Gaps that `gap_days` counts for beside the store's own."""
    spend_log_mean: tuple[float, float] = (1.0, 1.0)
    """Of log p and log(q - 1) of Gamma-Gamma."""
    spend_log_sd: float = 1.0
    spend_minor: float = 6_000.0
    """Mean net revenue of an order day where none is known, minor units."""
    drift: dict[str, float] = field(default_factory=lambda: dict(zip(HORIZONS, USUAL_DRIFT, strict=True)))
    value_drift: float = 0.4
    drift_weight: float = 2.0
    """Past origins that the prior drift counts for."""


SHIPPED = Prior()
