"""What was found and done, as a table of ticks."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from nextorder.adapters.klaviyo import scopes as klaviyo
from nextorder.adapters.shopify import scopes as shopify
from nextorder.use_cases.installation import Mark, Tick

_CHANGES = frozenset({Mark.MADE, Mark.REPAIRED, Mark.REMOVED})
_NAMED = 5
_Scope = klaviyo.Scope | shopify.Scope


def show_row(mark: str, what: str, why: str = "") -> None:
    """Print one line of the table."""
    print(f"  {mark:<9} {what:<24} {why}".rstrip())


def show_ticks(ticks: Iterable[Tick]) -> None:
    """Print how many parts of a kind are as they should be, and each that is not with what to do."""
    shown = list(ticks)
    counts = Counter((tick.part.kind, tick.mark) for tick in shown if tick.mark is not Mark.MISSING)
    for (kind, mark), count in counts.items():
        names = [tick.part.name for tick in shown if (tick.part.kind, tick.mark) == (kind, mark)]
        show_row(mark, f"{count} {kind}{'s' if count > 1 else ''}", _named(names) if mark in _CHANGES else "")
    for tick in shown:
        if tick.mark is Mark.MISSING:
            show_row(tick.mark, f"{tick.part.kind} {tick.part.name}", tick.why)


def show_scopes(scopes: Iterable[_Scope], missing: Collection[_Scope]) -> bool:
    """Show each scope, what it is for, and what its lack costs; tell whether a needed one is lacking."""
    for scope in scopes:
        if scope not in missing:
            show_row(Mark.OK, scope.name, scope.purpose)
            continue
        show_row(Mark.MISSING if scope.needed else "without", scope.name, scope.purpose)
        show_row("", "", f"without it {scope.lack}")
    return any(scope.needed for scope in missing)


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def has_changed(ticks: Sequence[Tick]) -> bool:
    """Tell whether anything was made, repaired or removed."""
    return any(tick.mark in _CHANGES for tick in ticks)


def is_wrong(ticks: Sequence[Tick]) -> bool:
    """Tell whether anything is not as it should be."""
    return any(tick.mark is Mark.MISSING for tick in ticks)
