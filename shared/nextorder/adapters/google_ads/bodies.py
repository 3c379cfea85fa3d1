"""Bodies of the Data Manager API's `audienceMembers:ingest`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nextorder.domain.errors import BadSettings

MOST_MEMBERS: Final = 10_000
"""Of one request; https://developers.google.com/data-manager/api/limits"""
GRANTED: Final = "CONSENT_GRANTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserList:
    """The list of a Google Ads account that people are added to."""

    account: str
    """Digits, as 1234567890."""
    list_id: str
    manager: str = ""
    """The account that we call as, where that is a manager's."""
    consented: bool = False
    """The merchant's word that these people agreed to ads by Google, which it wants in the EEA."""


def user_list(account: str, list_id: str, *, manager: str = "", consented: bool = False) -> UserList:
    """
    Read what a merchant copies from Google Ads: 123-456-7890 is written without its dashes.

    Raises:
        BadSettings: Something is no number.
    """
    numbers = {"--account": account, "--list": list_id, **({"--manager": manager} if manager else {})}
    plain = {name: text.replace("-", "").strip() for name, text in numbers.items()}
    for name, number in plain.items():
        if not re.fullmatch(r"[0-9]{4,20}", number):
            raise BadSettings(f"{name}: expected the number that Google Ads shows, such as 123-456-7890")
    return UserList(
        account=plain["--account"],
        list_id=plain["--list"],
        manager=plain.get("--manager", ""),
        consented=consented,
    )


def ingest_bodies(target: UserList, members: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """
    Yield one body for each ten thousand members, given as hashes of e-mail and phone.

    https://developers.google.com/data-manager/api/reference/rest/v1/audienceMembers/ingest
    """
    for start in range(0, len(members), MOST_MEMBERS):
        yield {
            "destinations": [_destination(target)],
            "audienceMembers": [_member(*hashes) for hashes in members[start : start + MOST_MEMBERS]],
            **(
                {"consent": dict.fromkeys(("adUserData", "adPersonalization"), GRANTED)}
                if target.consented
                else {}
            ),
            "encoding": "HEX",
            # NOTE: nothing is taken without it; the merchant accepts them in Google Ads before
            "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
        }


def _destination(target: UserList) -> dict[str, Any]:
    manager = {"loginAccount": _account(target.manager)} if target.manager else {}
    return {**manager, "operatingAccount": _account(target.account), "productDestinationId": target.list_id}


def _account(number: str) -> dict[str, str]:
    return {"accountType": "GOOGLE_ADS", "accountId": number}


def _member(email: str, phone: str) -> dict[str, Any]:
    # NOTE: Google recommends `compositeData` around it for what is to come, and takes this, too
    found = (("emailAddress", email), ("phoneNumber", phone))
    return {"userData": {"userIdentifiers": [{name: value} for name, value in found if value]}}
