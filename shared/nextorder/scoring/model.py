"""A store's model: a few parameters, one document, one name that is the hash of its content."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from nextorder.scoring.correction import Correction

HOURS_A_WEEK = 168
NAME_LENGTH = 12
SPEND_BANDS = (0.1, 0.5, 2.0)
"""Bounds of the bands of expected spend, in the store's mean order days."""
USUAL_LEVELS = ((0.1, 0.9),) * (len(SPEND_BANDS) + 1)
PARAMETERS = ("r", "alpha", "a", "b", "p", "q", "v")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreModel:
    """
    What a fit leaves behind; symbols as in the papers.

    Ordering follows MBG/NBD (Batislam, Denizel and Filiztekin, "Empirical validation
    and comparison of models for customer base analysis", IJRM 24(3), 2007): while
    active a customer orders at a rate of her own, Gamma(r, alpha) across customers, and
    after every order day, the first one included, she leaves with a probability of her
    own, Beta(a, b). Net revenue per order day follows Gamma-Gamma (Fader and Hardie,
    "The Gamma-Gamma Model of Monetary Value", 2013).
    """

    name: str
    r: float
    alpha: float
    """In days."""
    a: float
    b: float
    p: float
    q: float
    """Above 1: below it the mean spend would be infinite."""
    v: float
    """In minor units of the shop's currency."""
    clock: tuple[float, ...]
    """Relative order intensity of each hour of the week, mean 1, Monday 00:00 shop-local first."""
    drift: Mapping[str, float]
    """Standard deviation of past forecasts' logit error; key = horizon in days as text."""
    value_drift: float
    """The same for the log of mean spend."""
    group: int = 200
    """Customers whose average an interval of a probability speaks of."""
    spend_levels: tuple[tuple[float, float], ...] = USUAL_LEVELS
    """By band: the levels of own spend between which 80 of 100 past outcomes lay."""
    correction: Correction | None = None
    """None where MBG/NBD alone forecast the store's past better."""

    @classmethod
    def of(cls, **content: Any) -> "StoreModel":
        """Make a model that is named by its content; raises ValueError on values no model can have."""
        model = cls(name="", **content)
        _check(model)
        return cls(name=_name_of(model.to_document()), **content)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "StoreModel":
        """Read what `to_document` wrote; raises ValueError when anything is missing, odd or altered."""
        content = _content(document)
        model = cls.of(**content)
        if document.get("name") != model.name:
            raise ValueError(
                f"store model is named {document.get('name')!r}, its content says {model.name!r}"
            )
        return model

    def to_document(self) -> dict[str, Any]:
        """Return the model as JSON values; equal models give equal documents."""
        document = {field.name: getattr(self, field.name) for field in fields(self)}
        document |= {
            "clock": list(self.clock),
            "drift": dict(sorted(self.drift.items())),
            "spend_levels": [list(levels) for levels in self.spend_levels],
            "correction": self.correction.to_document() if self.correction else None,
        }
        absent = [key for key in ("spend_levels", "correction") if getattr(self, key) == _DEFAULTS[key]]
        return {key: value for key, value in document.items() if key not in absent}


_DEFAULTS = {field.name: field.default for field in fields(StoreModel)}


def load_verified(document_bytes: bytes, card_bytes: bytes) -> StoreModel:
    """
    Read a bundled model after checking it against the hash on its card.

    Raises:
        ValueError: The document is not the one the card describes, or either is unreadable.
    """
    expected = json.loads(card_bytes).get("sha256")
    found = sha256(document_bytes).hexdigest()
    if found != expected:
        raise ValueError(f"model document has sha256 {found}, its card says {expected}")
    return StoreModel.from_document(json.loads(document_bytes))


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a document that hashes are taken of."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _name_of(document: Mapping[str, Any]) -> str:
    unnamed = {key: value for key, value in document.items() if key != "name"}
    return sha256(canonical(unnamed)).hexdigest()[:NAME_LENGTH]


def _content(document: Mapping[str, Any]) -> dict[str, Any]:
    corrected = document.get("correction")
    try:
        return {
            **{key: float(document[key]) for key in (*PARAMETERS, "value_drift")},
            "clock": tuple(float(hour) for hour in document["clock"]),
            "drift": {str(key): float(sd) for key, sd in document["drift"].items()},
            "group": int(document["group"]),
            "spend_levels": tuple(
                (float(low), float(high)) for low, high in document.get("spend_levels", USUAL_LEVELS)
            ),
            "correction": Correction.from_document(corrected) if corrected else None,
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"store model is incomplete: {error}") from error


def _check(model: StoreModel) -> None:
    for key in PARAMETERS:
        _require(_is_positive(getattr(model, key)), f"{key} must be positive and finite")
    _require(model.q > 1, "q must be above 1, else the mean spend is infinite")
    _require(len(model.clock) == HOURS_A_WEEK, f"clock must have {HOURS_A_WEEK} hours")
    _require(all(map(_is_positive, model.clock)), "clock must be positive in every hour")
    _require(math.isclose(sum(model.clock), HOURS_A_WEEK, rel_tol=1e-6), "clock must have mean 1")
    _require(bool(model.drift) and all(map(_is_positive, model.drift.values())), "drift must be positive")
    _require(all(_is_positive(_days(key)) for key in model.drift), "drift is keyed by days")
    _require(_is_positive(model.value_drift), "value_drift must be positive")
    _require(len(model.spend_levels) == len(USUAL_LEVELS), "spend_levels are one pair a band")
    inside = all(0 < low < high < 1 for low, high in model.spend_levels)
    _require(inside, "spend_levels must rise between 0 and 1")
    _require(model.group >= 1, "group must be at least 1")


def _days(key: str) -> float:
    try:
        return float(key)
    except ValueError:
        return math.nan


def _is_positive(number: float) -> bool:
    return math.isfinite(number) and number > 0


def _require(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise ValueError(f"store model: {message}")
