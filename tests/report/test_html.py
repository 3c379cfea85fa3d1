"""The merchant's page as a file."""

import re
import subprocess
import sys
from base64 import b64decode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final
from xml.etree import ElementTree as ET

from nextorder.domain.audit import Finding, Light
from nextorder.report.html import render
from nextorder.report.page import Column, Kind, Picture
from nextorder.report.written import as_csv
from tests.report.examples import PICTURES, a_page

MEGABYTE: Final = 1_000_000
LARGEST: Final = 2.5 * MEGABYTE
HEAVY: Final = ("numpy", "pandas", "nextorder.training", "sklearn", "lightgbm")


def test_the_page_is_small_enough_for_a_mail(html: str) -> None:
    assert len(html.encode()) < LARGEST


def test_the_page_is_the_same_whenever_it_is_drawn() -> None:
    page = a_page(PICTURES[0])

    assert render(page) == render(page)


def test_the_policy_lets_run_and_style_what_is_written_there_and_nothing_else(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    told = policy[1].replace("&#39;", "'")

    assert told.startswith("default-src 'none'; ")
    assert "unsafe" not in told
    for tag in ("style", 'script type="module"'):
        written = re.search(rf"<{tag}>(.*?)</{tag.partition(' ')[0]}>", html, re.DOTALL)
        assert written
        assert b64decode(_hash_in(told, tag)) == sha256(written[1].encode()).digest()


def _hash_in(policy: str, tag: str) -> str:
    found = re.search(rf"{tag.partition(' ')[0]}-src 'sha256-([^']+)'", policy)
    assert found
    return found[1]


def test_nothing_but_what_names_things_has_an_address_of_the_network(html: str) -> None:
    head, _, _ = html.partition('<script type="module">')

    assert set(re.findall(r'(?:href|src|action)="(?!data:|#)([^"]*)"', head)) == set()
    assert "@import" not in head
    assert "url(" not in head


def test_each_picture_can_be_saved_as_it_is_and_as_its_table(html: str) -> None:
    for picture in PICTURES:
        svg = ET.fromstring(_saved(html, f"{picture.key}.svg"))  # noqa: S314 - ours
        assert svg.tag.endswith("svg")
        assert _saved(html, f"{picture.key}.csv") == f"\ufeff{as_csv(picture, 'GBP')}"


def _saved(html: str, name: str) -> str:
    found = re.search(rf'href="data:[^"]*?;base64,([^"]+)" download="{name}"', html)
    assert found
    return b64decode(found[1]).decode()


def test_the_moment_is_told_on_the_shops_clock() -> None:
    page = replace(a_page(PICTURES[0]), timezone="America/New_York", as_of=_at("2026-11-21T03:00:00+00:00"))

    assert "20 November 2026, 22:00" in render(page)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def test_what_is_not_drawn_says_why() -> None:
    waiting = Picture(
        key="clv", title="What customers are worth", says="From June on.", n=0, unit="customers"
    )

    html = render(a_page(waiting))

    assert "From June on." in html
    assert "<svg" not in html.partition('<script type="module">')[0]
    assert 'download="clv' not in html


def test_the_model_is_named_where_it_is_said_what_that_is() -> None:
    head, _, foot = render(replace(a_page(), figures=(), pictures=(), model="e8d60227b753")).partition(
        "<footer>"
    )
    assert "e8d60227b753" not in head
    assert "by the model e8d60227b753: these letters name" in foot


def test_a_store_that_is_too_small_is_told_so_first() -> None:
    html = render(replace(a_page(PICTURES[0]), too_few="Too few orders to rank people.", figures=()))

    assert html.index("Too few orders to rank people.") < html.index("<figure")


def test_what_is_to_be_mended_comes_first_and_is_told_by_word_and_shape() -> None:
    lights = (Light.GREEN, Light.RED, Light.YELLOW)
    findings = tuple(Finding(name=f"a {one} one", light=one, number="", why="") for one in lights)

    html = render(replace(a_page(PICTURES[0]), findings=findings))

    told = re.findall(r'aria-hidden="true">(.)</span> ([a-z ]+)</td>', html)
    assert told == [("■", "to be mended"), ("▲", "worth a look"), ("●", "in order")]


def test_words_of_the_shop_are_never_markup() -> None:
    hostile = "<b>&\"'`x`"
    named = Column(name="value", label="which product", kind=Kind.TEXT)
    goods = Picture(
        key="goods", title="", says="", n=1, unit="", interval="", columns=(named,), rows=((hostile,),)
    )
    page = replace(
        a_page(replace(PICTURES[0], title=hostile, says=hostile, unit=hostile, interval=hostile), goods),
        shop=hostile,
        model=hostile,
        suggestion=hostile,
        too_few=hostile,
        findings=(Finding(name=hostile, light=Light.RED, number=hostile, why=hostile, what=hostile),),
    )

    html = render(page)

    told = html.partition('<script type="module">')[0]
    assert "<b>" not in told
    assert '<td class="text">&lt;b&gt;' in told


def test_what_draws_needs_nothing_that_computes() -> None:
    """They are deployed with different layers, which one function cannot hold together."""
    show = f"import nextorder.report.html, sys; print([name for name in {HEAVY} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.strip() == "[]"
