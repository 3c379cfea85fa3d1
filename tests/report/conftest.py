"""The sample store, looked at once for all tests of the page."""

import pytest

from nextorder.report.assemble import page_of
from nextorder.report.html import render
from nextorder.report.page import Page
from nextorder.report.store import Store
from tests.report.examples import a_page
from tests.report.sample import sample_store as look_at_it


@pytest.fixture(scope="session")
def sample_store() -> Store:
    """One customer in eight of the sample store, with a model of its own; seven seconds."""
    return look_at_it()


@pytest.fixture
def store(sample_store: Store) -> Store:
    """The sample store."""
    return sample_store


@pytest.fixture(scope="session")
def sample_page(sample_store: Store) -> Page:
    """What the page says of the sample store."""
    return page_of(sample_store)


@pytest.fixture(scope="session")
def html() -> str:
    """The page that was made by hand, with every picture; five seconds."""
    return render(a_page())


@pytest.fixture
def page(sample_page: Page) -> Page:
    """What the page says of the sample store."""
    return sample_page
