"""The catalogue: which segments there are, their thresholds, and which of them are shown."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal

from nextorder.domain.catalogue_rules import (
    CHANCE_RANKS,
    LIFE_BY_AGE,
    OPTIONAL,
    RANKS,
    RISKS,
    SWITCHES,
    THRESHOLDS,
    TIERS,
    VOCABULARY,
    WORDS,
    crossing,
    fault,
)
from nextorder.domain.declared import Declared
from nextorder.domain.errors import BadSettings
from nextorder.domain.own_words import Condition, Kind, WrongWordError, read_condition

__all__ = [
    "LIFE_BY_AGE",
    "MANY_ON",
    "MAX_ON",
    "OWN",
    "RISKS",
    "THRESHOLDS",
    "TIERS",
    "Catalogue",
    "Entry",
    "catalogue_name",
    "parse_catalogue",
]

MAX_ON = 20
MANY_ON = 13
"""From so many on, a merchant is warned: every tag wants a flow, and a flow wants an owner."""
MAX_TAG_CHARACTERS = 40
OWN = "own"
"""The family of the merchant's own segments; a customer can have several."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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
    """All entries by name (`family:value`, `family:*`, or the family alone: `hold`, `care`)."""

    version: int
    entries: Mapping[str, Entry]
    own: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    """The merchant's own segments by name, `own:<name>`: all their conditions must hold."""
    name: str = ""
    """The hash of what it says: another name, and everyone has to be looked at again."""

    def entry(self, name: str) -> Entry | None:
        """Return what is declared of a segment: by its name, else for all of its family, as `love:*`."""
        return self.entries.get(name) or self.entries.get(f"{name.partition(':')[0]}:*")

    def on(self, name: str) -> bool:
        """Whether the segment is shown; an unknown one never is."""
        entry = self.entry(name)
        return entry is not None and entry.on

    def threshold(self, name: str, key: str) -> float:
        """Return a number that the parser has made sure of; raises KeyError for an unknown segment."""
        entry = self.entry(name)
        if entry is None:
            raise KeyError(name)
        return entry.thresholds[key]

    @property
    def clv_shares(self) -> tuple[float, ...]:
        """The top shares of active customers for which a fit freezes `clv_ranks`."""
        own = {c.amount for conditions in self.own.values() for c in conditions if c.kind is Kind.WORTH}
        return tuple(sorted(own.union(self._numbers(RANKS))))

    @property
    def chance_shares(self) -> tuple[float, ...]:
        """The top shares of active customers for which a fit freezes `chance_ranks`."""
        return self._numbers(CHANCE_RANKS)

    @property
    def open_families(self) -> frozenset[str]:
        """Families whose values are the shop's own words: their tags cannot be listed, only recognised."""
        return frozenset(name.removesuffix(":*") for name in self.entries if name.endswith(":*"))

    @property
    def shown(self) -> tuple[str, ...]:
        """The entries that are on; more than `MANY_ON` of them are worth a warning."""
        return tuple(name for name, entry in self.entries.items() if entry.on)

    def with_on(self, names: Iterable[str] | Literal["all"]) -> "Catalogue":
        """
        Switch exactly these on, and hold.

        A family's name stands for its values, "starter" for the starter pack, "all" for that
        and, in the order of the file, as many others as may be on. Internal ones are switched
        on by their own names only.

        Raises:
            BadSettings: A name is unknown, or there are too many.

        """
        chosen = self._as_many_as_fit() if names == "all" else {"hold"}.union(*map(self._meant, names))
        entries = {n: replace(e, on=n in chosen) for n, e in self.entries.items()}
        name = catalogue_name("\n".join([self.name, *sorted(chosen)]))
        return _checked(replace(self, entries=entries, name=name))

    def _as_many_as_fit(self) -> set[str]:
        offered = [entry for entry in self.entries.values() if not entry.internal]
        offered.sort(key=lambda entry: not entry.starter)
        return {entry.name for entry in offered[:MAX_ON]}

    def _meant(self, name: str) -> set[str]:
        if name in self.entries:
            return {name}
        found = {
            entry.name
            for entry in self.entries.values()
            if (entry.starter if name == "starter" else entry.name.startswith(f"{name}:"))
            and not entry.internal
        }
        if not found:
            raise BadSettings(f"catalogue: no segment is called {name}")
        return found

    def _numbers(self, keys: Iterable[str]) -> tuple[float, ...]:
        """Return the different numbers that any entry gives under these keys, rising."""
        given = {e.thresholds[key] for e in self.entries.values() for key in keys if key in e.thresholds}
        return tuple(sorted(given))


def catalogue_name(text: str) -> str:
    """Name a catalogue by what it says, so that nobody can change what a shop has pinned."""
    return sha256(text.encode()).hexdigest()[:12]


def parse_catalogue(text: str, *, prefix: str = "next:", named: str = "catalogue") -> Catalogue:
    """
    Read a catalogue's text; `prefix` is the shop's, for the length of the tags, `named` is the file's name.

    Raises:
        BadSettings: Something is wrong; the message names the line and the key.

    """
    document = Declared(text, named)
    version = document.tables.pop("version", None)
    if type(version) is not int or version < 1:
        raise document.wrong("", "version", "must be a whole number from 1")
    own = _own_tables(document)
    tables = _tables(document)
    if missing := sorted(set(THRESHOLDS) - set(tables)):
        raise document.wrong(missing[0], "", "is missing; switch it off instead")
    for name in (*tables, *own):
        if len(prefix + name) > MAX_TAG_CHARACTERS:
            raise document.wrong(name, "", f"a tag has at most {MAX_TAG_CHARACTERS} characters")
    entries = {name: _entry(document, name, table) for name, table in tables.items()}
    if found := crossing({name: entry.thresholds for name, entry in entries.items()}):
        raise document.wrong(*found)
    conditions = {name: _conditions(document, name, table) for name, table in own.items()}
    entries |= {name: _own_entry(document, name, table) for name, table in own.items()}
    return _checked(Catalogue(version=version, entries=entries, own=conditions, name=catalogue_name(text)))


def _tables(document: Declared) -> dict[str, dict[str, Any]]:
    families = {name.partition(":")[0] for name in THRESHOLDS}
    found: dict[str, dict[str, Any]] = {}
    for family, table in document.tables.items():
        if family not in families or not isinstance(table, dict):
            raise document.wrong(family, "", f"unknown family; known are {', '.join(sorted(families))}")
        values = {family: table} if family in THRESHOLDS else {f"{family}:{v}": t for v, t in table.items()}
        for name, value in values.items():
            if name not in THRESHOLDS or not isinstance(value, dict):
                raise document.wrong(name, "", "unknown value of this family")
        found |= values
    return found


def _own_tables(document: Declared) -> dict[str, dict[str, Any]]:
    tables = document.tables.pop(OWN, {})
    if not isinstance(tables, dict):
        raise document.wrong("", OWN, "a segment of your own is a table, [own.name]")
    for value, table in tables.items():
        if not isinstance(table, dict) or not _SLUG.fullmatch(value) or value in VOCABULARY:
            raise document.wrong(f"{OWN}:{value}", "", "a name is of a-z, 0-9 and -, and no family's")
    return {f"{OWN}:{value}": table for value, table in tables.items()}


def _conditions(document: Declared, name: str, table: Mapping[str, Any]) -> tuple[Condition, ...]:
    when = table.get("when")
    if not isinstance(when, list) or not when or not all(isinstance(one, str) for one in when):
        raise document.wrong(name, "when", "must be a list of conditions")
    found = []
    for text in when:
        try:
            found.append(read_condition(text, VOCABULARY))
        except WrongWordError as wrong:
            raise document.wrong(name, "when", f"{text!r}: {wrong}", item=text) from None
    return tuple(found)


def _own_entry(document: Declared, name: str, table: Mapping[str, Any]) -> Entry:
    """Fill in what the conditions say already."""
    for key in ("starter", "floor"):
        if key in table:
            raise document.wrong(name, key, "cannot be set of a segment of your own")
    said = {
        "out": "as soon as a condition no longer holds",
        "rests_on": "; ".join(table["when"]),
        "starter": False,
        "floor": True,
        **{key: value for key, value in table.items() if key != "when"},
    }
    return _entry(document, name, said)


def _entry(document: Declared, name: str, table: dict[str, Any]) -> Entry:
    numbers = THRESHOLDS.get(name, ())
    required = (*WORDS, *SWITCHES, *numbers)
    for key in table:
        if key not in required and key not in OPTIONAL:
            raise document.wrong(name, key, "unknown key")
    for key in required:
        if key not in table:
            raise document.wrong(name, key, "is missing")
    for key, value in table.items():
        if reason := fault(key, value):
            raise document.wrong(name, key, reason)
    if name == "hold" and not table["on"]:
        raise document.wrong(name, "on", "held-out customers are always marked")
    thresholds = {key: float(table[key]) for key in numbers}
    return Entry(name=name, thresholds=thresholds, **{k: v for k, v in table.items() if k not in thresholds})


def _checked(catalogue: Catalogue) -> Catalogue:
    if len(catalogue.shown) > MAX_ON:
        raise BadSettings(
            f"catalogue: {len(catalogue.shown)} segments are switched on, at most {MAX_ON} can be"
        )
    return catalogue
