"""The catalogue: which segments there are, their thresholds, and which of them are shown."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

from nextorder.domain.errors import BadSettings

MAX_ON = 20
MAX_TAG_CHARACTERS = 40

LIFE_BY_AGE = ("new", "second-window", "closing")
RISKS = ("cooling", "at-risk", "lost")
TIERS = ("platinum", "gold", "silver", "bronze")

_RANKS = ("clv_rank", "clv_rank_out")
_RISK = ("chance_kept", "refit_back")
THRESHOLDS: Mapping[str, tuple[str, ...]] = {
    "life:prospect": (),
    **{f"life:{value}": ("until_share_of_c",) for value in LIFE_BY_AGE},
    "life:missed": (),
    "life:repeat": (),
    "life:loyal": (),
    "life:champion": ("order_days", "chance_kept", "chance_kept_out", *_RANKS),
    "life:subscriber": (),
    **{f"risk:{value}": _RISK for value in RISKS},
    **{f"value:{value}": _RANKS for value in TIERS},
    "value:negative": ("order_days",),
    "hold": (),
}
"""Every segment that can be placed, and the numbers its table must give."""

_RISING = (
    tuple((f"life:{value}", "until_share_of_c") for value in LIFE_BY_AGE),
    tuple((f"value:{value}", "clv_rank") for value in TIERS),
    tuple((f"value:{value}", "clv_rank_out") for value in TIERS),
    tuple((f"risk:{value}", "chance_kept") for value in reversed(RISKS)),
)
_WORDS = ("meaning", "out", "flow", "rests_on")
_SWITCHES = ("on", "starter")
_DAYS = ("flow_days", "measured_days")
_OPTIONAL = ("internal", "floor", "rolls_up_into", *_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One segment as the catalogue declares it; the file's head explains each key."""

    name: str
    meaning: str
    out: str
    flow: str
    rests_on: str
    on: bool
    starter: bool
    internal: bool = False
    floor: bool = False
    rolls_up_into: str = ""
    flow_days: int = 7
    measured_days: int = 30
    thresholds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All entries by name (`family:value`, or `hold`)."""

    version: int
    entries: Mapping[str, Entry]

    def entry(self, name: str) -> Entry | None:
        """Return what is declared of a segment: by its name, else for all of its family, as `love:*`."""
        return self.entries.get(name) or self.entries.get(f"{name.partition(':')[0]}:*")

    def on(self, name: str) -> bool:
        """Whether the segment is shown; an unknown one never is."""
        entry = self.entry(name)
        return entry is not None and entry.on

    def threshold(self, name: str, key: str) -> float:
        """Return a number that the parser has made sure of."""
        return self.entries[name].thresholds[key]

    @property
    def clv_shares(self) -> tuple[float, ...]:
        """The top shares of active customers for which a fit freezes `clv_ranks`."""
        return tuple(
            sorted(
                {e.thresholds[key] for e in self.entries.values() for key in _RANKS if key in e.thresholds}
            )
        )

    def with_on(self, names: Iterable[str] | Literal["all"]) -> "Catalogue":
        """Switch exactly these on, and hold; "all" leaves out the internal ones. Raises BadSettings."""
        if names == "all":
            chosen = {entry.name for entry in self.entries.values() if not entry.internal}
        else:
            chosen = {*names, "hold"}
        if unknown := sorted(chosen - set(self.entries)):
            raise BadSettings(f"catalogue: no segment is called {', '.join(unknown)}")
        return _checked(
            replace(self, entries={n: replace(e, on=n in chosen) for n, e in self.entries.items()})
        )


class _Document:
    """The parsed text, able to say on which line something is wrong."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        try:
            self.tables: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as wrong:
            raise BadSettings(f"catalogue: {wrong}") from None

    def wrong(self, name: str, key: str, reason: str) -> BadSettings:
        """Name the line of the key, or of its table where the key is missing."""
        table = f"[{name.replace(':', '.')}"
        heads = (n for n, line in enumerate(self._lines, 1) if line.startswith((f"{table}]", f"{table}.")))
        head = next(heads, 0)
        for number, line in enumerate(self._lines[head:], head + 1):
            if line.startswith("["):
                break
            if key and line.split("=")[0].strip() == key:
                return BadSettings(f"catalogue line {number}: {name}.{key}: {reason}")
        where = f"catalogue line {head}" if head else "catalogue"
        return BadSettings(f"{where}: {name}{'.' if name and key else ''}{key}: {reason}")


def parse_catalogue(text: str, *, prefix: str = "next:") -> Catalogue:
    """
    Read the catalogue file's text; `prefix` is the shop's, for the length of the tags.

    Raises:
        BadSettings: Something is wrong; the message names the line and the key.

    """
    document = _Document(text)
    version = document.tables.pop("version", None)
    if type(version) is not int or version < 1:
        raise document.wrong("", "version", "must be a whole number from 1")
    tables = _tables(document)
    if missing := sorted(set(THRESHOLDS) - set(tables)):
        raise document.wrong(missing[0], "", "is missing; switch it off instead")
    for name in tables:
        if len(prefix + name) > MAX_TAG_CHARACTERS:
            raise document.wrong(name, "", f"a tag has at most {MAX_TAG_CHARACTERS} characters")
    entries = {name: _entry(document, name, table) for name, table in tables.items()}
    _check_order(document, entries)
    return _checked(Catalogue(version=version, entries=entries))


def _tables(document: _Document) -> dict[str, dict[str, Any]]:
    families = {name.partition(":")[0] for name in THRESHOLDS}
    found: dict[str, dict[str, Any]] = {}
    for family, table in document.tables.items():
        if family not in families or not isinstance(table, dict):
            raise document.wrong(family, "", f"unknown family; known are {', '.join(sorted(families))}")
        values = {"hold": table} if family == "hold" else {f"{family}:{v}": t for v, t in table.items()}
        for name, value in values.items():
            if name not in THRESHOLDS or not isinstance(value, dict):
                raise document.wrong(name, "", "unknown value of this family")
        found |= values
    return found


def _entry(document: _Document, name: str, table: dict[str, Any]) -> Entry:
    required = (*_WORDS, *_SWITCHES, *THRESHOLDS[name])
    for key in table:
        if key not in required and key not in _OPTIONAL:
            raise document.wrong(name, key, "unknown key")
    for key in required:
        if key not in table:
            raise document.wrong(name, key, "is missing")
    for key, value in table.items():
        if reason := _fault(key, value):
            raise document.wrong(name, key, reason)
    if name == "hold" and not table["on"]:
        raise document.wrong(name, "on", "held-out customers are always marked")
    thresholds = {key: float(table[key]) for key in THRESHOLDS[name]}
    return Entry(name=name, thresholds=thresholds, **{k: v for k, v in table.items() if k not in thresholds})


def _fault(key: str, value: object) -> str:
    if key in (*_SWITCHES, "internal", "floor"):
        return "" if isinstance(value, bool) else "must be true or false"
    if key in _WORDS:
        return "" if isinstance(value, str) and value else "must be words"
    if key == "rolls_up_into":
        return "" if value in THRESHOLDS else "must name a segment"
    if key in (*_DAYS, "order_days"):
        return "" if type(value) is int and value >= 1 else "must be a whole number from 1"
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        return "must be a number above 0 and at most 1"
    return ""


def _check_order(document: _Document, entries: Mapping[str, Entry]) -> None:
    """A way out is never easier than its way in, and bands of one family do not cross."""
    for name, entry in entries.items():
        given = entry.thresholds
        if given.get("clv_rank_out", 1) < given.get("clv_rank", 0):
            raise document.wrong(name, "clv_rank_out", "must not be below clv_rank")
        if given.get("chance_kept_out", 0) > given.get("chance_kept", 1):
            raise document.wrong(name, "chance_kept_out", "must not be above chance_kept")
        if given.get("refit_back", 1) < given.get("chance_kept", 0):
            raise document.wrong(name, "refit_back", "must not be below chance_kept")
    for band in _RISING:
        for (lower, key), (upper, _) in pairwise(band):
            if entries[lower].thresholds[key] >= entries[upper].thresholds[key]:
                raise document.wrong(upper, key, f"must be above that of {lower}")


def _checked(catalogue: Catalogue) -> Catalogue:
    shown = sum(entry.on for entry in catalogue.entries.values())
    if shown > MAX_ON:
        raise BadSettings(f"catalogue: {shown} segments are switched on, at most {MAX_ON} can be")
    return catalogue
