"""What docs/ tells a merchant is there: commands, links, tags, properties, events, titles of the page."""

import io
import re
import shlex
from contextlib import redirect_stderr, suppress
from typing import Final

import pytest

from nextorder.adapters import plain
from nextorder.adapters.klaviyo.projection import METRICS
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.cli.audit import KEPT_BACK
from nextorder.cli.main import parser
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.going_live import RAMP, WHOLE, rungs
from nextorder.domain.published import PUBLISHED_HORIZONS
from tests.house.documented import ALL, COMMANDS, PAGES, ROOT, commands

CATALOGUE: Final = parse_catalogue(packaged_catalogue())
OPEN: Final = {"replenish": "CATEGORY", "love": "CATEGORY", "overstock": "PRODUCT"}
"""Families whose values are the shop's own, and what stands for one."""
REPORT: Final = ROOT / "shared" / "nextorder" / "report"


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_every_command_that_is_shown_is_one(page: str, command: str) -> None:
    said = io.StringIO()
    with redirect_stderr(said), suppress(SystemExit):
        parser().parse_args(shlex.split(command))
    assert not said.getvalue(), f"{page}: nextorder {command}"


def test_a_command_is_found_with_and_without_the_programs_name() -> None:
    told = "`.venv/bin/nextorder status`, then `plan --json`, not `plan-b FILE`\n    nextorder fit # so"

    assert list(commands(told)) == ["status", "fit", "plan --json"]


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", sorted(ALL))
def test_every_link_leads_somewhere(page: str) -> None:
    here = (ROOT / page).parent
    for target in re.findall(r"\]\(([^)]+)\)", ALL[page]):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = here / path if path else ROOT / page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.read_text()), target


def test_every_page_is_in_the_index() -> None:
    missing = [name for name in PAGES if name != "README.md" and f"({name})" not in PAGES["README.md"]]

    assert not missing


def tags() -> set[str]:
    """Return the catalogue's names as a reader sees them."""
    families = ((name, name.partition(":")[0]) for name in CATALOGUE.entries)
    return {name.replace("*", OPEN[family]) if name.endswith("*") else name for name, family in families}


def test_each_tag_of_the_catalogue_has_a_recipe_and_no_other_has() -> None:
    recipes = re.findall(r"^### `next:([^`]+)`", PAGES["tags.md"], re.MULTILINE)

    assert sorted(recipes) == sorted(tags())


@pytest.mark.parametrize("recipe", re.split(r"^### ", PAGES["tags.md"], flags=re.MULTILINE)[1:])
def test_a_recipe_says_whom_what_and_what_a_wrong_tag_costs(recipe: str) -> None:
    told = re.findall(r"^(Who|Flow|Say|Not|If it is wrong): \S", recipe, re.MULTILINE)

    assert told == ["Who", "Flow", "Say", "Not", "If it is wrong"]


def test_the_starter_pack_is_marked() -> None:
    marked = set(re.findall(r"^### `next:([^`]+)` ★", PAGES["tags.md"], re.MULTILINE))

    assert marked == {name for name, entry in CATALOGUE.entries.items() if entry.starter}


@pytest.mark.parametrize("page", sorted(ALL))
def test_tags_properties_and_events_that_are_named_are_ours(page: str) -> None:
    text = ALL[page]
    named = {
        one for one in re.findall(r"`next:([a-z]+(?::[a-z0-9-]+)?)`", text) if ":" in one or one in tags()
    }
    families = {name.partition(":")[0] for name in CATALOGUE.entries}

    assert named <= tags()
    assert set(re.findall(r"`next:([a-z]+)", text)) <= families
    assert set(re.findall(r"`nextorder_(\w+)", text)) <= {*plain.NAMES}
    assert set(re.findall(r"`(Nextorder [A-Z][A-Za-z ]+)`", text)) <= {*METRICS.values()}


def test_who_is_held_out_is_kept_out_of_flows_by_the_same_filter_on_every_page() -> None:
    told = [one for text in ALL.values() for one in re.findall(r"_holdout\W+is not (\w+)", text)]

    assert set(told) == {"set"}


def test_a_merchant_finds_how_to_tell_and_to_forget_what_is_held() -> None:
    for page in ("README.md", "docs/refusals.md"):
        assert {"data-request CUSTOMER", "forget CUSTOMER"} <= {one for said, one in COMMANDS if said == page}


def test_each_picture_and_figure_of_the_page_is_explained_under_its_own_title() -> None:
    sources = [path.read_text() for path in REPORT.glob("*.py")]
    pictures = [
        title for one in sources for title in re.findall(r'^TITLE: Final = "(.+)"$', one, re.MULTILINE)
    ]
    figures = re.findall(r'title="([A-Z][^"{]+)"', (REPORT / "figures.py").read_text())

    assert pictures
    assert figures
    assert [title for title in (*pictures, *figures) if f"### {title}\n" not in PAGES["numbers.md"]] == []


def test_the_first_week_counts_the_rungs_of_going_live_rightly() -> None:
    words = {
        step: ", ".join("all" if share == WHOLE else f"{share}" for share in RAMP[step]) for step in RAMP
    }
    stair = ", ".join(f"{step} ({shares})" for step, shares in words.items())

    assert f"a stair of ten rungs: {stair}." in PAGES["first-week.md"]
    assert len(list(rungs())) == 10
    assert "so it takes ten `plan`s and `apply`s" in ALL["README.md"]


def test_the_chance_within_twelve_hours_stands_nowhere_as_the_docs_say_and_is_told_on_asking() -> None:
    assert "0.5" not in PUBLISHED_HORIZONS
    assert not [name for name in plain.NAMES if "12h" in name]
    for page in ("refusals.md", "numbers.md"):
        assert "`nextorder show CUSTOMER` and `nextorder why CUSTOMER` tell it when you ask" in PAGES[page]


def test_what_a_red_light_keeps_back_is_what_its_line_names() -> None:
    for page in ("refusals.md", "first-week.md"):
        assert KEPT_BACK in PAGES[page]
