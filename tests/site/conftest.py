"""A real browser, and a site with results of its own."""

from datetime import timedelta
from pathlib import Path

import pytest
from checked import Checked
from reader import CHECKED_AT

from browser import browser, open_page
from ippgateway.core.clock import ManualClock

__all__ = ["browser", "open_page"]


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """A site that nobody has checked yet; it is five minutes after its start."""
    return Checked(tmp_path / "promises.json", ManualClock(CHECKED_AT + timedelta(minutes=5)))
