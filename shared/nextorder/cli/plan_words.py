"""A plan in words: what would be sent where, by examples, and what it would set going elsewhere."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from nextorder.adapters.klaviyo.installation import lists_of, nameable
from nextorder.bootstrap.plan import live_flows, neighbours
from nextorder.bootstrap.publish import audience_name, capabilities
from nextorder.bootstrap.update import shops
from nextorder.cli.progress import Progress, during
from nextorder.cli.withheld import withheld_lines
from nextorder.domain.changes import Change
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.domain.going_live import STEPS, GoingLive, Step
from nextorder.domain.plan import Example, Plan, Tally
from nextorder.domain.shop import Shop
from nextorder.domain.surroundings import Flows, overlaps
from nextorder.use_cases.missing import Missing, count_missing
from nextorder.use_cases.plan import Foreseen
from nextorder.use_cases.publication import Publisher

SEEN_AT_ONCE: Final = (
    "Shopify Flow and other apps see a tag the moment it is written; what they do then cannot be known here"
)
_KLAVIYO: Final = "klaviyo"
_SHOWN: Final = 40
"""Lines of a kind; whatever is more is counted."""
_OVERLAPS_SHOWN: Final = 20
_VALUES_SHOWN: Final = 3
_LONGEST: Final = 40
_Name = Callable[[str], str]
"""What a destination's audience is called to the merchant."""


def described(shop: Shop, plan: Plan, *, live: GoingLive | None, newcomer: str = "") -> Iterator[str]:
    """Say a plan, a destination after the other; `live` is how far what it is of has come by now."""
    yield _headline(plan, newcomer)
    yield f"now: {live or 'nothing is published'}"
    yield from plan.beside
    yield from withheld_lines(shop)
    for tally in plan.tallies.values():
        yield ""
        yield from _destination(tally, plan.target)
    yield ""


def summed_up(plan: Plan, *, newcomer: str = "") -> Iterator[str]:
    """Say in a few lines what a plan does."""
    yield _headline(plan, newcomer)
    yield from plan.beside
    yield from map(_changed, plan.tallies.values())


def beside(shop: Shop, names: Sequence[str], live: GoingLive | None, target: GoingLive) -> Iterator[str]:
    """Say what `apply` makes besides what it writes of people, and how ours is named: a part of the plan."""
    if _KLAVIYO not in names:
        return
    if shop.klaviyo_prefix != Shop(id="").klaviyo_prefix:
        yield f"in Klaviyo the properties begin with {shop.klaviyo_prefix}_ and not with nextorder_"
    if _comes_to_segments(live, target):
        catalogue = shops().catalogue(shop)
        yield f"in Klaviyo segments are made as far as they are not there: {', '.join(nameable(catalogue))}"
        if lists := lists_of(shop, catalogue):
            yield f"and these lists, empty until tags go live: {', '.join(lists)}"


def _headline(plan: Plan, newcomer: str) -> str:
    whose = f"{newcomer} of {plan.shop}" if newcomer else plan.shop
    return f"plan {plan.hash} for {whose}: {plan.target}"


def _changed(tally: Tally) -> str:
    return f"{tally.destination}: {tally.changed} of {tally.customers} customers would be written to"


def _comes_to_segments(live: GoingLive | None, target: GoingLive) -> bool:
    at = STEPS.index(Step.SEGMENTS)
    return STEPS.index(target.step) >= at and (live is None or STEPS.index(live.step) < at)


def _destination(tally: Tally, target: GoingLive) -> Iterator[str]:
    can = capabilities(tally.destination)
    person, named = can.person, partial(audience_name, tally.destination)
    yield _changed(tally)
    if tally.outside:
        yield f"  {tally.outside} are outside the share and stay as they stand"
    if tally.held_out:
        yield f"  {tally.held_out} of those written to are held out: they get the hold mark and nothing else"
    if tally.missing:
        yield f"  {tally.missing} are known to have no {person} there; nobody is created"
    if tally.unmet:
        yield f"  {tally.unmet} are not looked up yet: who has no {person} there is left out, none is created"
    if tally.left_to_stream:
        yield f"  {tally.left_to_stream} have a change of their own under way"
    if tally.joins:
        yield f"  automations at a first publication: {can.quiet_backfill or 'start at once'}"
    yield from _counted("+", can.audience, tally.joins, named)
    yield from _counted("-", can.audience, tally.leaves, named)
    yield from _counted("=", "property", tally.sets)
    yield from _counted("x", "property", tally.unsets)
    yield from _events(tally, target)
    if tally.changed:
        yield "  for example:"
        yield from (f"    {line}" for example in tally.examples for line in _example(example, named))


def _counted(sign: str, what: str, counts: Counter[str], named: _Name = str) -> Iterator[str]:
    every = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    yield from (f"  {sign} {count:>8}  {what} {named(name)}" for name, count in every[:_SHOWN])
    if len(every) > _SHOWN:
        yield f"  {sign}           and {len(every) - _SHOWN} more"


def _events(tally: Tally, target: GoingLive) -> Iterator[str]:
    told = ", ".join(f"{count} {kind.value}" for kind, count in sorted(tally.events.items()))
    yield f"  events that this would fire: {told or 'none; what stands already is no news'}"
    if target.step is Step.EVENTS and tally.news:
        lately = ", ".join(f"{count} {kind.value}" for kind, count in sorted(tally.news.items()))
        yield f"  from then on about as many a week as would have fired in the last 7 days: {lately}"


def _example(example: Example, named: _Name) -> Iterator[str]:
    change = example.change
    parts = [f"+{named(name)}" for name in sorted(change.join)]
    parts += [f"-{named(name)}" for name in sorted(change.leave)]
    yield f"customer {example.customer}: {' '.join([*parts, *_values(change)]) or 'nothing'}"
    yield from (f"    because {reason}" for reason in example.reasons)


def _values(change: Change) -> list[str]:
    """Show a few of the properties; what each would be is in the destination's own words."""
    every = [f"{name}={_short(value)}" for name, value in sorted(change.set.items())]
    more = [f"and {len(every) - _VALUES_SHOWN} more"] if len(every) > _VALUES_SHOWN else []
    return every[:_VALUES_SHOWN] + more + [f"x{name}" for name in change.unset]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def surroundings(
    shop: Shop,
    foreseen: Foreseen,
    serving: Sequence[Publisher],
    *,
    asks_for_everyone: bool = False,
    names_all: bool = False,
) -> Iterator[str]:
    """Say what going live touches beyond ours, as far as a bounded number of reading calls tells."""
    names = {one.destination.name for one in serving}
    for publisher in serving:
        lines = _missing(shop, foreseen, publisher, everyone=asks_for_everyone)
        yield from _guarded(f"whom {publisher.destination.name} knows", lines)
    if _KLAVIYO in names:
        yield from _guarded("live flows", _flows(shop))
    yield SEEN_AT_ONCE
    if "shopify" in names:
        yield from _guarded("tags and segments of yours", _overlaps(shop, foreseen, names_all=names_all))


def _guarded(what: str, lines: Iterator[str]) -> Iterator[str]:
    """What is only looked at must not keep a plan from being seen."""
    try:
        yield from lines
    except (NeedsHuman, Refused, RetryLater) as error:
        yield f"!   {what}: not known ({error})"


def _missing(shop: Shop, foreseen: Foreseen, publisher: Publisher, *, everyone: bool) -> Iterator[str]:
    name = publisher.destination.name
    strangers, can = foreseen.strangers[name], capabilities(name)
    if not strangers or not can.finds_by_contact or can.creates_people:
        return
    progress = Progress("asked", len(strangers), f"customers of {name}")
    found = count_missing(shop, strangers, publisher, everyone=everyone, progress=progress.step)
    if found is None:
        yield f"{name}: who of {len(strangers)} has no {can.person} there is not known before they are sent"
        return
    progress.done()
    yield from missing_words(name, can.person, found)


def missing_words(name: str, person: str, found: Missing) -> Iterator[str]:
    """Say how many are missing at a destination, and how sure that is."""
    gone = f"{found.gone} ({found.share:.1%}) have no {person} there"
    if found.is_exact:
        yield f"{name}: of {found.strangers}, all whom it has not named to us yet, {gone}"
        return
    low, high = found.range
    yield f"{name}: of {found.asked} drawn from {found.strangers} whom it has not named to us yet, {gone}"
    yield f"  of all that is {low} to {high}, 19 times of 20; `nextorder plan --count-missing` asks for all"


def _flows(shop: Shop) -> Iterator[str]:
    with during("reading", "live flows in Klaviyo"):
        flows: Flows = live_flows(shop)
    yield f"klaviyo: {flows.live} live flows, looked into by {flows.calls} calls"
    for flow in flows.ours:
        yield f"  !   flow {flow.name} would be started by {flow.starter}"
    if not flows.ours:
        yield "  none of those that could be read is started by our properties, events, lists or tags"
    for name in flows.unknown:
        yield f"  ?   flow {name}: what starts it could not be read"
    yield "  not known: a list that another tool fills from tags, drafts that go live later, when tags arrive"


def _overlaps(shop: Shop, foreseen: Foreseen, *, names_all: bool) -> Iterator[str]:
    with during("reading", "tags and segments of yours in Shopify"):
        beside = neighbours().read(shop)
    seen = beside.looked_at
    ours = {name: members & seen for name, members in foreseen.members.items() if members & seen}
    whom = "all" if beside.is_all else "the first"
    yield (
        f"shopify: tags of {whom} {len(seen)} customers and {len(beside.segments)} segments of yours, "
        f"read by {beside.calls} calls"
    )
    theirs: Mapping[str, set[str]] = {
        **{f"tag {name}": have for name, have in beside.tags.items()},
        **{f"segment {name}": have & seen for name, have in beside.segments.items()},
    }
    found = list(overlaps(theirs, ours, seen))
    shown = found if names_all else found[:_OVERLAPS_SHOWN]
    for one in shown:
        beyond = "; most of all customers have it" if one.everywhere else ""
        yield f"  {one.theirs}: {one.both} of {one.of} in our {one.ours} ({one.both / one.of:.0%}){beyond}"
    if len(found) > len(shown):
        yield f"  and {len(found) - len(shown)} more: `nextorder plan --all-overlaps` names them"
    yield "  none of yours overlaps ours by more than half" if not found else "  they are never touched"
    for name in beside.left_out:
        yield f"  ?   {name}: too large to be compared"
