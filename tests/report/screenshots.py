"""Take the README's pictures of the page: the sample store on a telephone and a desktop, light and dark."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from nextorder.report.assemble import page_of
from nextorder.report.html import render
from tests.local_stack.browser import NONE_FOUND, find
from tests.report.sample import sample_store

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SIZES: Final = {"phone": (390, 844, 2), "desktop": (1280, 1380, 1)}
"""Width and height in the page's pixels, and how many of the screen's stand for one."""
Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")


def main() -> None:
    """Draw the whole sample store, and save what is seen first."""
    path = find()
    if not path:
        sys.exit(NONE_FOUND)
    FOLDER.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "page.html"
        page.write_text(render(page_of(sample_store(every=1))), "utf-8")
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-gpu", *sandbox])
        for name in SIZES:
            for scheme in SCHEMES:
                _take(browser, page.as_uri(), name, scheme)
        browser.close()


def _take(browser: Browser, address: str, name: str, scheme: Scheme) -> None:
    width, height, scale = SIZES[name]
    window = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme=scheme
    )
    window.goto(address)
    window.screenshot(path=FOLDER / f"{name}-{scheme}.png", animations="disabled")
    window.close()


if __name__ == "__main__":
    main()
