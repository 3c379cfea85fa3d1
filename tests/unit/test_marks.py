"""What the first order marks a customer by."""

from dataclasses import replace

from nextorder.domain.buyer import Buyer
from nextorder.domain.facts import OrderLine
from nextorder.domain.marks import marks_of
from tests.unit.shop_cases import MODEL, SHOP, an_order, features_of


def test_an_order_is_told_by_its_dearest_goods_where_it_came_from_its_discount_and_its_size() -> None:
    tea = OrderLine(id="1", product="P1", category="tea", quantity=1, revenue=900)
    mugs = OrderLine(id="2", product="P2", category="mugs", quantity=2, revenue=3_000)
    card = OrderLine(id="3", product="P3", category="gifts", quantity=9, revenue=9_000, gift_card=True)
    order = replace(an_order(0), lines=(tea, mugs, card), country="SE", subtotal=4_000, discount=400)
    order = replace(order, shipping_method="express", accepts_marketing=True)

    assert set(marks_of(order)) == {
        "category=mugs",
        "product=P2",
        "channel=web",
        "country=SE",
        "discount=yes",
        "items=2-3",
        "shipping=express",
        "consent=yes",
    }


def test_what_is_not_known_is_no_mark() -> None:
    assert marks_of(replace(an_order(0), lines=(), source="")) == ("discount=no",)


def test_only_the_first_counted_order_marks() -> None:
    later = replace(an_order(9, name="later"), source="pos", country="NO")

    assert features_of(later, an_order(0), days=20).first_marks == marks_of(an_order(0))


def test_a_corrected_model_is_told_the_marks() -> None:
    features = features_of(an_order(0), days=20)
    buyer = Buyer(features=features, shop=SHOP, model=MODEL)

    assert MODEL.correction is None
    assert buyer.history(features.as_of).marks == frozenset()
    assert buyer._told(buyer.history(features.as_of), features.order_days).marks == set(features.first_marks)  # noqa: SLF001
