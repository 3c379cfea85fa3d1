"""Histories of webhooks with every kind of trouble, and the house that works them off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from tests.fakes.board import Fuse
from tests.fakes.house import House, Webhook
from tests.unit.payloads import Body, a_customer, a_line, a_refund, a_transaction, an_order, refunded
from tests.unit.shop_cases import CATALOGUE, MODEL, SHOP

AS_OF = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LIVE = replace(SHOP, applied=True)
ANNA, BERTA = "7001", "7002"
LINE = a_line(1, "40.00", 2)


def placed(number: int, day: str, customer: Body | None, **fields: object) -> Body:
    at = f"2026-{day}T10:15:00+01:00"
    return an_order(
        a_line(number * 10, "40.00"),
        total="45.00",
        **{
            "id": number,
            "admin_graphql_api_id": f"gid://shopify/Order/{number}",
            "processed_at": at,
            "created_at": at,
            "updated_at": at,
            "customer": customer,
            **fields,
        },
    )


def a_history() -> list[Webhook]:
    """Two customers, a guest who turns out to be one of them, refunds, consent, and a merge at the end."""
    anna = a_customer()
    berta = a_customer(id=7002, admin_graphql_api_id="gid://shopify/Customer/7002", email="berta@example.com")
    first = placed(5001, "03-02", anna)
    first["line_items"] = [LINE]
    back = a_refund(refunded(LINE, 1, "40.00"))
    return [
        ("orders/create", {**first, "financial_status": "pending"}),
        ("orders/paid", first),
        ("order_transactions/create", a_transaction(8001, "45.00")),
        ("refunds/create", back),
        ("orders/updated", {**first, "refunds": [back], "updated_at": "2026-03-12T09:00:01+01:00"}),
        ("orders/create", placed(5002, "04-20", anna)),
        ("orders/create", placed(5003, "05-11", None)),
        ("orders/updated", placed(5003, "05-11", anna, updated_at="2026-05-12T08:00:00+02:00")),
        ("orders/create", placed(5004, "05-20", berta)),
        ("orders/cancelled", placed(5004, "05-20", berta, cancelled_at="2026-05-21T08:00:00+02:00")),
        ("orders/create", placed(5005, "05-25", berta)),
        (
            "customers_email_marketing_consent/update",
            {
                "customer_id": 7001,
                "email_address": "anna@example.com",
                "email_marketing_consent": {
                    "state": "subscribed",
                    "opt_in_level": "single_opt_in",
                    "consent_updated_at": "2026-03-02T10:15:00+01:00",
                },
            },
        ),
    ]


def goods() -> list[Webhook]:
    """One product, and its cost that rose between the first orders and the last."""
    mug = {"id": 800, "title": "Mug", "product_type": "Mugs", "updated_at": "2026-01-02T00:00:00Z"}
    costs = {"7.00": "2026-01-03T00:00:00Z", "9.00": "2026-05-01T00:00:00Z"}
    return [
        ("products/update", mug | {"variants": [{"id": 31, "inventory_item_id": 41, "sku": "M"}]}),
        *(
            ("inventory_items/update", {"id": 41, "cost": cost, "updated_at": at, "currency": "EUR"})
            for cost, at in costs.items()
        ),
    ]


def of_goods(history: Sequence[Webhook]) -> list[Webhook]:
    """Return the goods and a history whose orders are all of them."""
    return [
        *goods(),
        *(
            (topic, {**body, "line_items": [line | {"variant_id": 31} for line in body["line_items"]]})
            if "line_items" in body
            else (topic, body)
            for topic, body in history
        ),
    ]


def a_restless_history() -> list[Webhook]:
    """Orders that change hands and are deleted, refunds on the way, a customer who is deleted."""
    anna = a_customer()
    berta = a_customer(id=7002, admin_graphql_api_id="gid://shopify/Customer/7002", email="berta@example.com")
    cleo = a_customer(id=7003, admin_graphql_api_id="gid://shopify/Customer/7003", email=None)
    moving = placed(5010, "03-02", anna)
    moving["line_items"] = [LINE]
    return [
        ("orders/create", moving),
        ("refunds/create", a_refund(refunded(LINE, 1, "40.00"), order_id=5010)),
        ("orders/updated", {**moving, "customer": berta, "updated_at": "2026-04-01T08:00:00+02:00"}),
        ("orders/create", placed(5011, "04-20", berta)),
        ("orders/delete", {"id": 5011}),
        ("orders/create", placed(5012, "05-02", anna)),
        ("orders/updated", placed(5012, "05-02", None, updated_at="2026-05-03T08:00:00+02:00")),
        ("orders/create", placed(5013, "05-04", cleo)),
        ("refunds/create", a_refund(refunded(LINE, 1, "40.00"), number=6002, order_id=5013)),
        ("customers/delete", {"id": 7003, "admin_graphql_api_id": "gid://shopify/Customer/7003"}),
    ]


MERGE: Webhook = (
    "customers/merge",
    {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7001",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/7002",
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    },
)


def a_house(fuse: Fuse | None = None) -> House:
    house = House(LIVE, MODEL, CATALOGUE.with_on("all"), AS_OF, fuse=fuse or Fuse())
    house.board.profiles = {"anna@example.com": "P1", "berta@example.com": "P2"}
    return house


def shown(house: House) -> object:
    return {profile: house.board.shown(profile) for profile in ("P1", "P2")}


def clean_pass(history: list[Webhook]) -> House:
    house = a_house()
    house.receive(*history)
    house.settle()
    return house


def in_any_order(history: list[Webhook]) -> st.SearchStrategy[list[Webhook]]:
    """Every webhook at least once, some twice, in any order."""
    repeats = st.lists(st.sampled_from(range(len(history))), max_size=6)
    numbers = repeats.flatmap(lambda extra: st.permutations([*range(len(history)), *extra]))
    return numbers.map(lambda chosen: [history[n] for n in chosen])
