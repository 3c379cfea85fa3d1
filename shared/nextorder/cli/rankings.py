"""Others' rankings of a shop's customers, read from a file: Shopify's RFM groups, Klaviyo's predictions."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from nextorder.domain.errors import BadSettings

Rankings = Mapping[str, Mapping[str, float]]
"""Name -> customer -> the higher, the better."""

CUSTOMER, KEY, READ_AT = "customer_id", "customer_key", "read_at"
RFM_GROUPS: Final = (
    *("PROSPECTS", "DORMANT", "ALMOST_LOST", "AT_RISK", "PREVIOUSLY_LOYAL", "NEEDS_ATTENTION"),
    *("NEW", "PROMISING", "ACTIVE", "LOYAL", "CHAMPIONS"),
)
"""
Shopify's groups; their order, from who will bring least to who will bring most, is ours.
https://shopify.dev/docs/api/admin-graphql/latest/enums/customerrfmgroup
"""
LOWER_IS_BETTER: Final = frozenset({"churn_probability", "average_days_between_orders"})
"""Of Klaviyo's predictions: https://developers.klaviyo.com/en/reference/get_profiles"""
NO_RANKING: Final = frozenset({CUSTOMER, KEY, READ_AT, "expected_date_of_next_order"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Others' rankings as they stand in a file."""

    rankings: Rankings
    """By customer, or by keyed id."""
    is_keyed: bool

    def of(self, customers: Mapping[str, str]) -> Rankings:
        """Return them by customer; `customers` are those whom keyed ids name, others are left out."""
        if not self.is_keyed:
            return self.rankings
        named = {
            name: {customers[key]: figure for key, figure in ranking.items() if key in customers}
            for name, ranking in self.rankings.items()
        }
        return {name: ranking for name, ranking in named.items() if ranking}


def read_rankings(path: Path, as_of: datetime) -> Others:
    """
    Read a column a ranking.

    Raises:
        BadSettings: The file is none, or was read after the moment: it would know what came.
    """
    found: dict[str, dict[str, float]] = {}
    is_keyed = False
    for number, row in enumerate(_rows(path), start=2):
        where = f"{path.name}, row {number}"
        if _moment(row[READ_AT], where) > as_of:
            raise BadSettings(f"{where}: read after --as-of, so it knows what came")
        is_keyed = CUSTOMER not in row
        for name, figure in _figures(row, where):
            found.setdefault(name, {})[row[KEY if is_keyed else CUSTOMER]] = figure
    return Others(rankings=dict(sorted(found.items())), is_keyed=is_keyed)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, restval="", restkey="")
            rows, header = list(table), set(table.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadSettings(f"--against: {path.name} cannot be read as a CSV file") from error
    if READ_AT not in header or not header & {CUSTOMER, KEY}:
        raise BadSettings(f"{path.name}: the columns {CUSTOMER} and {READ_AT} are needed")
    return rows


def _moment(text: str, where: str) -> datetime:
    """Read when a row was read; a moment without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSettings(f"{where}, column {READ_AT}: write 2026-05-01T06:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _figures(row: Mapping[str, str], where: str) -> Iterator[tuple[str, float]]:
    for name, text in row.items():
        if not name or name in NO_RANKING or not text.strip():
            continue
        if text.strip().upper() in RFM_GROUPS:
            yield name, float(RFM_GROUPS.index(text.strip().upper()))
            continue
        try:
            figure = float(text)
        except ValueError as error:
            raise BadSettings(f"{where}, column {name}: write a number or a group of Shopify's") from error
        yield name, -figure if name in LOWER_IS_BETTER else figure
