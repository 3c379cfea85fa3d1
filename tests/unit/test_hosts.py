"""Which sources are the shop's own pages, also where a long host is told by its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.hosts import LONGEST, is_own, source_of
from nextorder.domain.shop import Shop

LABELS = st.lists(st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True), min_size=1, max_size=4)
HOSTS = LABELS.map(lambda labels: ".".join((*labels, "com")))


@given(host=HOSTS, below=st.sampled_from(["", "www.", "account.", "checkout."]))
def test_own_pages_are_own_whatever_is_kept_of_their_host(host: str, below: str) -> None:
    shop = Shop(id="a.myshopify.com", storefront=f"www.{host}")

    assert is_own(source_of(below + host.upper()), shop)
    assert is_own("a.myshopify.com", shop)
    assert len(source_of(below + host)) <= LONGEST


@given(HOSTS)
def test_nobody_elses_pages_are(host: str) -> None:
    shop = Shop(id="a.myshopify.com", storefront="shop.example.org")

    assert not is_own(source_of(host), shop)
    assert not any(is_own(other, shop) for other in ("", "example.org", "myshop.example.org", "google"))


@pytest.mark.parametrize("suffix", ["com", "shop", "co.uk", "com.au"])
def test_of_a_long_name_more_is_left_than_what_anybody_may_register_below(suffix: str) -> None:
    shop = Shop(id="a.myshopify.com", storefront=f"the-shop-with-a-long-name.{suffix}")

    assert source_of(shop.storefront).endswith(f"with-a-long-name.{suffix}"[-LONGEST:])
    assert is_own(source_of(f"blog.the-shop-with-a-long-name.{suffix}"), shop)
    assert not is_own(source_of(f"the-paper-of-another-town.{suffix}"), shop)


def test_of_a_platform_its_own_name_is_left() -> None:
    assert source_of("0123456789abcdef.safeframe.googlesyndication.com") == "googlesyndication.com"
