"""
Make the bundled prior: the model of a store whose own orders are not known yet.

    python models/prior/make.py 2026-11-21

Writes runtime.json and card.json beside this file; the runtime document depends on
nothing but nextorder.training.prior.
"""

import json
import platform
import sys
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import scipy

from nextorder.scoring.model import StoreModel, canonical
from nextorder.training.fit import fit_store_model
from nextorder.training.prior import SHIPPED
from nextorder.training.window import model_close

HERE = Path(__file__).parent
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
"""Without orders a fit does not depend on its moment."""
SOURCES = [
    (
        "Means and deviations of log r, log(alpha / median gap), log a, log b: median and spread of the "
        "maximum-likelihood MBG/NBD fits of nine stores (CDNOW, Online Retail II, a beauty shop, Ta-Feng, "
        "Complete Journey, a simulated apparel shop, a grocer, vending machines, a retail chain)."
    ),
    (
        "Median gap: the median of the nine, 31 days; with it four of five second orders within a year come "
        "within about 153 days, which agrees with the 150 days that trade experience gives."
    ),
    (
        "Drift: root mean square errors of past forecasts of CDNOW and Online Retail II (UCI, CC BY 4.0), "
        "six origins each."
    ),
    "Clock: flat. Spend: a mean order day of 60.00 in the shop's currency, wide priors of Gamma-Gamma.",
]


def runtime_document() -> bytes:
    """Return the runtime document's bytes; the same on every machine."""
    return canonical(prior_model().to_document()) + b"\n"


def prior_model() -> StoreModel:
    """Fit no orders at all: what remains is the prior."""
    return fit_store_model({}, NO_MOMENT, ZoneInfo("UTC"))


def card(document: bytes, made_on: date) -> dict[str, object]:
    """Describe the document: what it is, where it comes from, and its hash."""
    model = prior_model()
    return {
        "name": model.name,
        "sha256": sha256(document).hexdigest(),
        "what": "MBG/NBD and Gamma-Gamma of a store without history; used until a store's first fit",
        "made_by": "models/prior/make.py",
        "made_on": made_on.isoformat(),
        "sources": SOURCES,
        "window_days": round(model_close(model.r, model.alpha), 1),
        "median_gap_days": SHIPPED.gap_days,
        "libraries": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "pandas": pd.__version__,
        },
    }


def main(made_on: str) -> None:
    """Write both files."""
    document = runtime_document()
    (HERE / "runtime.json").write_bytes(document)
    text = json.dumps(card(document, date.fromisoformat(made_on)), indent=2)
    (HERE / "card.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
