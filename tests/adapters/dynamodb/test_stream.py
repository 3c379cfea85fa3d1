"""What a batch of the stream adds to the sizes of segments."""

from typing import Any

from nextorder.adapters.dynamodb.records import state_item
from nextorder.adapters.dynamodb.stream import size_changes
from nextorder.domain.passes import CUSTOMERS
from nextorder.domain.verdict import State, Verdict

SHOP = "a.myshopify.com"


def record(old: tuple[str, ...] | None, new: tuple[str, ...] | None, shop: str = SHOP) -> dict[str, Any]:
    """Return the stream's record of a state that was shown in `old` and is shown in `new` now."""
    images = {
        name: state_item(
            f"{shop}#7", shop, State(verdict=Verdict(), digest="", version=1, shown_in=shown), ""
        )
        for name, shown in (("OldImage", old), ("NewImage", new))
        if shown is not None
    }
    return {"dynamodb": {"Keys": {"pk": {"S": f"{shop}#7"}, "sk": {"S": "state"}}, **images}}


def test_a_batch_is_one_sum_a_shop() -> None:
    batch = [
        record(None, ("life:new",)),
        record(("life:new",), ("life:repeat", "value:gold")),
        record(("life:new", "love:tea"), ("life:new", "love:tea")),
        record(("hold",), None),
        record(None, (), shop="b.myshopify.com"),
    ]

    assert size_changes(batch) == {
        SHOP: {"life:repeat": 1, "value:gold": 1, "hold": -1},
        "b.myshopify.com": {CUSTOMERS: 1},
    }


def test_a_customer_who_changes_to_and_fro_changes_nothing() -> None:
    assert size_changes([record(("a:b",), ("a:c",)), record(("a:c",), ("a:b",))]) == {SHOP: {}}
