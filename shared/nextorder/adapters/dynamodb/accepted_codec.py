"""What a destination accepted, as text: what its attributes' names have in common is said once."""

import json
from collections.abc import Collection
from itertools import takewhile
from typing import Final

from nextorder.adapters.document import from_plain, to_plain
from nextorder.domain.changes import Accepted

_ATTRIBUTES: Final = "attributes"
_BEGIN_WITH: Final = "names_begin_with"


def encode(accepted: Accepted) -> str:
    """
    Write what was accepted as JSON.

    Klaviyo's two dozen properties share a prefix; without it the item is under 1 KB, which is
    one write unit instead of two.
    """
    plain = to_plain(accepted)
    attributes = plain.get(_ATTRIBUTES, {})
    prefix = _common_start(attributes)
    if prefix:
        plain[_ATTRIBUTES] = {name.removeprefix(prefix): value for name, value in attributes.items()}
        plain[_BEGIN_WITH] = prefix
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def decode(text: str) -> Accepted:
    """Read it back."""
    plain = json.loads(text)
    prefix = plain.pop(_BEGIN_WITH, "")
    attributes = plain.get(_ATTRIBUTES, {})
    whole = {prefix + name: value for name, value in attributes.items()}
    accepted: Accepted = from_plain(Accepted, plain | ({_ATTRIBUTES: whole} if whole else {}))
    return accepted


def _common_start(names: Collection[str]) -> str:
    pairs = zip(min(names, default=""), max(names, default=""), strict=False)
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
