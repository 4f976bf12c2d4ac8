"""Browser tests of the payer's pages, on the running Platform."""

import pytest
from payer import Shop

from browser import browser, open_page
from running import Running

__all__ = ["browser", "open_page"]


@pytest.fixture(scope="session")
def demo_shop(running: Running) -> Shop:
    """The demo shop's server side."""
    return Shop(running)


@pytest.fixture(scope="session")
def running_url(running: Running) -> str:
    """The one address."""
    return running.url
