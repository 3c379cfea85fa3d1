"""`nextorder report`: the merchant's page, now, with its tables, into a folder."""

import argparse
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.document import ALL_DIGITS, encode
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.bootstrap import judge
from nextorder.bootstrap.costs import assortment, census
from nextorder.bootstrap.update import shops
from nextorder.cli.moments import add_as_of, read_as_of
from nextorder.cli.out import make_folder
from nextorder.cli.page_of_file import add_file_options, of_a_file, read_file
from nextorder.cli.progress import Progress, during
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.catalogue import Catalogue, parse_catalogue
from nextorder.domain.judged import Judged
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Shop
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.draw_everyone import draw_everyone
from nextorder.use_cases.train import SAMPLED_ABOVE
from nextorder.use_cases.write_report import HTML, PAGE

if TYPE_CHECKING:
    from nextorder.report.page import Page

FOLDER: Final = Path("nextorder-report")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a page is made from; `model` None = one is fitted to it."""

    shop: Shop
    catalogue: Catalogue
    model: StoreModel | None
    drawn: Drawn
    judged: Sequence[Judged]
    as_of: datetime


def add_to(commands: Any) -> None:
    """Add `report`."""
    parser = commands.add_parser(
        "report", help="make the page that the stack sends on Mondays; of a file it needs none"
    )
    add_as_of(parser, "the moment that the page is of")
    add_file_options(parser)
    parser.add_argument(
        "--out",
        type=Path,
        default=FOLDER,
        metavar="FOLDER",
        help=f"folder for page and tables (default: {FOLDER})",
    )
    parser.add_argument("--open", action="store_true", help="show the page in the browser")
    add_shop(parser)
    parser.set_defaults(run=run_report, needs_stack=True)


def run_report(options: argparse.Namespace) -> None:
    """Look at everyone, write the page's data and tables, then draw it."""
    make_folder(options.out)
    known = _of_file(options) if options.orders else _of_shop(options)
    # numpy, pandas and altair only where they are used
    from nextorder.report.assemble import page_of  # noqa: PLC0415
    from nextorder.report.look import look_at_all  # noqa: PLC0415

    with during("reckoning", "what is said of everyone, and how that did before"):
        store = look_at_all(known.shop, known.catalogue, known.model, known.drawn, known.judged, known.as_of)
        if options.orders:
            store = replace(store, findings=list(of_a_file(store.findings)))
        page = page_of(store)
    with during("drawing", "the page"):
        drawn = _write(page, options.out)
    print(f"  wrote     {drawn}, {PAGE} and its tables beside it")
    if page.too_few:
        print(f"  {page.too_few}")
    if options.open:
        webbrowser.open(drawn.resolve().as_uri())


def _of_shop(options: argparse.Namespace) -> _Known:
    shop, now = chosen_shop(options), datetime.now(UTC)
    as_of = read_as_of(options.as_of, shop.zone, now)
    progress = Progress("read", 0, "customers")
    drawn = draw_everyone(shop.id, census(), SAMPLED_ABOVE, progress.step)
    progress.done()
    drawn = replace(drawn, titles=assortment().titles(shop.id))
    # what became of what was said is known as of now alone
    judgement = None if options.as_of else judge.kept().load(shop.id)
    return _Known(
        shop=shop,
        catalogue=shops().catalogue(shop),
        model=shops().model(shop),
        drawn=drawn,
        judged=judgement.windows if judgement else (),
        as_of=as_of,
    )


def _of_file(options: argparse.Namespace) -> _Known:
    of = read_file(options)
    return _Known(
        shop=of.shop,
        catalogue=parse_catalogue(packaged_catalogue()),
        model=None,
        drawn=of.drawn,
        judged=(),
        as_of=of.as_of,
    )


def _write(page: "Page", folder: Path) -> Path:
    """Write data and tables before anything is drawn from them; return where the page is."""
    from nextorder.report.files import tables_of  # noqa: PLC0415
    from nextorder.report.html import render  # noqa: PLC0415

    written = {**tables_of(page), PAGE: encode(page, digits=ALL_DIGITS).encode()}
    for name, body in written.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    drawn = folder / HTML
    drawn.write_text(render(page), encoding="utf-8")
    return drawn
