"""What stands in the columns of an audience file: hashes and a value, or what is said in plain words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from nextorder.adapters import plain
from nextorder.adapters.amounts import shown_amount
from nextorder.adapters.audience_files.table import Cell, Table
from nextorder.adapters.google_ads.bodies import UserList
from nextorder.domain.audience import Member
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.hashed import sha256_hex
from nextorder.domain.messages import Reach
from nextorder.domain.shop import Shop

People = Sequence[tuple[Member, Reach]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a table the merchant has a choice of."""

    shop: Shop
    catalogue: Catalogue
    valued: bool = True
    contacts: bool = False
    user_list: UserList | None = None
    """Of Google's API alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """How a platform calls its columns and writes what it hashes."""

    header: tuple[str, str, str]
    email: Callable[[str], str]
    phone: Callable[[str], str]

    def __call__(self, people: People, asked: Asked) -> Table:
        """List whoever has anything that could be matched."""
        width = 3 if asked.valued else 2
        rows = [self._row(member, reach, asked)[:width] for member, reach in people]
        return Table(self.header[:width], [row for row in rows if row[0] or row[1]])

    def _row(self, member: Member, reach: Reach, asked: Asked) -> tuple[Cell, ...]:
        # NOTE: Meta takes no number below 0, and a bid can be no lower either way
        worth = max(0.0, shown_amount(member.value or 0, asked.shop.currency))
        return (sha256_hex(self.email(reach.email)), sha256_hex(self.phone(reach.phone)), worth)


_COLUMNS: Final = (
    *("segments", "stage", "stage_since", "value_tier"),
    *("clv_gp2_365", "clv_gp2_365_lo", "clv_gp2_365_hi", "gp2_to_date"),
    *(chance + end for chance in (*plain.CHANCES, "p_window") for end in ("", "_lo", "_hi")),
    *("next_order_date", "window_closes"),
    *("affinity_1", "affinity_2", "incentive", "reason_1", "reason_2", "quality"),
)
_DAYS: Final = frozenset({*plain.DATES, "stage_since"})


def spreadsheet(people: People, asked: Asked) -> Table:
    """List customers by Shopify's number with what is said of them; contacts only when asked for."""
    header = ("customer", *(("email", "phone") if asked.contacts else ()), *_COLUMNS, "currency")
    return Table(header, [_listed(member, reach, asked) for member, reach in people])


def _listed(member: Member, reach: Reach, asked: Asked) -> tuple[Cell, ...]:
    said = dict(plain.properties(asked.shop, member.verdict, asked.catalogue))
    contact = (reach.email, reach.phone) if asked.contacts else ()
    return (
        member.customer,
        *contact,
        *(_cell(name, said.get(name)) for name in _COLUMNS),
        asked.shop.currency,
    )


def _cell(name: str, value: object) -> Cell:
    if isinstance(value, tuple):
        return ", ".join(value)
    if name in _DAYS and isinstance(value, str):
        return date.fromisoformat(value)
    return value if isinstance(value, int | float | str) else None
