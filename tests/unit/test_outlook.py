"""Without another order the chances fall and nobody rises."""

from nextorder.domain.outlook import OUTLOOK_DAYS, outlook
from tests.unit.shop_cases import CATALOGUE, DAY, MODEL, SHOP, START, an_order


def test_silence_lowers_every_chance_and_the_value() -> None:
    facts = [an_order(0), an_order(40), an_order(75)]

    later = outlook("7001", facts, SHOP, MODEL, as_of=START + 80 * DAY, catalogue=CATALOGUE)

    scores = [later[days].scores for days in OUTLOOK_DAYS]
    chances = [each.p_order["30"].value for each in scores if each]
    values = [each.clv_gp2_365.value for each in scores if each and each.clv_gp2_365]
    assert len(chances) == len(values) == len(OUTLOOK_DAYS)
    assert chances == sorted(chances, reverse=True)
    assert values == sorted(values, reverse=True)
    assert later[0].segments["life"].value == "repeat"
    assert later[365].segments["risk"].value in {"at-risk", "lost"}
