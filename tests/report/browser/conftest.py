"""The page in a real browser: one for all tests, each with a window of its own."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.local_stack.browser import NONE_FOUND, find

ARGUMENTS: Final = ("--disable-gpu", "--disable-quic", "--disable-sync")
"""Beside those with which playwright starts a browser that asks nobody for anything."""
HEIGHT: Final = 900
PATIENCE_MILLIS: Final = 120_000
"""For a browser beside a busy stack; a page that is there is not waited for."""


@dataclass(frozen=True, slots=True)
class Window:
    """A page that is open, with all that it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def enliven(self) -> None:
        """Look at everything once, until each picture that is drawn answers the pointer."""
        self.page.evaluate(
            """async () => {
              const figures = [...document.querySelectorAll("figure:has(.drawing)")];
              for (const figure of figures) {
                figure.scrollIntoView();
                while (!figure.dataset.alive) await new Promise(requestAnimationFrame);
              }
            }"""
        )


Look = Callable[..., Window]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser that `make test` found."""
    path = find()
    assert path, NONE_FOUND
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*ARGUMENTS, *sandbox], timeout=PATIENCE_MILLIS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, html: str) -> str:
    """Write the page that was made by hand to a disk."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(html, "utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def look(browser: Browser, address: str) -> Iterator[Look]:
    """Open the page in a window of some width, in light or dark, with its script or without."""
    opened: list[Any] = []

    def open_one(width: int = 1280, scheme: str = "light", *, script: bool = True, at: str = "") -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE_MILLIS)
        opened.append(context)
        window = Window(context.new_page())
        window.page.on("request", lambda request: window.requests.append(request.url))
        window.page.on("console", lambda message: window.complaints.append(message.text))
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        window.page.goto(at or address)
        return window

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def seen(look: Look) -> Window:
    """The page on a desktop, in light, after all of it was looked at: for tests that leave it as it is."""
    window = look()
    window.enliven()
    return window


def texts(page: Page, selector: str) -> Sequence[str]:
    """Return what elements say, shown or not."""
    return [text.strip() for text in page.locator(selector).all_text_contents()]
