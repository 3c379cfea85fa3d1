"""Put the page together: figures, one suggestion, pictures in their order, the audit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from nextorder.domain.model_card import LEAST_SECOND_ORDERS
from nextorder.report.acquisition import acquisition
from nextorder.report.calibration import calibration
from nextorder.report.clv import clv
from nextorder.report.cohorts import cohorts
from nextorder.report.figures import figures
from nextorder.report.first_orders import first_orders
from nextorder.report.gaps import gaps
from nextorder.report.hypotheses import hypotheses
from nextorder.report.lift import lift
from nextorder.report.moves import moves
from nextorder.report.page import Figure, Page, Picture
from nextorder.report.rfm import rfm
from nextorder.report.said import said
from nextorder.report.second_order import second_order
from nextorder.report.sizes import sizes
from nextorder.report.store import Store
from nextorder.report.suggestion import suggestion
from nextorder.report.timeline import timeline
from nextorder.report.words import counted, number

PICTURES: Final[Sequence[Callable[[Store], Picture]]] = (
    cohorts,
    second_order,
    gaps,
    rfm,
    sizes,
    moves,
    timeline,
    clv,
    first_orders,
    acquisition,
    hypotheses,
    calibration,
    lift,
    said,
)
OF_PEOPLE: Final = frozenset(
    {"rfm", "moves", "timeline", "clv", "first_orders", "acquisition", "hypotheses", "profit_ahead"}
)
"""What ranks people or foretells what they will do, by key; the others say themselves what they wait for."""
WAITS: Final = f"It is told as soon as a fit has seen {LEAST_SECOND_ORDERS} customers who have ordered again."


def page_of(store: Store) -> Page:
    """
    Say all that there is to say of a store at its moment.

    With too few second orders nothing is said that ranks or foretells people: a model that was
    fitted to other stores cannot tell these apart. Life and hold are left, as of the tags.
    """
    too_few = _too_few(store)
    if too_few:
        store = _unranked(store)
    return Page(
        shop=store.shop.id,
        currency=store.shop.currency,
        timezone=store.shop.timezone,
        as_of=store.as_of,
        model=store.told.model.name,
        customers=round(len(store.told.names) / store.share),
        sampled=len(store.told.names) if store.share < 1 else 0,
        too_few=too_few,
        figures=tuple(_figure(one, too_few) for one in figures(store)),
        suggestion=suggestion(store),
        pictures=tuple(_picture(draw(store), too_few) for draw in PICTURES),
        findings=tuple(store.findings),
    )


def _too_few(store: Store) -> str:
    found, fitted = store.told.second_orders, store.shop.numbers.second_orders
    if min(found, fitted) >= LEAST_SECOND_ORDERS:
        return ""
    if found >= LEAST_SECOND_ORDERS:
        return (
            f"People are ranked from the next fit on: by the last fit {counted(fitted, 'customer')} had "
            f"ordered again, and it takes {LEAST_SECOND_ORDERS}."
        )
    came = "1 customer has" if found == 1 else f"{number(found)} customers have"
    return (
        f"There are too few orders to rank people: {came} ordered again, and it takes {LEAST_SECOND_ORDERS}."
    )


def _unranked(store: Store) -> Store:
    """Let no rule rank anybody, also where the last fit had seen more second orders than there are now."""
    numbers = store.shop.numbers
    fewest = min(store.told.second_orders, numbers.second_orders)
    return replace(store, shop=replace(store.shop, numbers=replace(numbers, second_orders=fewest)))


def _figure(figure: Figure, too_few: str) -> Figure:
    if not too_few or figure.key not in OF_PEOPLE:
        return figure
    return replace(figure, now=None, before=None, says=WAITS)


def _picture(picture: Picture, too_few: str) -> Picture:
    if not too_few or picture.key not in OF_PEOPLE:
        return picture
    return replace(picture, rows=(), says=WAITS)
