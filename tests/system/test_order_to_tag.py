"""One order's webhooks become a tag in Shopify, properties and one event in Klaviyo, and never a profile."""

from nextorder.domain.shop import Shop
from tests.local_stack.queues import wait_until_settled
from tests.system.cloud import Cloud, eventually
from tests.system.people import (
    Someone,
    Webhook,
    an_order_of,
    consent_of,
    days_ago,
    deliver_all,
    door,
    events,
    is_published,
    metafields,
    profile,
    properties,
    requests_about,
    seed,
    someone,
    tags,
)


def webhooks_of(person: Someone) -> list[Webhook]:
    """Return what Shopify sends of a first order, the customer's consent long given."""
    order = an_order_of(person, 0.01)
    pending = order | {"financial_status": "pending"}
    return [consent_of(person), ("orders/create", pending), ("orders/paid", order), ("orders/updated", order)]


def consented(cloud: Cloud, shop: Shop, person: Someone) -> None:
    """Say that the customer wants e-mails, and wait until that is known: only then are there events."""
    deliver_all(cloud.endpoints, [consent_of(person)])
    eventually(lambda: cloud.customers.state(shop.id, person.id))


def test_an_order_becomes_a_tag_a_property_and_one_event(cloud: Cloud, shop: Shop) -> None:
    anna = someone(shop)
    seed(cloud, anna)
    consented(cloud, shop, anna)

    deliver_all(cloud.endpoints, webhooks_of(anna))

    assert eventually(lambda: "next:life:new" in tags(cloud, anna))
    assert eventually(lambda: properties(cloud, anna).get("nextorder_stage")) == "new"
    [told] = eventually(lambda: events(cloud, anna))
    assert told["metric"] == "Nextorder Stage Changed"
    assert told["properties"]["to"] == "new"
    assert metafields(cloud, anna)["nextorder.stage"]["value"] == "new"
    assert all(tag.startswith("next:") for tag in tags(cloud, anna))


def test_the_same_webhooks_a_second_time_publish_nothing(cloud: Cloud, shop: Shop) -> None:
    anna = someone(shop)
    seed(cloud, anna)
    at, webhooks = days_ago(0), webhooks_of(anna)
    deliver_all(cloud.endpoints, webhooks[:1], at=at)
    eventually(lambda: cloud.customers.state(shop.id, anna.id))
    deliver_all(cloud.endpoints, webhooks, at=at)
    assert eventually(lambda: events(cloud, anna) and is_published(cloud, shop.id, anna))
    before = cloud.customers.state(shop.id, anna.id)
    asked = requests_about(cloud, anna)

    deliver_all(cloud.endpoints, webhooks, at=at)
    wait_until_settled(cloud.endpoints)

    assert requests_about(cloud, anna) == asked > 0
    assert cloud.customers.state(shop.id, anna.id) == before


def test_a_customer_whom_klaviyo_does_not_know_is_not_made_known_to_it(cloud: Cloud, shop: Shop) -> None:
    anna = someone(shop)
    seed(cloud, anna, profiles=[])

    deliver_all(cloud.endpoints, webhooks_of(anna))

    assert eventually(lambda: tags(cloud, anna))
    wait_until_settled(cloud.endpoints)  # what is to be told is written down before it is tried
    assert cloud.customers.read(shop.id, anna.id).accepted["klaviyo"].refused == "profile-missing"
    assert not profile(cloud, anna)
    assert door(cloud.endpoints.klaviyo_url, "state")["counters"]["profiles_created"] == 0


def test_a_held_out_customer_gets_the_hold_mark_and_nothing_else(cloud: Cloud, shop: Shop) -> None:
    anna = someone(shop, is_held_out=True)
    seed(cloud, anna)
    consented(cloud, shop, anna)

    deliver_all(cloud.endpoints, webhooks_of(anna))

    assert eventually(lambda: tags(cloud, anna)) == ["next:hold"]
    assert eventually(lambda: properties(cloud, anna)) == {"nextorder_holdout": True}
    wait_until_settled(cloud.endpoints)
    state = cloud.customers.state(shop.id, anna.id)
    assert state
    assert state.verdict.scores, "held out, and scored like everyone"
    assert tags(cloud, anna) == ["next:hold"]
    assert metafields(cloud, anna) == {}
    assert properties(cloud, anna) == {"nextorder_holdout": True}
    assert events(cloud, anna) == []


def test_an_order_that_leaves_its_customer_and_returns_is_shown_again(cloud: Cloud, shop: Shop) -> None:
    """The second first state has the version of the first: the queue must not take it for a repetition."""
    anna = someone(shop)
    seed(cloud, anna)
    order = an_order_of(anna, 1, updated_at="2026-11-01T10:00:00Z")
    deliver_all(cloud.endpoints, [("orders/create", order)])
    first = eventually(lambda: tags(cloud, anna))

    nobody = order | {"customer": None, "updated_at": "2026-11-01T11:00:00Z"}
    deliver_all(cloud.endpoints, [("orders/updated", nobody)])
    assert eventually(lambda: not tags(cloud, anna))
    returned = order | {"updated_at": "2026-11-01T12:00:00Z"}
    deliver_all(cloud.endpoints, [("orders/updated", returned)])

    assert eventually(lambda: tags(cloud, anna)) == first
