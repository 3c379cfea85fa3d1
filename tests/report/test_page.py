"""A page survives the way from the function that computes to the one that draws."""

import json
import subprocess
import sys

from nextorder.adapters.document import ALL_DIGITS, decode, to_plain
from nextorder.report.page import Page
from tests.report.examples import a_page

SHOW = "import sys, nextorder.report.page; print(*{'numpy', 'pandas', 'nextorder.training'} & {*sys.modules})"


def test_a_page_is_read_back_as_it_was_written() -> None:
    page = a_page()

    text = json.dumps(to_plain(page, digits=ALL_DIGITS), allow_nan=False)

    assert decode(Page, text) == page


def test_what_draws_needs_nothing_of_what_computes() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW], check=True, capture_output=True, text=True)  # noqa: S603

    assert done.stdout.strip() == ""
