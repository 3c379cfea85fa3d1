"""tagsAdd and tagsRemove, by what was recorded on a live store."""

from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.errors import access_denied, check_array
from tests.fakes.shopify.ids import kind_of, moment
from tests.fakes.shopify.store import TAG_LIMITS, Resource, Store

MOST_TAGS = 250
TAGGABLE = {"Article", "Customer", "DraftOrder", "Order", "Product"}

Payload = dict[str, Any]


def split(tags: Iterable[str]) -> list[str]:
    """Return the single tags: a comma ends one, blanks around it do not count."""
    return [tag.strip() for text in tags for tag in text.split(",") if tag.strip()]


def add(store: Store, id_: str, tags: list[str]) -> Payload:
    """
    Add tags; one that is there already, in whatever case, stays as it is written.

    NOTE: recorded: "A" became "a" on a customer, where another one had "a", and "A" on an order.
    """
    resource = _find(store, id_, tags, "tagsAdd")
    if resource is None:
        return _refused("id", f"{kind_of(id_)} does not exist")
    known = {tag.lower(): tag for tag in resource.tags}
    wanted = dict(known)
    for tag in split(tags):
        spelled = store.spellings.setdefault(tag.lower(), tag) if resource.kind == "Customer" else tag
        wanted.setdefault(tag.lower(), spelled)
    longest = TAG_LIMITS[resource.kind]
    if any(len(tag) > longest for tag in wanted.values()):
        return _refused("tags", f"Tags is too long (maximum is {longest} characters)")
    # NOTE: recorded on customerCreate; what tagsAdd says above 250 is expected to be the same.
    if len(wanted) > MOST_TAGS:
        return _refused("tags", f"Tags cannot be more than {MOST_TAGS}")
    return _write(store, resource, wanted)


def remove(store: Store, id_: str, tags: list[str]) -> Payload:
    """Remove tags, whatever their case, but of orders as they are written; a missing one is no error."""
    resource = _find(store, id_, tags, "tagsRemove")
    if resource is None:
        return _refused("id", f"{kind_of(id_)} does not exist")
    # NOTE: recorded: an order keeps "Red" when "red" is removed, a customer and a product do not.
    same = str if resource.kind == "Order" else str.lower
    gone = {same(tag) for tag in split(tags)}
    return _write(store, resource, {tag.lower(): tag for tag in resource.tags if same(tag) not in gone})


def _find(store: Store, id_: str, tags: list[str], mutation: str) -> Resource | None:
    check_array(tags)
    kind = kind_of(id_)
    if kind not in TAGGABLE:
        raise GraphQLError("invalid id", extensions={"code": "RESOURCE_NOT_FOUND"})
    scope = f"write_{kind.lower()}s"
    if kind in TAG_LIMITS and scope not in store.scopes:
        raise access_denied(mutation, f"`{scope}` access scope.")
    return store.find(id_)


def _write(store: Store, resource: Resource, tags: dict[str, str]) -> Payload:
    written = [tags[key] for key in sorted(tags)]
    if written != resource.tags:
        before, resource.tags = resource.tags, written
        store.touch(resource)
        if resource.kind == "Customer":
            _tell(store, resource, before)
    return {"node": resource.id, "userErrors": []}


def _tell(store: Store, customer: Resource, before: list[str]) -> None:
    """Our own writes come back to us as the merchant's would."""
    changes = {
        "customer.tags_added": [tag for tag in customer.tags if tag not in before],
        "customer.tags_removed": [tag for tag in before if tag not in customer.tags],
    }
    at = moment(store.now)
    for topic, tags in changes.items():
        if tags:
            store.news.append((topic, {"customerId": customer.id, "tags": tags, "occurredAt": at}))


def _refused(field: str, message: str) -> Payload:
    return {"node": None, "userErrors": [{"field": [field], "message": message}]}
