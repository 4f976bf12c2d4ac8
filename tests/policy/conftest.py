"""A real browser, for pages that are served on this machine."""

from browser import browser, open_page

__all__ = ["browser", "open_page"]
