"""The bundled prior is what its card says, and can be made again."""

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from nextorder.scoring.model import StoreModel, load_verified
from nextorder.training.prior import SHIPPED

PRIOR = Path(__file__).parents[2] / "models" / "prior"
DOCUMENT = (PRIOR / "runtime.json").read_bytes()
CARD = (PRIOR / "card.json").read_bytes()


def the_maker() -> ModuleType:
    spec = spec_from_file_location("make_prior", PRIOR / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_shipped_prior_loads_and_bears_the_name_on_its_card() -> None:
    model = load_verified(DOCUMENT, CARD)

    assert model.name == json.loads(CARD)["name"]
    assert set(model.drift) == set(SHIPPED.drift)


def test_making_the_prior_again_gives_the_same_bytes() -> None:
    assert the_maker().runtime_document() == DOCUMENT


def test_a_document_that_is_not_the_cards_is_refused() -> None:
    with pytest.raises(ValueError, match="its card says"):
        load_verified(DOCUMENT.replace(b'"group":200', b'"group":201'), CARD)


def test_a_number_changed_together_with_its_card_still_betrays_itself_by_name() -> None:
    altered = json.loads(DOCUMENT) | {"r": 9.0}

    with pytest.raises(ValueError, match="its content says"):
        StoreModel.from_document(altered)


def test_the_priors_window_is_near_the_150_days_of_trade_experience() -> None:
    assert json.loads(CARD)["window_days"] == pytest.approx(150, abs=5)
