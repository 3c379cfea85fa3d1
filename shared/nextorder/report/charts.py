"""Draw pictures: one function a picture's key, once for a desktop and paper and once for a telephone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import vl_convert

from nextorder.report import charts_coming_back, charts_newcomers, charts_people, charts_trust, charts_worth
from nextorder.report.charts_canvas import FONT, FONT_SIZE, Canvas, Chart, Draw, dressed
from nextorder.report.page import Picture
from nextorder.report.palette import in_light

DRAWS: Final[Mapping[str, Draw]] = {
    "cohorts": charts_coming_back.cohorts,
    "second_order": charts_coming_back.second_order,
    "gaps": charts_coming_back.gaps,
    "rfm": charts_people.rfm,
    "sizes": charts_people.sizes,
    "moves": charts_people.moves,
    "timeline": charts_people.timeline,
    "clv": charts_worth.clv,
    "first_orders": charts_newcomers.first_orders,
    "acquisition": charts_newcomers.acquisition,
    "hypotheses": charts_newcomers.hypotheses,
    "calibration": charts_trust.calibration,
    "lift": charts_trust.lift,
    "said": charts_trust.said,
}

_INHERITED: Final = {"font-family": FONT, "font-size": f"{FONT_SIZE}px"}
"""Told once for a whole drawing."""
_NEEDLESS: Final = re.compile(
    r'<path [^>]*opacity="0"[^>]*/>| (?:class|role|aria-[a-z]+|pointer-events)="[^"]*"'
    r'| (?:opacity|stroke-width)="1"|' + "|".join(f' {name}="{value}"' for name, value in _INHERITED.items())
)
"""Half of a drawing's length: what is for the pointer, what is so anyway, what can be told once."""
_PLACES: Final = re.compile(r' (?:d|transform)="[^"]*"')
_FRACTION: Final = re.compile(r"(\.\d)\d+")
"""A tenth of a pixel is seen by nobody."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing of a picture, and what the browser needs to answer the pointer."""

    svg: str
    """Its colours are the page's."""
    specification: Mapping[str, Any]

    @property
    def alone(self) -> str:
        """The picture as it leaves the page: in the colours of paper."""
        return in_light(self.svg)


@dataclass(frozen=True, slots=True)
class Drawings:
    """A picture for both widths."""

    wide: Drawing
    narrow: Drawing


def draw(picture: Picture, currency: str) -> Drawings | None:
    """Draw a picture; None where its rows leave nothing to draw, or none has been thought of for its key."""
    make = DRAWS.get(picture.key)
    if not make or not picture.rows:
        return None
    wide, narrow = (make(Canvas(picture, currency, is_narrow=is_narrow)) for is_narrow in (False, True))
    return None if wide is None or narrow is None else Drawings(wide=_drawn(wide), narrow=_drawn(narrow))


def _drawn(chart: Chart) -> Drawing:
    specification = dressed(chart)
    return Drawing(svg=_slim(vl_convert.vegalite_to_svg(specification)), specification=specification)


def _slim(svg: str) -> str:
    shorter = _PLACES.sub(lambda place: _FRACTION.sub(r"\1", place[0]), _NEEDLESS.sub("", svg))
    told = " ".join(f'{name}="{value}"' for name, value in _INHERITED.items())
    return shorter.replace("<svg ", f"<svg {told} ", 1)


def bundle(script: str) -> str:
    """Return a script together with the libraries that it draws with, as one module without imports."""
    return str(vl_convert.javascript_bundle(script))
