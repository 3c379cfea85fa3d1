"""What every format of an audience keeps to, a file or Google's API: who is in it, and how they are named."""

import io
import zipfile
from dataclasses import replace

import pytest

from nextorder.adapters.audience_files.columns import Asked
from nextorder.adapters.audience_files.formats import FORMATS, Format
from nextorder.adapters.google_ads.bodies import UserList
from nextorder.domain.audience import LeftOut, Wanted
from nextorder.domain.facts import Channel
from nextorder.domain.hashed import sha256_hex
from nextorder.use_cases.audience import Audience
from tests.unit.audience_cases import SEGMENT, Town, a_reach, a_verdict
from tests.unit.shop_cases import CATALOGUE, SHOP

LIST = UserList(account="1234567890", list_id="987654")
NOBODY: frozenset[Channel] = frozenset()


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> Format:
    return FORMATS[request.param]


@pytest.fixture
def town() -> Town:
    town = Town()
    town.settle("7001")
    return town


def gathered(town: Town, form: Format) -> Audience:
    """As the command gathers them, with every address that the merchant may be given."""
    return town.gather(Wanted(segment=SEGMENT, for_ads=form.for_ads, contacts=True, valued=form.has_values))


def said(town: Town, form: Format) -> str:
    """Return all that leaves the house, a workbook's pages among it."""
    asked = Asked(shop=SHOP, catalogue=CATALOGUE, valued=form.has_values, contacts=True, user_list=LIST)
    content = form.encode(form.table(gathered(town, form).people, asked), asked)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def names(text: str, customer: str) -> bool:
    """Whether a text has anything that leads to a customer, in plain words or hashed."""
    reach = a_reach(customer)
    hashed = (sha256_hex(one) for one in (reach.email, reach.phone, reach.phone.removeprefix("+")))
    return any(one in text for one in (customer, reach.email, reach.phone, *hashed))


def test_whoever_agreed_is_in_it(form: Format, town: Town) -> None:
    assert names(said(town, form), "7001")


def test_whoever_is_held_out_is_in_none(form: Format, town: Town) -> None:
    town.settle("7003", replace(a_verdict(), held_out=True))

    assert not names(said(town, form), "7003")
    assert gathered(town, form).left_out == {LeftOut.HELD_OUT: 1}


def test_whoever_was_redacted_or_deleted_is_not_in_the_next(form: Format, town: Town) -> None:
    town.settle("7004")
    assert names(said(town, form), "7004")

    town.forgotten.redacted.add((SHOP.id, "7004"))
    town.settle("7005")
    town.move_away("7005")

    assert not names(said(town, form), "7004")
    assert not names(said(town, form), "7005")


def test_no_address_is_in_it_without_consent_to_its_channel(form: Format, town: Town) -> None:
    town.settle("7002", reach=a_reach("7002", NOBODY))
    reach = a_reach("7002")

    text = said(town, form)

    assert not any(one in text for one in (reach.email, reach.phone, sha256_hex(reach.email)))
    assert names(text, "7002") is not form.for_ads


def test_a_platform_is_told_hashes_and_no_name_of_ours(form: Format, town: Town) -> None:
    text = said(town, form)

    assert form.capabilities.hashes is form.for_ads
    if form.for_ads:
        assert not any(word in text for word in ("example.com", "+4670", "7001", "champion", "nextorder"))
    else:
        assert "champion" in text
