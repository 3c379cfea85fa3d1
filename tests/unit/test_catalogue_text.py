"""A catalogue's text: switched, and completed by what a later release has added."""

import pytest

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.catalogue_text import completed, switched
from nextorder.domain.errors import BadSettings

TEXT = packaged_catalogue()


@pytest.mark.parametrize("names", [["life:new", "life:missed"], ["risk:at-risk", "hold"], ["life"], []])
def test_a_text_is_switched_as_its_catalogue_would_be(names: list[str]) -> None:
    found = parse_catalogue(switched(TEXT, names))

    assert found.entries == parse_catalogue(TEXT).with_on(names).entries
    assert found.name != parse_catalogue(TEXT).name


def test_a_switched_text_says_nothing_else() -> None:
    lines = zip(TEXT.splitlines(), switched(TEXT, "all").splitlines(), strict=True)

    assert {(old, new) for old, new in lines if old != new} == {("on = false", "on = true")}


def test_a_name_that_nobody_has_is_refused() -> None:
    with pytest.raises(BadSettings, match="life:gone"):
        switched(TEXT, ["life:gone"])


def without(text: str, head: str) -> str:
    """Return the text as a release had it that did not know a segment."""
    before, _, rest = text.partition(f"{head}\n")
    _, bracket, after = rest.partition("\n[")
    return before + bracket.lstrip("\n") + after


@pytest.mark.parametrize("head", ["[life.champion]", "[care]", '[love."*"]', '[overstock."*"]'])
def test_what_a_release_has_added_is_read_and_switched_off(head: str) -> None:
    release = switched(TEXT, ["starter"])
    pinned = without(release, head)
    with pytest.raises(BadSettings, match="missing"):
        parse_catalogue(pinned)

    found = parse_catalogue(completed(pinned, release))

    [added] = [name for name, entry in parse_catalogue(release).entries.items() if _head(name) == head]
    assert not found.on(added)
    others = [name for name in found.entries if name != added]
    assert all(found.entries[name] == parse_catalogue(release).entries[name] for name in others)
    assert found.entries.keys() == parse_catalogue(release).entries.keys()


def _head(name: str) -> str:
    return f"[{name.replace(':', '.')}]".replace("*", '"*"')


def test_a_text_that_lacks_nothing_stays_as_it_is() -> None:
    assert completed(TEXT, TEXT) == TEXT
