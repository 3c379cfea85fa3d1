"""Once a permission is there that was missing, try again whoever was refused for want of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from nextorder.domain.shop import Shop
from nextorder.ports import Denials, Destination, Passes


def try_denied(
    shop: Shop, *, destination: Callable[[str], Destination], denials: Denials, passes: Passes
) -> Sequence[str]:
    """
    Have a pass over everyone begin where access was denied and is not any more; safe to repeat.

    The pass nudges whoever was refused as soon as no note stands. Should access be denied after all,
    the first of them brings the note back, and the pass tries nobody more.

    Returns:
        The destinations that are tried again.
    """
    standing = denials.standing(shop.id)
    back = [name for name in standing if destination(name).check(shop).is_well]
    if not (back and _begins_anew(shop, passes)):
        return ()
    for name in back:
        denials.lift(shop.id, name, last=standing[name])
    return back


def _begins_anew(shop: Shop, passes: Passes) -> bool:
    """Let the next tick find other terms than the pass had; False where a tick was quicker."""
    held = passes.load(shop.id)
    return held is None or passes.save(shop.id, replace(held, terms=""), replaces=held)
