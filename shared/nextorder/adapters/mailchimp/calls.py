"""Mailchimp's API as we call it: with a key that says where, one write at a time or many as a batch."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from nextorder.adapters.api import Api, Settings, encode
from nextorder.adapters.destination_parts import Parts
from nextorder.adapters.http import Response
from nextorder.adapters.mailchimp.fields import check_kept
from nextorder.domain.errors import NextorderError, RetryLater

FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One write, by itself or as an operation of a batch."""

    method: str
    path: str
    body: Mapping[str, Any]

    def operation(self, id_: str) -> Mapping[str, str]:
        """Return it as a batch takes it."""
        # NOTE: that a batch reads a PATCH's query in its path is nowhere said; what is refused goes alone.
        path, body = self.path.removeprefix("/3.0"), encode(self.body).decode()
        return {"operation_id": id_, "method": self.method, "path": path, "body": body}

    def kept(self, document: Mapping[str, Any]) -> str:
        """Make sure that fields were kept; return Mailchimp's own id of the member, if it is told."""
        if fields := self.body.get("merge_fields"):
            check_kept(fields, document.get("merge_fields") or {})
        return str(document.get("contact_id") or "")


class MailchimpApi(Api):
    """The data centre is in the key, and a bare 403 is a throttle."""

    def __init__(self, parts: Parts) -> None:
        super().__init__("mailchimp", replace(parts, settings=lambda shop: _at(parts.settings(shop))), _key)

    def refusal(self, response: Response) -> NextorderError:
        """Name an error answer."""
        # NOTE: at very many calls Mailchimp answers 403 without a document; a missing right has one.
        if response.status_code == FORBIDDEN and "json" not in response.headers.get("Content-Type", ""):
            return RetryLater("mailchimp answered 403")
        return super().refusal(response)


def _at(settings: Settings) -> Settings:
    """Add where the API is, which the key ends with."""
    centre = settings["api_key"].rpartition("-")[2]
    return {**settings, "url": settings.get("url") or f"https://{centre}.api.mailchimp.com"}


def no_key(key: str) -> str:
    """Say what is expected of a key, where a text is none."""
    if re.fullmatch(r"\S+-[a-z]{2,4}\d+", key):
        return ""
    return "a key ends with where its account is, such as -us21: copy all of it"


def _key(settings: Settings) -> Mapping[str, str]:
    pair = b64encode(f"nextorder:{settings['api_key']}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
