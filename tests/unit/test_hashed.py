"""E-mails and phones are hashed as each platform writes them."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.hashed import google_email, google_phone, meta_email, meta_phone, sha256_hex

CODES = st.sampled_from(["1", "46", "44", "353"])
NUMBERS = st.integers(2_000_000, 99_999_999_999).map(str)


@pytest.mark.parametrize(
    ("given_email", "google", "meta"),
    [
        (" Dana@Example.com ", "dana@example.com", "dana@example.com"),
        ("AlexJ @example.com", "alexj@example.com", "alexj @example.com"),
        ("first.last@example.com", "first.last@example.com", "first.last@example.com"),
        ("Cloudy.San@GMAIL.com", "cloudysan@gmail.com", "cloudy.san@gmail.com"),
        ("a.b+shop@googlemail.com", "ab+shop@googlemail.com", "a.b+shop@googlemail.com"),
        ("a.b@mail.gmail.com", "a.b@mail.gmail.com", "a.b@mail.gmail.com"),
        ("", "", ""),
        ("no-address", "", ""),
        ("@example.com", "", ""),
    ],
)
def test_an_email_is_written_as_each_platform_hashes_it(given_email: str, google: str, meta: str) -> None:
    assert google_email(given_email) == google
    assert meta_email(given_email) == meta


@pytest.mark.parametrize(
    ("phone", "google", "meta"),
    [
        ("+18005550100", "+18005550100", "18005550100"),
        (" +46 (70) 123-45.67 ", "+46701234567", "46701234567"),
        ("0701234567", "", ""),
        ("+0701234567", "", ""),
        ("+46", "", ""),
        ("+4670123456789012", "", ""),
        ("+46701234567 ext 2", "", ""),
        ("", "", ""),
    ],
)
def test_a_phone_is_e164_with_its_plus_for_google_and_without_for_meta(
    phone: str, google: str, meta: str
) -> None:
    assert google_phone(phone) == google
    assert meta_phone(phone) == meta


def test_a_hash_is_sha_256_in_small_hexadecimal_and_nothing_hashes_to_nothing() -> None:
    assert (
        sha256_hex("test@example.com") == "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
    )
    assert sha256_hex("") == ""
    assert sha256_hex("åsa@example.com") == sha256("åsa@example.com".encode()).hexdigest()


@given(CODES, NUMBERS)
def test_one_number_has_one_hash_however_it_is_spaced(code: str, number: str) -> None:
    spaced = f" +{code} ({number[:2]}) {number[2:]} "

    assert google_phone(spaced) in {f"+{code}{number}", ""}
    assert google_phone(spaced) == google_phone(f"+{code}{number}")
    assert meta_phone(spaced) == google_phone(spaced).removeprefix("+")


@given(st.emails())
def test_writing_it_twice_changes_nothing(email: str) -> None:
    for write in (google_email, meta_email):
        assert write(write(email)) == write(email)
