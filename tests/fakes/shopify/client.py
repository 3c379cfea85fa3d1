"""A plain client of the fake store, with the documents its tests send."""

from typing import Any, Self

import requests

from tests.fakes.shopify.server import GRAPHQL_PATH, STATIC_TOKEN, FakeShopify

CUSTOMER = "gid://shopify/Customer/7"

TAGS_ADD = """mutation Add($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { ... on Customer { tags } } userErrors { field message } }
}"""
TAGS_REMOVE = TAGS_ADD.replace("tagsAdd", "tagsRemove")
METAFIELDS_SET = """mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { namespace key value compareDigest } userErrors { field message code elementIndex }
  }
}"""
READ = """query Read($id: ID!) {
  customer(id: $id) {
    id tags
    defaultEmailAddress { emailAddress }
    defaultPhoneNumber { phoneNumber }
    stage: metafield(namespace: "nextorder", key: "stage") { value }
    metafields(first: 10, namespace: "nextorder") { nodes { key value } }
  }
}"""


class Client:
    """Sends documents and opens the admin doors; the customer 7 is seeded by the tests' fixture."""

    def __init__(self, fake: FakeShopify, token: str = STATIC_TOKEN) -> None:
        self.fake = fake
        self.session = requests.Session()
        self.session.headers["X-Shopify-Access-Token"] = token

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def send(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> requests.Response:
        """Return the reply as it came."""
        body = {"query": query, "variables": variables or {}}
        return self.session.post(self.fake.url + GRAPHQL_PATH, json=body, **{"timeout": 60.0} | options)

    def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """Return the GraphQL reply, which is always a 200."""
        reply = self.send(query, variables)
        assert reply.status_code == 200
        answer: dict[str, Any] = reply.json()
        return answer

    def door(self, name: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
        """Use an admin door."""
        reply = self.session.post(f"{self.fake.url}/_fake/{name}", json=document or {}, timeout=60)
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    def tags(self) -> list[str]:
        """Return the customer 7's tags as the store has them."""
        state = self.session.get(f"{self.fake.url}/_fake/state", timeout=60).json()
        tags: list[str] = state["customers"]["7"]["tags"]
        return tags


def code_of(answer: dict[str, Any]) -> str:
    """Return the code of the first error."""
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


def a_metafield(**changes: Any) -> dict[str, Any]:
    """Return one input of metafieldsSet."""
    given = {"ownerId": CUSTOMER, "namespace": "nextorder", "key": "stage"}
    return given | {"type": "single_line_text_field", "value": "due"} | changes


def many(count: int) -> str:
    """Return one document with so many aliased mutations."""
    field = 'a{}: tagsAdd(id: "gid://shopify/Customer/7", tags: "t{}") {{ userErrors {{ message }} }}'
    return "mutation {" + " ".join(field.format(at, at) for at in range(count)) + "}"
