"""Hosts of web pages, as names of where a visit came from."""

from typing import Final

from nextorder.domain.shop import Shop

LONGEST: Final = 24
"""With the other parts of an origin it keeps an order of ten lines within one write unit."""
_ANYBODYS: Final = len("boutique")
"""So much of an end may be what anybody registers names below, as `com`, `co.uk` and `com.au` are."""


def source_of(host: str) -> str:
    """Name a host; of a long one the end, since platforms write ids before their own name."""
    name = host.lower().removeprefix("www.")
    while len(name) > LONGEST and len(rest := name.partition(".")[2]) > _ANYBODYS:
        name = rest
    return name[-LONGEST:]


def is_own(source: str, shop: Shop) -> bool:
    """Whether visits of a source came from the shop's own pages, or from such of a domain below its own."""
    own = {host.lower().removeprefix("www.") for host in (shop.storefront, shop.domain, shop.id) if host}
    return source in map(source_of, own) or source.endswith(tuple(f".{host}" for host in own))
