"""Write the merchant's page of one shop; then draw it and tell the merchant where it lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.judged import Judged
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Shop
from nextorder.ports import Census, Shops
from nextorder.ports.judging import Judgements
from nextorder.ports.reports import Shelf, Titles
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.draw_everyone import draw_everyone
from nextorder.use_cases.train import SAMPLED_ABOVE

PAGE: Final = "page.json"
"""What a page is drawn from."""
HTML: Final = "page.html"
LINK_HOLDS: Final = timedelta(hours=12)

Writer = Callable[[Shop, Catalogue, StoreModel, Drawn, Sequence[Judged], datetime], Mapping[str, bytes]]
"""Returns the page's files by name; none = nobody has ordered yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a page is written from, with and to."""

    census: Census
    goods: Titles
    shops: Shops
    judgements: Judgements
    shelf: Shelf
    write: Writer
    """The arithmetic; its libraries are not on the online path."""
    draw: Callable[[str, str], None]
    """Has the page of a shop and day drawn, by and by."""


def write_report(shop: Shop, *, desk: Desk, as_of: datetime) -> str:
    """
    Write the page as of a moment and have it drawn; safe to repeat.

    Returns:
        The day that it lies by; empty where nobody has ordered yet.
    """
    drawn = replace(draw_everyone(shop.id, desk.census, SAMPLED_ABOVE), titles=desk.goods.titles(shop.id))
    judgement = desk.judgements.load(shop.id)
    judged = judgement.windows if judgement else ()
    files = desk.write(shop, desk.shops.catalogue(shop), desk.shops.model(shop), drawn, judged, as_of)
    if not files:
        return ""
    day = f"{as_of:%Y-%m-%d}"
    desk.shelf.keep(shop.id, day, files)
    desk.draw(shop.id, day)
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawn page and the mail that brings it."""

    html: bytes
    subject: str
    message: Callable[[str, datetime], str]
    """By the link, and until when it holds at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What a page is drawn from, with and to."""

    shelf: Shelf
    draw: Callable[[bytes], Drawing]
    """From the page as it was written; its libraries are not on the online path."""
    tell: Callable[[str, str], None]
    """Sends the merchant a subject and a message."""


def draw_report(shop: str, day: str, *, studio: Studio, as_of: datetime) -> None:
    """Draw the page that lies by a day, then tell of it; repeated, it is told of again."""
    drawing = studio.draw(studio.shelf.read(shop, day, PAGE))
    studio.shelf.keep(shop, day, {HTML: drawing.html})
    link = studio.shelf.link(shop, day, HTML, LINK_HOLDS)
    studio.tell(drawing.subject, drawing.message(link, as_of + LINK_HOLDS))
