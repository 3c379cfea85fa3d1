"""`nextorder acquisition`: which new customers are worth winning, by what they came, and what to try."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.audience_files.table import Table, csv_bytes, write_privately
from nextorder.adapters.shopify.export_file import text_lines
from nextorder.bootstrap.costs import assortment, census
from nextorder.bootstrap.update import shops
from nextorder.cli.out import make_folder
from nextorder.cli.progress import Progress, during
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.audience import BEST
from nextorder.domain.money import minor_digits
from nextorder.domain.shop import Shop
from nextorder.domain.spend_file import COLUMNS, DIMENSIONS, by_title, read_spend
from nextorder.use_cases.draw_everyone import draw_everyone

if TYPE_CHECKING:
    from nextorder.report.page import Picture, Value
    from nextorder.report.store import Store

MOST: Final = 200_000
"""Customers who are looked at; of more a sample stands for them."""
_WIDTH: Final = 36


def add_to(commands: Any) -> None:
    """Add `acquisition`."""
    parser = commands.add_parser(
        "acquisition", help="which new customers are worth winning, by what they came, and what to try"
    )
    parser.add_argument(
        "--spend",
        metavar="FILE.csv",
        type=Path,
        help=f"CSV of what winning them cost: {','.join(COLUMNS)}; dimension is one of "
        f"{', '.join(DIMENSIONS)}, and name is as this command lists it, or a product's id",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="folder for acquisition.csv and hypotheses.csv"
    )
    add_shop(parser)
    parser.set_defaults(run=run_acquisition)


def run_acquisition(options: argparse.Namespace) -> None:
    """
    Print the groups, and what of their differences is worth a try; with --out, as tables too.

    Raises:
        BadSettings: The folder or lines of the list of spend cannot be used; then nobody was looked at.
    """
    from nextorder.report.acquisition import acquisition, in_vain  # noqa: PLC0415  # numpy where it is used
    from nextorder.report.beginners import today  # noqa: PLC0415
    from nextorder.report.hypotheses import hypotheses  # noqa: PLC0415
    from nextorder.report.newcomers import newcomers  # noqa: PLC0415

    if options.out:
        make_folder(options.out)
    shop = chosen_shop(options)
    spend = read_spend("".join(text_lines(options.spend)), shop) if options.spend else ()
    store = _look(shop)
    spend = by_title(spend, store.titles)
    with during("reckoning", "what each group is worth"):
        groups, to_try = acquisition(store, spend), hypotheses(store, spend)
    for line in (*_table(groups, shop), *_ideas(to_try)):
        print(f"  {line}")
    for one in in_vain(newcomers(store), spend, today(store)):
        print(
            f"  line {one.line}: nobody was won by {one.dimension} {one.name} on these days of the last year"
        )
    if options.out:
        _write(options.out, groups, shop)
        _write(options.out, to_try, shop)
    print(f"  people like your best customers: `nextorder audience {BEST} --for google` or `--for meta`")


def _look(shop: Shop) -> "Store":
    from nextorder.report.glance import glance  # noqa: PLC0415  # numpy only where it is used

    progress = Progress("read", 0, "customers")
    drawn = draw_everyone(shop.id, census(), MOST, progress.step)
    progress.done()
    drawn = replace(drawn, titles=assortment().titles(shop.id))
    known = shops()
    with during("reckoning", "what is said of everyone"):
        return glance(shop, known.catalogue(shop), known.model(shop), drawn, datetime.now(UTC))


def _table(picture: "Picture", shop: Shop) -> Iterator[str]:
    yield picture.says
    if not picture.rows:
        return
    yield f"of {picture.n} {picture.unit}, amounts in {shop.currency} a customer; ranges: {picture.interval}"
    dimension = ""
    for row in picture.rows:
        told = _named(picture, row)
        if told["dimension"] != dimension:
            dimension = str(told["dimension"])
            yield f"{dimension:<{_WIDTH}} won   90 d  before  1st order  1st year        cost each     left"
        yield _line(told, shop)


def _line(told: Mapping[str, "Value"], shop: Shop) -> str:
    year, range_ = _estimated(told, "year", shop)
    years = f"{year} [{range_}]"
    first, cost = (_amount(told[name], shop) for name in ("first_profit", "spend"))
    left, _ = _estimated(told, "left", shop)
    name = _fitted(str(told["name"]), _WIDTH - 3)
    return (
        f"  {name:<{_WIDTH - 2}}{told['n']:>6}{told['recent']:>7}{told['before']:>8}"
        f"{first:>11}  {years:<20}{cost:>6}{left:>9}  {told['compared']}"
    ).rstrip()


def _fitted(name: str, width: int) -> str:
    """Leave out the middle of a long name: two of the same beginning still differ by their ends."""
    half = width // 2
    return name if len(name) <= width else f"{name[: width - half - 1]}…{name[-half:]}"


def _estimated(told: Mapping[str, "Value"], name: str, shop: Shop) -> tuple[str, str]:
    """Write an estimate and its range with the digits that can be known, without their currency."""
    from nextorder.report.page import Estimate  # noqa: PLC0415  # numpy where it is used
    from nextorder.report.words import estimated  # noqa: PLC0415

    ends = [told[name + end] for end in ("", "_lo", "_hi")]
    value, lo, hi = (float(end) if isinstance(end, int | float) else None for end in ends)
    if value is None:
        return "-", ""
    value_, range_ = estimated(Estimate(value=value, lo=lo, hi=hi), shop.currency)
    return value_.removesuffix(f" {shop.currency}"), range_.removesuffix(f" {shop.currency}")


def _amount(minor: "Value", shop: Shop) -> str:
    whole = 10 ** minor_digits(shop.currency)
    return "-" if not isinstance(minor, int | float) else f"{minor / whole:,.0f}"


def _ideas(picture: "Picture") -> Iterator[str]:
    yield picture.says
    for row in picture.rows:
        told = _named(picture, row)
        yield f"- {told['says']}"
        yield f"  try: {told['to_try']}"
    if picture.rows:
        yield picture.interval


def _named(picture: "Picture", row: Sequence["Value"]) -> Mapping[str, "Value"]:
    return {column.name: value for column, value in zip(picture.columns, row, strict=True)}


def _write(folder: Path, picture: "Picture", shop: Shop) -> None:
    """Write a picture's table, amounts in whole units of the shop's currency."""
    whole = 10 ** minor_digits(shop.currency)
    is_money = [column.kind == "money" for column in picture.columns]
    rows = [
        tuple(
            value / whole if money and isinstance(value, int | float) else value
            for money, value in zip(is_money, row, strict=True)
        )
        for row in picture.rows
    ]
    table = Table(tuple(column.name for column in picture.columns), rows)
    path = folder / f"{picture.key}.csv"
    write_privately(path, csv_bytes(table, for_spreadsheets=True))
    print(f"  wrote     {len(rows)} rows to {path}")
