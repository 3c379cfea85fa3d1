"""On a real store every chance that is published is the sum of what `why` says moved it."""

import math

import pytest

from nextorder.domain.buyer import Buyer
from nextorder.scoring.predict import HORIZONS, forecast
from nextorder.scoring.why import why
from tests.models.year_cases import NOW, sample_store

SOME = 60
"""Every so manieth customer is taken apart."""


@pytest.mark.parametrize("horizon", HORIZONS)
def test_the_parts_sum_to_the_published_chance_on_the_log_odds(horizon: str) -> None:
    store = sample_store()
    numbers, model = store.shop.numbers, store.model
    looked_at = 0

    for customer in sorted(store.facts)[::SOME]:
        features = store.features(customer, NOW)
        if not features.order_days or features.withheld:
            continue
        history = Buyer(features=features, shop=store.shop, model=model).history(features.as_of)
        told = forecast(model, history, as_of=features.as_of, zone=store.shop.zone).p_order[horizon].value
        apart = why(
            model,
            history,
            float(horizon),
            as_of=features.as_of,
            zone=store.shop.zone,
            average=numbers.base[horizon],
        )
        total = math.log(apart.average / (1 - apart.average)) + sum(one.log_odds for one in apart.parts)
        assert 1 / (1 + math.exp(-total)) == pytest.approx(told, abs=1e-9)
        assert apart.chance == pytest.approx(told, abs=1e-12)
        assert {one.stage for one in apart.parts} == {"base", "clock", "correction"}
        looked_at += 1

    assert looked_at > 40
    assert model.correction is not None
