"""The page's colours, by name: apart for every kind of colour vision, in light, in dark and in grey."""

import re
from collections.abc import Mapping
from typing import Final

PALETTE: Final[Mapping[str, tuple[str, str]]] = {
    "paper": ("#ffffff", "#14171a"),
    "panel": ("#f4f6f8", "#1d2125"),
    "ink": ("#1c2126", "#e8eaed"),
    "muted": ("#59616a", "#a7b0b9"),
    "rule": ("#dde1e5", "#31373d"),
    "blue": ("#1763a6", "#6cb0f0"),
    "blue-soft": ("#cfe1f1", "#223f5b"),
    "orange": ("#b4500a", "#f0a15e"),
    "orange-soft": ("#f6dcc6", "#583c22"),
    "grey": ("#8c959e", "#76808a"),
    "fine": ("#1d7044", "#6fcf97"),
    "watch": ("#7d5700", "#f0c14b"),
    "mend": ("#b3261e", "#ff8f85"),
    "heat0": ("#eff5fa", "#1b2834"),
    "heat1": ("#cfe1f1", "#1f3a54"),
    "heat2": ("#a3c6e5", "#24507a"),
    "heat3": ("#6ba3d3", "#2a6294"),
    "heat4": ("#2f74b0", "#5699d3"),
    "heat5": ("#0f4c86", "#a5cdf3"),
    "on-heat0": ("#1c2126", "#e8eaed"),
    "on-heat1": ("#1c2126", "#e8eaed"),
    "on-heat2": ("#1c2126", "#e8eaed"),
    "on-heat3": ("#1c2126", "#ffffff"),
    "on-heat4": ("#ffffff", "#14171a"),
    "on-heat5": ("#ffffff", "#14171a"),
}
"""Name -> in light, in dark; blue and orange are of the pair that Okabe and Ito proposed."""
HEATS: Final = 6
_VARIABLE: Final = re.compile(r"var\(--([a-z0-9-]+)\)")


def ink(name: str) -> str:
    """Return a colour that follows the reader's choice of light or dark."""
    if name not in PALETTE:
        raise KeyError(name)
    return f"var(--{name})"


def variables(*, dark: bool) -> str:
    """Return the colours as CSS custom properties."""
    return "".join(f"--{name}:{pair[dark]};" for name, pair in PALETTE.items())


def in_light(svg: str) -> str:
    """Put the light colours themselves into a picture that leaves the page."""
    return _VARIABLE.sub(lambda found: PALETTE[found[1]][0] if found[1] in PALETTE else found[0], svg)
