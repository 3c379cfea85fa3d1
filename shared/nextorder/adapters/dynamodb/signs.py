"""The sign at the place of a customer who is gone, both ways."""

from datetime import datetime
from typing import Any, Final, cast

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb.items import text
from nextorder.domain.facts import StoredFact, sort_key
from nextorder.ports import Gone

_THEN: Final = "\n"
"""Between a fact's sort key and its document, which has no line ends."""


def written(fact: StoredFact) -> str:
    """Write a fact as one text of the sign."""
    return sort_key(fact) + _THEN + fact_codec.encode(fact)


def gone_of(customer: str, item: Any) -> Gone:
    """Read a sign; facts of a kind that only a later release knows wait there for it."""
    held = item.get("facts", {}).get("SS", ())
    return Gone(
        into=text(item, "into"),
        at=datetime.fromisoformat(text(item, "at")),
        orders=frozenset(item.get("orders", {}).get("SS", ())),
        facts=tuple(_fact(customer, each) for each in sorted(held) if fact_codec.is_fact(each)),
    )


def _fact(customer: str, said: str) -> StoredFact:
    sk, _, document = said.partition(_THEN)
    return cast("StoredFact", fact_codec.decode(sk, document, customer))
