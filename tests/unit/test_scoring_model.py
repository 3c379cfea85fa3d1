"""A store model and its document."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from nextorder.scoring.model import StoreModel, canonical
from tests.unit.scoring_cases import FLAT, a_model, models


@given(models)
def test_a_model_survives_its_document(model: StoreModel) -> None:
    assert StoreModel.from_document(json.loads(canonical(model.to_document()))) == model


def test_the_name_follows_the_content_and_nothing_else() -> None:
    assert a_model().name == a_model().name
    assert a_model().name != a_model(r=0.5250001).name
    assert len(a_model().name) == 12
    assert a_model(drift={"5": 0.2, "30": 0.3}).name == a_model(drift={"30": 0.3, "5": 0.2}).name


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"r": 0.0}, "r must be positive"),
        ({"alpha": float("nan")}, "alpha must be positive"),
        ({"q": 1.0}, "mean spend is infinite"),
        ({"clock": FLAT[1:]}, "168 hours"),
        ({"clock": (0.0, 2.0, *FLAT[2:])}, "positive in every hour"),
        ({"clock": (5.0, *FLAT[1:])}, "mean 1"),
        ({"drift": {}}, "drift must be positive"),
        ({"drift": {"soon": 0.3}}, "keyed by days"),
        ({"value_drift": -1.0}, "value_drift"),
        ({"group": 0}, "group"),
    ],
)
def test_values_that_no_model_can_have_are_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        a_model(**change)


@pytest.mark.parametrize("key", ["r", "clock", "drift", "group", "value_drift"])
def test_an_incomplete_document_is_refused(key: str) -> None:
    document = a_model().to_document()
    del document[key]

    with pytest.raises(ValueError, match="incomplete"):
        StoreModel.from_document(document)


def test_a_document_under_a_wrong_name_is_refused() -> None:
    renamed = replace(a_model(), name="0123456789ab")

    with pytest.raises(ValueError, match="its content says"):
        StoreModel.from_document(renamed.to_document())
