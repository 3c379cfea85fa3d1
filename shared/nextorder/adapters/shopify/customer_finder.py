"""Which customer an e-mail address belongs to; addresses are asked about and not kept."""

from collections.abc import Iterator, Mapping, Sequence

from nextorder.adapters.shopify.patient_reader import PatientReader
from nextorder.adapters.shopify.reading_documents import CUSTOMERS_BY_EMAIL, EMAILS_PER_QUERY


class CustomerFinder(PatientReader):
    """Looks addresses up, many in one search."""

    def find(self, shop: str, emails: Sequence[str]) -> Mapping[str, str]:
        """Return numeric customer ids by address in lower case; who is not found is missing."""
        return dict(self._ask(shop, emails))

    def _ask(self, shop: str, emails: Sequence[str]) -> Iterator[tuple[str, str]]:
        ask = self._asker(shop)
        for start in range(0, len(emails), EMAILS_PER_QUERY):
            asked = emails[start : start + EMAILS_PER_QUERY]
            search = " OR ".join(f'email:"{email}"' for email in asked if _is_plain(email))
            if not search:
                continue
            variables = {"first": len(asked), "query": search}
            for node in ask(CUSTOMERS_BY_EMAIL, variables)["customers"]["nodes"]:
                # NOTE: the search also finds addresses that only begin alike
                email = (node["defaultEmailAddress"] or {}).get("emailAddress", "").lower()
                yield email, node["id"].rpartition("/")[2]


def _is_plain(email: str) -> bool:
    return "@" in email and not set(email) & set('"\\ ')
