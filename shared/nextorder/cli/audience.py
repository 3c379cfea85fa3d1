"""`nextorder audience`: a segment, or the best customers, as a file for an ad platform or a spreadsheet."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from nextorder.adapters.audience_files.columns import Asked
from nextorder.adapters.audience_files.formats import API, FORMATS, Format
from nextorder.adapters.audience_files.table import Table, write_privately
from nextorder.adapters.google_ads.bodies import UserList, user_list
from nextorder.bootstrap.audience import data_manager, sources
from nextorder.bootstrap.keys import connections
from nextorder.bootstrap.update import shops
from nextorder.cli.audience_words import print_advice, print_left_out, print_names
from nextorder.cli.out import check_out
from nextorder.cli.progress import during
from nextorder.cli.secret import read_secret
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.audience import BEST, LeftOut, Wanted, check_segment, neutral_name
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.phrases import counted
from nextorder.domain.segments_families import has_enough_history
from nextorder.domain.shop import Shop
from nextorder.domain.too_small import shown_elsewhere, too_small_in_words
from nextorder.domain.withholding import TOO_FEW, withheld_segments
from nextorder.use_cases.audience import Audience, gather

_DEFAULT_SHARE: Final = 0.1


def add_to(commands: Any) -> None:
    """Add `audience`."""
    parser = commands.add_parser("audience", help="write a segment as a file for ads or a spreadsheet")
    parser.add_argument(
        "segment", nargs="?", default="", help=f"its name, or {BEST}: those of most expected profit"
    )
    parser.add_argument(
        "--for", dest="format", choices=FORMATS, help="; ".join(f"{k}: {v.title}" for k, v in FORMATS.items())
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (default: the neutral name, here)"
    )
    parser.add_argument(
        "--share", type=float, default=_DEFAULT_SHARE, help=f"of {BEST}: how many of all (default: 0.1)"
    )
    parser.add_argument(
        "--no-value", action="store_true", help="leave the value column out of a file for ads"
    )
    parser.add_argument(
        "--contacts", action="store_true", help="e-mail and phone in a spreadsheet, where subscribed to each"
    )
    parser.add_argument(
        "--names", action="store_true", help="say which neutral name stands for which segment"
    )
    add_shop(parser)
    _add_api(parser.add_argument_group(f"Google's Data Manager API (--for {API})"))
    parser.set_defaults(run=run_audience)


def _add_api(group: Any) -> None:
    group.add_argument("--account", default="", help="Google Ads account, such as 123-456-7890")
    group.add_argument("--list", default="", help="number of the customer list there")
    group.add_argument("--manager", default="", help="the manager account that calls, if one does")
    group.add_argument(
        "--consented", action="store_true", help="your word that they agreed to ads, which the EEA asks for"
    )
    group.add_argument("--send", action="store_true", help="send it now and write no file: asks for a token")
    group.add_argument("--token-stdin", action="store_true", help="read the token from standard input")


def run_audience(options: argparse.Namespace) -> None:
    """
    Write the file and say who is in it, who is not, and what its value means.

    A file is the merchant's own act, so neither a pause nor the ramp holds it; what is sent from
    here heeds the pause.

    Raises:
        BadSettings: There is no such audience, or nobody is left in it; then nothing is written.
    """
    shop = chosen_shop(options)
    if options.names:
        print_names(shop)
        return
    if not (options.segment and options.format):
        raise BadSettings("say which segment and for whom: nextorder audience life:champion --for meta")
    # a tag's name, as docs and Shopify show it, means its segment
    options.segment = options.segment.removeprefix(shop.tag_prefix)
    _write(shop, options, FORMATS[options.format])


def _write(shop: Shop, options: argparse.Namespace, form: Format) -> None:
    catalogue = shops().catalogue(shop)
    check_segment(options.segment, catalogue)
    if options.segment == BEST and not has_enough_history(shop.numbers):
        raise BadSettings(f"{BEST}: {TOO_FEW}")
    if options.segment == BEST and (why := shop.numbers.withheld.get("value")):
        raise BadSettings(f"{BEST}: nobody is ranked by value. {why} `nextorder audit` says what to do")
    if options.segment in withheld_segments(shop, catalogue):
        raise BadSettings(f"{options.segment} is withheld: `nextorder status` or `nextorder audit` says why")
    if small := too_small_in_words(options.segment, catalogue, shop.numbers):
        into = shown_elsewhere(options.segment, catalogue, shop.numbers)
        raise BadSettings(f"{small}; ask for {into or BEST}")
    if options.out and not options.send:
        check_out(options.out)
    target = _target(options)
    if options.send and not shop.applied:
        raise BadSettings("--send: publishing is off or paused; `nextorder plan` or `nextorder resume` first")
    wanted = _wanted(options, form)
    found = _gathered(shop, wanted, catalogue)
    asked = Asked(
        shop=shop, catalogue=catalogue, valued=wanted.valued, contacts=wanted.contacts, user_list=target
    )
    table = form.table(found.people, asked)
    left_out = {**found.left_out, LeftOut.NO_ADDRESS: len(found.people) - len(table.rows)}
    print_left_out(left_out)
    _check_size(table, form, options.segment)
    name = neutral_name(connections().pepper(), shop.id, options.segment)
    if options.send:
        _send(form.encode(table, asked), from_stdin=options.token_stdin)
        print(f"  sent      {len(table.rows)} customers; who is matched shows there within a day")
    else:
        path = options.out or Path(f"{name}-{options.format}{form.ending}")
        write_privately(path, form.encode(table, asked))
        print(f"  wrote     {len(table.rows)} customers to {path}, for you alone to read")
    print_advice(form, wanted, shop, name=name, segment=options.segment, rows=len(table.rows))


def _gathered(shop: Shop, wanted: Wanted, catalogue: Catalogue) -> Audience:
    """Read everyone, then ask for the addresses of those who are meant."""
    so_far = 0

    def tell(count: int) -> None:
        nonlocal so_far
        so_far += count

    with during("gathering", lambda: counted(so_far, "customer")):
        return gather(shop, wanted, catalogue=catalogue, sources=sources(), tell=tell)


def _target(options: argparse.Namespace) -> UserList | None:
    """Read which list is meant before anybody is asked about."""
    if options.format != API:
        if options.send:
            raise BadSettings(f"--send: only --for {API} can be sent from here")
        return None
    return user_list(options.account, options.list, manager=options.manager, consented=options.consented)


def _send(lines: bytes, *, from_stdin: bool) -> None:
    token = read_secret("Google access token", from_stdin=from_stdin, by="--token-stdin")
    api = data_manager()
    for line in lines.splitlines():
        print(f"  request   {api.ingest(token, json.loads(line))}")


def _wanted(options: argparse.Namespace, form: Format) -> Wanted:
    if not 0 < options.share <= 1:
        raise BadSettings("--share: expected a share above 0 and up to 1, such as 0.1")
    return Wanted(
        segment=options.segment,
        for_ads=form.for_ads,
        contacts=form.for_ads or options.contacts,
        valued=form.has_values and not options.no_value,
        share=options.share,
    )


def _check_size(table: Table, form: Format, segment: str) -> None:
    if not table.rows:
        raise BadSettings(f"nobody of {segment} may be in this audience: no file is written")
    if len(table.rows) > form.capabilities.most_rows:
        raise BadSettings(f"{len(table.rows)} customers do not fit into {form.title}: use --for csv")
