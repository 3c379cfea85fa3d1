"""Which browser the page is looked at in."""

from pathlib import Path

from tests.local_stack.browser import VARIABLE, find


def test_the_browser_that_is_named_is_taken() -> None:
    found = find({VARIABLE: "/opt/mine"}, which=lambda _: "/usr/bin/chromium", is_there=lambda _: True)

    assert found == Path("/opt/mine")


def test_a_name_that_leads_nowhere_is_not_replaced_by_another_browser() -> None:
    assert find({VARIABLE: "/gone"}, which=lambda _: "/usr/bin/chromium", is_there=lambda _: False) is None


def test_one_on_the_path_comes_before_the_usual_places() -> None:
    found = find({}, which={"google-chrome": "/usr/bin/google-chrome"}.get, is_there=lambda _: True)

    assert found == Path("/usr/bin/google-chrome")


def test_chrome_of_windows_is_found_below_its_folders() -> None:
    found = find(
        {"PROGRAMFILES": "C:/Program Files"},
        which=lambda _: None,
        is_there=lambda path: path.suffix == ".exe",
    )

    assert found == Path("C:/Program Files/Google/Chrome/Application/chrome.exe")


def test_where_there_is_none_none_is_found() -> None:
    assert find({}, which=lambda _: None, is_there=lambda _: False) is None
