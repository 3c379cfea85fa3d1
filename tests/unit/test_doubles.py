"""One person with two records is counted by what they have in common, and no contact is kept."""

import pytest

from nextorder.domain.doubles import Doubles
from nextorder.domain.messages import Contact


def found_among(*contacts: Contact) -> tuple[int, int]:
    doubles = Doubles(key=b"of a test")
    for contact in contacts:
        doubles.add(contact)
    return doubles.found, doubles.compared


def a_contact(email: str = "", phone: str = "") -> Contact:
    return Contact(customer="1", email=email, phone=phone)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_contact("buyer@example.com"), a_contact("Buyer@Example.com ")),
        (a_contact("buyer@example.com"), a_contact("buyer+shop@example.com")),
        (a_contact("b.uyer@gmail.com"), a_contact("buyer@gmail.com")),
        (a_contact(phone="+46 70 123 45 67"), a_contact(phone="0046701234567")),
        (a_contact("a@example.com", "+4670"), a_contact("b@example.com", "+46 70")),
    ],
)
def test_two_spellings_of_one_address_are_a_double(one: Contact, other: Contact) -> None:
    assert found_among(one, other) == found_among(other, one) == (1, 2)


def test_different_people_are_none() -> None:
    assert found_among(a_contact("b.uyer@example.com"), a_contact("buyer@example.com")) == (0, 2)
    assert found_among(a_contact(), a_contact()) == (0, 0)


def test_nothing_of_a_contact_is_kept_or_shown() -> None:
    doubles = Doubles(key=b"of a test")
    doubles.add(a_contact("buyer@example.com", "+46701234567"))

    assert repr(doubles) == "Doubles(compared=1, found=0)"
    (first, second) = doubles._seen  # noqa: SLF001 - that is what must not hold a contact
    assert b"buyer" not in first + second
