"""The formats of an audience file: what each platform takes, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from nextorder.adapters.audience_files.columns import Asked, Hashed, People, spreadsheet
from nextorder.adapters.audience_files.table import Table, csv_bytes, lines_bytes
from nextorder.adapters.audience_files.xlsx import MOST_ROWS, xlsx_bytes
from nextorder.adapters.google_ads.bodies import ingest_bodies
from nextorder.adapters.google_ads.endpoints import BASE_URL, INGEST
from nextorder.domain.capabilities import Capabilities, Clears, Identifier, Needs
from nextorder.domain.errors import BadSettings
from nextorder.domain.hashed import google_email, google_phone, meta_email, meta_phone

MANY: Final = 10**9
"""As many as there are: the platform names no bound of a file."""
API: Final = "google-api"
WEAK: Final = 100
"""Fewer are matched to too few to show ads to, and say too much of each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write an audience."""

    title: str
    capabilities: Capabilities
    ending: str
    table: Callable[[People, Asked], Table]
    encode: Callable[[Table, Asked], bytes]
    has_values: bool = False
    """Whether it has a column for what somebody is worth."""
    advice: tuple[str, ...] = ()
    """What the merchant is told beside the file."""

    @property
    def for_ads(self) -> bool:
        """Whether consent to ads is needed."""
        return self.capabilities.consent is Needs.ADS


def _for_platform(table: Table, _: Asked) -> bytes:
    return csv_bytes(table, for_spreadsheets=False)


def _for_people(table: Table, _: Asked) -> bytes:
    return csv_bytes(table, for_spreadsheets=True)


def _workbook(table: Table, _: Asked) -> bytes:
    return xlsx_bytes(table, sheet="customers")


def _for_api(table: Table, asked: Asked) -> bytes:
    if asked.user_list is None:
        raise BadSettings("--account and --list: which list of which Google Ads account is it?")
    members = [(str(row[0]), str(row[1])) for row in table.rows]
    return lines_bytes(ingest_bodies(asked.user_list, members))


def _ads(rows: int) -> Capabilities:
    return Capabilities(
        identifiers=(Identifier.EMAIL, Identifier.PHONE),
        most_rows=rows,
        clears=Clears.NEVER,
        hashes=True,
        consent=Needs.ADS,
        quiet_backfill="a file starts nothing",
    )


def _sheet(rows: int) -> Capabilities:
    return Capabilities(
        identifiers=(Identifier.CUSTOMER,),
        most_rows=rows,
        clears=Clears.NEVER,
        quiet_backfill="a file starts nothing",
        without_consent="is in the file: e-mail and phone stand there only where each is subscribed to",
    )


_AGAIN: Final = "upload it anew every month in place of the last: who left or said no is gone there only then"
_GOOGLE: Final = Hashed(header=("Email", "Phone", "Lifetime Value"), email=google_email, phone=google_phone)
_META: Final = Hashed(header=("email", "phone", "value"), email=meta_email, phone=meta_phone)
FORMATS: Final[Mapping[str, Format]] = {
    "google": Format(
        title="Google Ads Customer Match, CSV",
        capabilities=_ads(MANY),
        ending=".csv",
        # NOTE: Google names the columns Email, Phone, First Name, Last Name, Country and Zip, and says
        # nothing of a value: https://support.google.com/google-ads/answer/7659867
        table=_GOOGLE,
        encode=_for_platform,
        has_values=True,
        advice=(
            "Google Ads: Tools > Data manager or Audience manager > customer list, data already hashed",
            _AGAIN,
            "Google documents no value column of a file: if it is refused, write it again with --no-value",
        ),
    ),
    API: Format(
        title="Google Data Manager API, one request a line",
        capabilities=_ads(MANY),
        ending=".jsonl",
        table=_GOOGLE,
        encode=_for_api,
        advice=(
            f"POST each line to {BASE_URL}{INGEST}, or use --send",
            "the API takes no value of a person: the best of a list of their own are what it can be told",
            "who leaves the segment leaves the list with its membership duration: 30 days, sent every week",
        ),
    ),
    "meta": Format(
        title="Meta custom audience, CSV",
        capabilities=_ads(MANY),
        ending=".csv",
        # NOTE: what looks like SHA-256 is not hashed again. The API's schema calls the value
        # LOOKALIKE_VALUE; of a file Ads Manager asks which column it is, and takes none below 0:
        # https://www.facebook.com/business/help/1033094474356222
        table=_META,
        encode=_for_platform,
        has_values=True,
        advice=(
            "Ads Manager: Audiences > Custom audience > Customer list, with customer value = value",
            _AGAIN,
            "a value-based look-alike learns from differences: `best --share 1` gives it everyone's value",
        ),
    ),
    "csv": Format(
        title="CSV for Sheets and Excel",
        capabilities=_sheet(MANY),
        ending=".csv",
        table=spreadsheet,
        encode=_for_people,
    ),
    "xlsx": Format(
        title="Workbook for Excel and Sheets",
        capabilities=_sheet(MOST_ROWS),
        ending=".xlsx",
        table=spreadsheet,
        encode=_workbook,
    ),
}
