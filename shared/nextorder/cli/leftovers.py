"""`nextorder leftovers`: tags and metafields of an earlier life, adopted or removed as the merchant says."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.adapters.shopify.leftovers import PAGE, carriers
from nextorder.adapters.tags import is_ours
from nextorder.bootstrap.publish import publisher, shopify_client
from nextorder.bootstrap.update import shops
from nextorder.cli.progress import during
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.errors import AccessDenied, BadSettings, RetryLater
from nextorder.domain.leftovers import Marked
from nextorder.domain.phrases import counted
from nextorder.domain.shop import Shop
from nextorder.use_cases.leftovers import Attic, adopt_leftovers, count_leftovers, remove_leftovers
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish_bulk import Counts

_PAGES_OF_A_GLANCE: Final = 2
_LISTED: Final = "`nextorder leftovers` looks at everyone and lists them"


def add_to(commands: Any) -> None:
    """Add `leftovers`."""
    parser = commands.add_parser(
        "leftovers", help="tags and metafields in Shopify that an earlier installation left behind"
    )
    word = parser.add_mutually_exclusive_group()
    word.add_argument(
        "--adopt", action="store_true", help="they are ours: the next publication brings them up to date"
    )
    word.add_argument("--remove", action="store_true", help="take them away")
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="TAG",
        type=str.lower,
        help="with --remove: a tag that is of no catalogue of ours now, by its whole name; repeatable",
    )
    add_shop(parser)
    parser.set_defaults(run=run_leftovers)


def run_leftovers(options: argparse.Namespace) -> int:
    """
    List what is there and on nobody's record, or do as the merchant says.

    Returns:
        1 when something is there and nothing was said about it.
    """
    shop = chosen_shop(options)
    _refuse_nonsense(options, shop)
    if options.adopt:
        adopted = _done(adopt_leftovers(shop, _pages(shop), _attic()))
        print(f"  adopted: {counted(adopted, 'customer')}")
        print("  ->  `nextorder publish` brings them up to date; import the history before")
        return 0
    if options.remove:
        print(f"  removed from {counted(remove_everywhere(shop, also=options.also), 'customer')}")
        return 0
    others: Counter[str] = Counter()
    customers, tags, metafields = count_leftovers(shop, _pages(shop, others), _attic())
    for name, count in [*sorted(tags.items()), *sorted(metafields.items())]:
        kind = "tag" if name in tags else "metafield"
        print(f"  {count:>7}  {kind} {name}")
    for tag, count in sorted(others.items()):
        print(f"  {count:>7}  tag {tag}: of no catalogue of ours, so it is left alone")
    if others:
        print("  ->  if it is of an earlier catalogue of yours: `--remove --also TAG` takes it away, too")
    carry = "carries" if customers == 1 else "carry"
    print(f"  {counted(customers, 'customer')} {carry} something of ours that is on no record")
    if customers:
        print("  ->  `nextorder leftovers --adopt` takes it over, `--remove` takes it away")
    return int(customers > 0)


def _refuse_nonsense(options: argparse.Namespace, shop: Shop) -> None:
    if options.also and not options.remove:
        raise BadSettings("--also says what --remove takes away, too: give both")
    if strange := [tag for tag in options.also if not tag.startswith(shop.tag_prefix)]:
        raise BadSettings(f"--also: {', '.join(strange)} does not begin with {shop.tag_prefix} as ours do")


def remove_everywhere(shop: Shop, *, also: Sequence[str] = ()) -> int:
    """
    Take away what is there and on no record, and tags that the merchant names; return from how many.

    Raises:
        RetryLater: Some are left.
    """
    return _done(remove_leftovers(shop, _pages(shop, also=also), _attic()))


def glance(shop: Shop) -> str:
    """Look at the first customers; say what to do if they carry what is on no record, else nothing."""
    pages = carriers(shopify_client(patient=True), shop.id, _test(shop), most_pages=_PAGES_OF_A_GLANCE)
    try:
        found, _, _ = count_leftovers(shop, pages, _attic())
    except AccessDenied:
        return "nobody could be looked at: `nextorder leftovers` does, once the app may read customers"
    first = f"the first {_PAGES_OF_A_GLANCE * PAGE} customers"
    return f"{found} of {first} carry marks of an earlier installation: {_LISTED}" if found else ""


def _done(counts: Counts) -> int:
    if left := counts.get(Published.LATER, 0) + counts.get(Published.REFUSED, 0):
        raise RetryLater(f"not done yet for {counted(left, 'customer')}: run it again")
    return counts.get(Published.SENT, 0)


def _attic() -> Attic:
    shown = publisher("shopify", patient=True)
    return Attic(destination=shown.destination, accepted=shown.accepted)


def _pages(
    shop: Shop, others: Counter[str] | None = None, also: Sequence[str] = ()
) -> Iterator[Sequence[Marked]]:
    return _followed(carriers(shopify_client(patient=True), shop.id, _test(shop, others, also)))


def _followed(pages: Iterator[Sequence[Marked]]) -> Iterator[Sequence[Marked]]:
    """Say how many pages have been looked at."""
    looked_at = 0
    with during("looking", lambda: f"at Shopify's customers: {counted(looked_at, 'page')} of {PAGE}"):
        for page in pages:
            looked_at += 1
            yield page


def _test(shop: Shop, others: Counter[str] | None = None, also: Sequence[str] = ()) -> Callable[[str], bool]:
    """Know a tag by its name or a catalogue, in force or packaged; count what else begins like ours."""
    packaged = parse_catalogue(packaged_catalogue(), prefix=shop.tag_prefix)
    catalogues = (shops().catalogue(shop), packaged)

    def known(tag: str) -> bool:
        ours = tag in also or any(is_ours(tag, shop, catalogue) for catalogue in catalogues)
        if others is not None and not ours and tag.startswith(shop.tag_prefix):
            others[tag] += 1
        return ours

    return known
