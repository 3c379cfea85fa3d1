"""The GraphQL documents we send."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MUTATION_COST = 10
"""Of each top-level mutation below. https://shopify.dev/docs/api/usage/limits"""
MOST_METAFIELDS = 25
"""That one metafieldsSet takes; it is atomic, one bad owner fails them all."""

CONTACT = """
legacyResourceId
defaultEmailAddress { emailAddress }
defaultPhoneNumber { phoneNumber }
"""
REACH = """
legacyResourceId
dataSaleOptOut
defaultEmailAddress { emailAddress marketingState }
defaultPhoneNumber { phoneNumber smsMarketingConsent { state } }
"""
CONTACTS_BY_ID, REACH_BY_ID = (
    f"query People($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Customer {{ {fields} }} }} }}"
    for fields in (CONTACT, REACH)
)
"""Three and four points an id."""
CONTACTS_FOUND, REACH_FOUND = (
    f"query People($query: String!) {{ customers(first: 250, query: $query) {{ nodes {{ {fields} }} }} }}"
    for fields in (CONTACT, REACH)
)
"""A connection is priced by its page: some 40 points for 250."""

TAGS = """
query Tags($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Customer { legacyResourceId tags } }
}
"""

LOOK = "query Look { customers(first: 1) { nodes { id } } }"
"""Denied without the approval that customers' data asks for, whatever the scopes are."""

FEES = """
query Fees($id: ID!) {
  shop { currencyCode }
  order(id: $id) {
    transactions { id fees { amount { amount currencyCode } } }
  }
}
"""

STAGE_UPLOAD = """
mutation StageUpload($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url parameters { name value } }
    userErrors { field message }
  }
}
"""

RUN_MUTATION = """
mutation RunMutation($mutation: String!, $path: String!, $name: String) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path, clientIdentifier: $name) {
    bulkOperation { id }
    userErrors { code }
  }
}
"""

CANCEL = """
mutation Cancel($id: ID!) {
  bulkOperationCancel(id: $id) { userErrors { message } }
}
"""

WRITES = """
query Writes($since: String!, $after: String) {
  bulkOperations(first: 100, after: $after, query: $since) {
    nodes { id status errorCode query url partialDataUrl }
    pageInfo { hasNextPage endCursor }
  }
}
"""
"""Those begun since a moment, by whatever process; ours are told by the mark in their text."""

_ERRORS = {
    "tagsAdd": "field message",
    "tagsRemove": "field message",
    "metafieldsSet": "field message code elementIndex",
    "metafieldsDelete": "field message",
}
_ITEMS = {"metafieldsSet": "MetafieldsSetInput", "metafieldsDelete": "MetafieldIdentifierInput"}


@dataclass(slots=True)
class Mutations:
    """Several aliased mutations in one document; Shopify runs them one after the other, in this order."""

    variables: dict[str, Any] = field(default_factory=dict)
    owners: dict[str, set[str]] = field(default_factory=dict)
    """Alias -> the global ids it writes to."""
    _declared: list[str] = field(default_factory=list)
    _fields: list[str] = field(default_factory=list)

    def change_tags(self, alias: str, mutation: str, owner: str, tags: Iterable[str]) -> None:
        """Append tagsAdd or tagsRemove; nothing for no tags."""
        if wanted := sorted(tags):
            self.owners[alias] = {owner}
            self._append(alias, mutation, id=("ID!", owner), tags=("[String!]!", wanted))

    def change_metafields(self, alias: str, mutation: str, items: Sequence[Mapping[str, str]]) -> None:
        """Append metafieldsSet or metafieldsDelete; nothing for no items."""
        if items:
            self.owners[alias] = {item["ownerId"] for item in items}
            self._append(alias, mutation, metafields=(f"[{_ITEMS[mutation]}!]!", items))

    @property
    def document(self) -> str:
        """The whole document; `variables` belong to it."""
        return f"mutation Publish({', '.join(self._declared)}) {{\n{chr(10).join(self._fields)}\n}}"

    @property
    def cost(self) -> int:
        """Points that Shopify will ask for."""
        return MUTATION_COST * len(self._fields)

    def _append(self, alias: str, mutation: str, **arguments: tuple[str, Any]) -> None:
        for name, (kind, value) in arguments.items():
            self._declared.append(f"${alias}_{name}: {kind}")
            self.variables[f"{alias}_{name}"] = value
        given = ", ".join(f"{name}: ${alias}_{name}" for name in arguments)
        self._fields.append(f"  {alias}: {mutation}({given}) {{ userErrors {{ {_ERRORS[mutation]} }} }}")


def as_written(tags: Iterable[str]) -> frozenset[str]:
    """
    Return a customer's tags as we write ours, in lower case.

    NOTE: Shopify adds and removes by lower case, and a tag stands as the shop once spelled it first.
    """
    return frozenset(tag.lower() for tag in tags)


def customer_gid(customer: str) -> str:
    """Return the global id of a numeric customer id."""
    return f"gid://shopify/Customer/{customer}"
