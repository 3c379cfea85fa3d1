"""Shipping, packing and returns by the country that an order goes to; else as everywhere."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.currency import Exchange
from nextorder.domain.ledger import profit_of_order
from nextorder.domain.shop import Costs, CountryCosts
from tests.unit.ledger_cases import COSTS, everything_back, order_in, refund_in, usual_order

ABROAD = CountryCosts(outbound_shipping=1_200, return_shipping=900)
BY_COUNTRY = replace(COSTS, by_country={"NO": ABROAD, "SE": CountryCosts(pick_pack=0)})
ORDER = order_in(usual_order())
BACK = refund_in(everything_back())

amounts = st.none() | st.integers(0, 10_000)
countries = st.builds(
    CountryCosts,
    outbound_shipping=amounts,
    pick_pack=amounts,
    return_shipping=amounts,
    return_handling=amounts,
)


def test_a_country_has_its_own_and_what_is_not_told_of_it_is_as_everywhere() -> None:
    """Parcel 12.00 + picking 1.50 instead of 4.95 + 1.50; to Sweden 4.95 alone."""
    parcels = {
        country: profit_of_order(replace(ORDER, country=country), [], [], BY_COUNTRY).parcels
        for country in ("NO", "SE", "FI", "")
    }

    assert parcels == {"NO": 1_350, "SE": 495, "FI": 645, "": 645}


def test_a_return_from_there_costs_what_it_costs_there() -> None:
    """Return parcel 9.00 instead of 3.50, handling 1.00 and a tenth of 16.00 as everywhere."""
    home, abroad = (
        profit_of_order(replace(ORDER, country=country), [BACK], [], BY_COUNTRY) for country in ("FI", "NO")
    )

    assert (home.returns, abroad.returns) == (350 + 100 + 160, 900 + 100 + 160)


@given(countries)
def test_a_country_is_as_if_its_costs_were_everyones(own: CountryCosts) -> None:
    costs = replace(COSTS, by_country={"NO": own})
    everywhere = costs.of("NO")

    assert profit_of_order(replace(ORDER, country="NO"), [BACK], [], costs) == profit_of_order(
        replace(ORDER, country=""), [BACK], [], everywhere
    )
    assert costs.of("FI") is costs
    assert replace(everywhere, by_country={}) == replace(COSTS, **own.told)


def test_another_currency_converts_them_with_the_rest() -> None:
    into = Exchange("EUR", COSTS.unsellable_share)

    assert into.costs(BY_COUNTRY).by_country["NO"] == CountryCosts(outbound_shipping=120, return_shipping=90)
    assert into.costs(Costs()).by_country == {}
