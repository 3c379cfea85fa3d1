"""Every destination while a shop goes live: properties before anything else, a pause, a step back."""

from dataclasses import replace

from nextorder.domain.going_live import GoingLive, Step
from nextorder.domain.shop import Shop
from nextorder.use_cases.publication import Publisher
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.contract import SINCE, VERDICT, Case
from tests.adapters.destinations.test_through_the_publisher import Life
from tests.fakes.in_memory import InMemoryShops
from tests.unit.shop_cases import MODEL

EARLY = replace(SHOP, going_live=GoingLive(step=Step.PROPERTIES, share=100))


def as_of_shop(life: Life, shop: Shop, *, takes_off: bool = False) -> Publisher:
    shops = InMemoryShops(prior=MODEL, shops={SHOP.id: shop})
    return replace(life.publisher, shops=shops, takes_off=takes_off)


def run(life: Life, shop: Shop, *, takes_off: bool = False) -> None:
    publish_bulk(SHOP.id, publisher=as_of_shop(life, shop, takes_off=takes_off), as_of=SINCE)


def audiences(life: Life) -> frozenset[str]:
    held = life.accepted.load(SHOP.id, life.anna.customer, life.case.destination.name)
    return held.audiences if held else frozenset()


def placed(case: Case) -> Life:
    """Return a life with a state that no publisher was told of yet."""
    life = Life(case)
    life.version = 1
    life.customers.states[SHOP.id, life.anna.customer] = life.state(VERDICT)
    return life


def test_a_first_sync_at_an_early_step_joins_no_audience_and_tells_nothing(case: Case) -> None:
    life = placed(case)

    run(life, EARLY)

    assert audiences(life) == frozenset()
    assert life.shown()[1] == []


def test_a_step_back_takes_off_what_the_step_let_out_and_only_when_asked(case: Case) -> None:
    life = placed(case)
    run(life, SHOP)
    stood = life.shown()
    joined = audiences(life)

    run(life, EARLY)
    assert life.shown() == stood
    run(life, EARLY, takes_off=True)

    assert audiences(life) == frozenset()
    assert (life.shown() == stood) is not bool(joined)


def test_a_pause_asks_the_platform_nothing(case: Case) -> None:
    life = placed(case)

    run(life, replace(SHOP, applied=False))

    assert case.requests == []
