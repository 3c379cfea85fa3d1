"""Write the page as one HTML file that needs nothing else: no server, no network, no script to be read."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from gzip import compress
from hashlib import sha256
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from nextorder.domain.audit import Light
from nextorder.report.charts import Drawings, bundle, draw
from nextorder.report.page import Column, Figure, Page, Picture
from nextorder.report.palette import variables
from nextorder.report.words import number, of_unit
from nextorder.report.written import Cell, as_csv, day, estimate, headings, lines, moment

SECTIONS: Final = (
    ("coming-back", "Coming back", ("cohorts", "second_order", "gaps")),
    ("who", "Who they are", ("rfm", "sizes", "moves", "timeline")),
    ("worth", "What they are worth", ("clv",)),
    ("new", "New customers", ("first_orders", "acquisition", "hypotheses")),
    ("trust", "Can the numbers be trusted?", ("calibration", "lift", "said")),
)
"""Where a picture stands, by its key; one that is not named here stands with the last."""
OPEN: Final = frozenset({"hypotheses"})
"""Pictures whose table is what they say: it is open from the start."""
LIGHTS: Final = {
    Light.GREEN: ("fine", "●", "in order"),
    Light.YELLOW: ("watch", "▲", "worth a look"),
    Light.RED: ("mend", "■", "to be mended"),
}
"""Class, shape and word: the colour only repeats them."""
_CODE: Final = re.compile(r"`([^`]+)`")
_UNIT: Final = re.compile(r"(?<=\d) (?=%|[A-Z]{3}\b)")
"""Between a number and its unit no line ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigure:
    """One of the five figures in writing."""

    title: str
    value: str
    unit: str
    range: str
    before: str
    before_range: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """A picture with its drawings and its table in writing."""

    picture: Picture
    drawings: Drawings | None
    columns: Sequence[Column]
    lines: Sequence[Sequence[Cell]]
    csv: str
    """Where its numbers can be saved from."""
    svg: str
    """Where the picture can be saved from."""


def render(page: Page) -> str:
    """
    Return the page as HTML: it can be opened from a disk, printed and read without its script.

    Every word of a shop's (a product, a category) is escaped. The page's own policy lets run
    and style nothing but what is written here, and load nothing at all.
    """
    shown = [_picture(picture, page.currency) for picture in page.pictures]
    style, script = f"{_style()}{_labels(shown)}", _script()
    to_see = [one for one in page.findings if one.light is not Light.GREEN]
    here = page.as_of.astimezone(ZoneInfo(page.timezone))
    return _template().render(
        page=page,
        when=moment(here),
        day=day(here.isoformat()),
        figures=[_figure(figure, page.currency) for figure in page.figures],
        sections=list(_sections(shown)),
        to_see=sorted(to_see, key=lambda one: -list(LIGHTS).index(one.light)),
        in_order=[one for one in page.findings if one.light is Light.GREEN],
        lights=LIGHTS,
        open=OPEN,
        drawings=_drawings(shown),
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours, and the libraries'
        policy=_policy(style, script),
    )


def _figure(figure: Figure, currency: str) -> ShownFigure:
    value, range_ = estimate(figure.now, figure.kind, currency) if figure.now else ("", "")
    before, before_range = estimate(figure.before, figure.kind, currency) if figure.before else ("", "")
    number_, _, unit = value.partition(" ")
    return ShownFigure(
        title=figure.title,
        value=number_,
        unit=unit,
        range=range_,
        before=before,
        before_range=before_range,
        says=figure.says,
    )


def _picture(picture: Picture, currency: str) -> ShownPicture:
    drawings = draw(picture, currency)
    return ShownPicture(
        picture=picture,
        drawings=drawings,
        columns=headings(picture),
        lines=tuple(lines(picture, currency)),
        # NOTE: without the mark at its start Excel takes UTF-8 for the machine's own letters
        csv=_link("text/csv;charset=utf-8", f"\ufeff{as_csv(picture, currency)}"),
        svg=_link("image/svg+xml", drawings.wide.alone) if drawings else "",
    )


def _sections(shown: Sequence[ShownPicture]) -> Iterator[tuple[str, str, Sequence[ShownPicture]]]:
    places = {key: name for name, _, keys in SECTIONS for key in keys}
    for name, title, _ in SECTIONS:
        if some := [one for one in shown if places.get(one.picture.key, SECTIONS[-1][0]) == name]:
            yield name, title, some


def _drawings(shown: Sequence[ShownPicture]) -> str:
    """Return what the script draws from, a tenth of its length; both widths share their rows."""
    told = {one.picture.key: _both(one.drawings) for one in shown if one.drawings}
    return b64encode(compress(json.dumps(told).encode(), mtime=0)).decode()


def _both(drawings: Drawings) -> dict[str, object]:
    both = {name: dict(getattr(drawings, name).specification) for name in ("wide", "narrow")}
    datasets: dict[str, object] = {}
    for specification in both.values():
        datasets |= specification.pop("datasets", {})
    return {**both, "datasets": datasets}


def _link(kind: str, text: str) -> str:
    return f"data:{kind};base64,{b64encode(text.encode()).decode()}"


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _style() -> str:
    light, dark = variables(dark=False), variables(dark=True)
    in_dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{{light}}}{in_dark}{_read('style.css')}"


def _labels(shown: Sequence[ShownPicture]) -> str:
    """Return the rules that write each column's name before its values where a row is a card."""
    rules = (
        f"#{one.picture.key} td:nth-child({place})::before{{content:{_quoted(column.label)}}}"
        for one in shown
        for place, column in enumerate(one.columns, start=1)
    )
    return f"@media screen and (max-width:640px){{{''.join(rules)}}}"


def _quoted(text: str) -> str:
    """Return a text as CSS has it; nothing in it can end the element that it stands in."""
    return json.dumps(text, ensure_ascii=False).replace("<", r"\3c ")


@cache
def _script() -> str:
    """Return the script with its libraries: a second to make, megabytes to keep, the same for every page."""
    return bundle(_read("page.js"))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"code": _code, "number": number, "of_unit": of_unit, "unbroken": _unbroken}
    return environment.get_template("page.html")


def _read(name: str) -> str:
    return files("nextorder.report").joinpath(name).read_text("utf-8")


def _unbroken(text: str) -> str:
    return _UNIT.sub("\u00a0", text)


def _code(text: str) -> Markup:
    """Set off what stands between backticks, as a command does."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped
