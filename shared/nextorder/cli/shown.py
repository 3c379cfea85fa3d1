"""What of a verdict is shown anywhere, and if it is not, why not."""

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.going_live import Step
from nextorder.domain.published import segment_name
from nextorder.domain.shop import Shop
from nextorder.domain.too_small import too_small_in_words
from nextorder.domain.verdict import Quality, State


def shown_line(shop: Shop, customer: str, state: State, catalogue: Catalogue) -> str:
    """Name the segments that destinations show; say what keeps them from it."""
    names = ", ".join(state.shown_in)
    what = names or f"nothing, {_why_no_segment(state, catalogue)}"
    if state.verdict.held_out:
        what += " (held out, so that the programme can be measured: the mark and nothing else)"
    small = [] if state.verdict.held_out else _too_small(shop, state, catalogue)
    return "; ".join(filter(None, (f"shown as: {what}", *small, _waits_for(shop, customer))))


def _too_small(shop: Shop, state: State, catalogue: Catalogue) -> list[str]:
    names = (segment_name(key, segment) for key, segment in state.verdict.segments.items())
    return [too_small_in_words(name, catalogue, shop.numbers) for name in names]


def _why_no_segment(state: State, catalogue: Catalogue) -> str:
    verdict = state.verdict
    if verdict.held_out:
        return "since `hold` is switched off in the catalogue"
    names = [segment_name(key, segment) for key, segment in verdict.segments.items()]
    if not names:
        withheld = verdict.quality is Quality.WITHHELD
        return "since this customer is withheld" if withheld else "since no segment fits"
    off = [name for name in names if not catalogue.on(name)]
    if len(off) == len(names):
        return f"since {', '.join(off)} {'is' if len(off) == 1 else 'are'} switched off in the catalogue"
    return "since what fits is too small in this shop, or switched off"


def _waits_for(shop: Shop, customer: str) -> str:
    """Say what keeps all of it from being published yet."""
    live = shop.going_live
    if shop.uninstalled_at:
        return "not published: the app is out of the shop"
    if not shop.applied and live.since is None:
        return "not published yet: `nextorder plan` is the first step"
    if not shop.applied:
        return "publishing is paused: `nextorder resume`"
    if not live.reaches(Step.PROPERTIES, shop.gid, customer):
        return f"not published yet: going live is at {live}"
    if not live.reaches(Step.TAGS, shop.gid, customer):
        return f"as properties only: going live is at {live}"
    return ""
