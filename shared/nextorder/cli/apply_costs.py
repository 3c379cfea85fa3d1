"""Orders priced anew: shown on everyone first, written if the merchant agrees, and told without a flow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from nextorder.bootstrap.costs import unit_costs
from nextorder.bootstrap.update import customers
from nextorder.cli.progress import Progress
from nextorder.cli.settings import is_live
from nextorder.cli.shops import change_shop
from nextorder.cli.terms import IN_FORCE, is_agreed
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import CostWord, after_words
from nextorder.use_cases.reprice import as_repriced, reprice


def apply_costs(shop: Shop, as_of: datetime, *, yes: bool, words: Sequence[CostWord] = ()) -> bool:
    """
    Keep the merchant's words and give orders the costs known then; of a live shop, after asking.

    That nothing older is told comes in force before the first order is written. The terms change
    after the last one, so that the pass over everyone which follows from it sees them all.

    Returns:
        False when it would move many and nobody agreed.
    """
    if is_live(shop) and not _is_agreed(shop, as_of, words, yes=yes):
        return False
    unit_costs().tell(shop.id, words)
    change_shop(shop.id, in_force_since=as_of)
    progress = Progress("priced", shop.numbers.customers, "customers")
    done = reprice(shop, customers=customers(), costs=unit_costs(), progress=progress.step)
    progress.done()
    if not done.orders:
        print("  every order has the costs that are known")
        return True
    change_shop(shop.id, priced_at=as_of)
    print(f"  wrote     {done.orders} orders of {done.customers} customers")
    print(IN_FORCE if is_live(shop) else "  ->  `nextorder fit` takes the shop's own numbers with these")
    return True


def _is_agreed(shop: Shop, as_of: datetime, words: Sequence[CostWord], *, yes: bool) -> bool:
    goods = after_words(unit_costs().goods(shop.id), words)
    everyone = as_repriced(customers().everyone(shop.id), goods)
    return is_agreed(replace(shop, priced_at=as_of), as_of, yes=yes, everyone=everyone)
