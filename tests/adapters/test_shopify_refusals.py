"""What Shopify refuses for good is told by field and code, since its words may quote anything."""

import json
from typing import Any

import pytest

from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.adapters.shopify.user_errors import refusal_code
from nextorder.domain.changes import Change, Person
from nextorder.domain.refusals import refusal_in_words
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE

RULES = {"choices": json.dumps(["gold", "silver"]), "max": "250"}
LONG = {"max": "a stage of more than 250 characters" * 8, "choices": "new"}


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("customers", [("7",), ("7", "8")])
def test_a_rule_for_the_values_of_a_definition_is_not_taken_for_something_else(
    rule: str, customers: tuple[str, ...]
) -> None:
    with FakeShopify() as shopify:
        shopify.seed({"customers": [{"id": one} for one in customers]})
        shopify.store.definitions["CUSTOMER", "nextorder", "stage"] = {
            "type": "single_line_text_field",
            "filterable": True,
            "validations": [{"name": rule, "value": RULES[rule]}],
        }
        destination = ShopifyDestination(
            ShopifyClient(lambda _: SECRET, base_url=shopify.url), lambda _: CATALOGUE
        )
        changes = [Change(person=Person(customer=one), set={"stage": LONG[rule]}) for one in customers]

        outcomes = destination.deliver_many(SHOP, changes)

    codes = [getattr(outcome, "code", "") for outcome in outcomes]
    assert codes == ["metafield-invalid_value"] * len(customers)
    assert "rules" in refusal_in_words(codes[0])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"field": ["id"], "message": "Customer does not exist"}, "customer-missing"),
        ({"field": ["metafields", "0", "ownerId"], "message": "?", "code": "INVALID"}, "customer-missing"),
        ({"field": ["tags"], "message": "Tags cannot be more than 250"}, "tag-limit"),
        ({"field": ["tags"], "message": "Tags is too long (maximum is 255 characters)"}, "tag-refused"),
        ({"field": None, "message": "Tags cannot be more than 250"}, "tag-limit"),
        ({"field": ["metafields", "0", "key"], "message": "250 does not exist"}, "metafield-refused"),
        ({"field": ["metafields", "0"], "message": "?", "code": "STALE_OBJECT"}, "metafield-stale_object"),
    ],
)
def test_a_refusal_is_named_by_field_and_code(error: dict[str, Any], code: str) -> None:
    assert refusal_code(error) == code
