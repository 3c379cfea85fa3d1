"""A file of what others say of our customers, by keyed ids: `backtest --against` reads it back."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from nextorder.adapters.audience_files.table import write_privately
from nextorder.bootstrap.keys import connections
from nextorder.cli.rankings import KEY, READ_AT
from nextorder.domain.keyed import keyed_id
from nextorder.domain.shop import Shop


def write_keyed(
    path: Path,
    shop: Shop,
    said: Mapping[str, Mapping[str, float | str | None]],
    columns: Sequence[str],
    read_at: datetime,
) -> None:
    """Write a row a customer, by keyed id; `said` is by our id, which is not written."""
    secret = connections().pepper()
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, (KEY, READ_AT, *columns), lineterminator="\n")
    table.writeheader()
    when = f"{read_at:%Y-%m-%dT%H:%M:%SZ}"
    rows = {keyed_id(secret, shop.id, customer): one for customer, one in said.items()}
    table.writerows({KEY: key, READ_AT: when, **rows[key]} for key in sorted(rows))
    write_privately(path, text.getvalue().encode())
