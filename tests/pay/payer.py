"""A payer at the payment page, and a shop that sends them there."""

import json
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import FrameLocator, Page, expect

from e2e.books import value
from ippgateway.app.settings import Settings
from running import Running

HOLDER = "Jens Hansen"
SUM = {"currency": "DKK", "amount": "124950"}
_ATTEMPTS = "select count(*) from ipp.payment where checkout_id = $1"


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A checkout that the demo shop made, and what became of it."""

    settings: Settings
    url: str
    checkout_id: str
    cryptogram: str

    @property
    def name(self) -> str:
        """The id that our tables know it by: the first letters of the bearer secret."""
        letters = self.checkout_id[:12]
        return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"

    async def of(self, column: str) -> Any:
        """A column of its row."""
        return await value(self.settings, f"select {column} from ipp.checkout where id = $1", self.name)

    async def attempts(self, state: str | None = None) -> int:
        """How many payments were attempted, or are in a state."""
        if state is None:
            return int(await value(self.settings, _ATTEMPTS, self.name))
        return int(await value(self.settings, f"{_ATTEMPTS} and state = $2", self.name, state))

    async def expire(self) -> None:
        """Its time is over."""
        await value(
            self.settings, "update ipp.checkout set expires_at = created_at where id = $1 returning id", self.name
        )


class Shop:
    """The demo shop's server side."""

    def __init__(self, running: Running) -> None:
        demo = running.demo()
        self.settings = running.settings
        self.pay_url: str = demo["pay_url"]
        self.cards: Mapping[str, str] = demo["cards"]
        self._url = running.url
        self._keys = {"id": demo["company"]["id"], "key2": demo["company"]["key2"], "origin": "http://testing"}

    def checkout(self, **fields: str) -> Checkout:
        """A new checkout of 1249.50 Danish kroner."""
        order = {**SUM, "order_id": "A1", **fields}
        return Checkout(settings=self.settings, **self.call("payments/checkout_id", **order))

    def post(self, checkout: Checkout, **form: str) -> str:
        """The page that answers a plain form, wherever its redirections lead."""
        address = f"{self._url}/?{urllib.parse.urlsplit(checkout.url).query}"
        return str(
            urllib.request.urlopen(address, data=urllib.parse.urlencode(form).encode(), timeout=30).read().decode()
        )

    def call(self, path: str, **fields: str) -> dict[str, Any]:
        """What the gateway answers this shop."""
        body = urllib.parse.urlencode({**self._keys, **fields}).encode()
        content = json.load(urllib.request.urlopen(f"{self._url}/{path}", data=body, timeout=30))["content"]
        assert isinstance(content, dict)
        return content


async def fill(page: Page, number: str, *, expiry: str = "0430", code: str = "123") -> None:
    """Type a card into our own page."""
    for field, text in {"holder": HOLDER, "number": number, "expiry": expiry, "code": code}.items():
        await page.fill(f"#{field}", text)


async def pay(page: Page, number: str) -> None:
    """Type a card and press the button."""
    await fill(page, number)
    await page.click("#pay")


async def paid(page: Page) -> None:
    """Wait for the receipt."""
    await expect(page.locator(".receipt")).to_be_visible()
    await expect(page.locator(".big")).to_be_visible()


def bank_of(page: Page, outer: str) -> FrameLocator:
    """The bank's page: in a frame of ours, which is in the frame that `outer` selects."""
    return page.frame_locator(outer).frame_locator("iframe[name=bank]")


async def confirm(frame: FrameLocator, code: str = "1234") -> None:
    """Answer the bank's question in its frame."""
    await frame.locator("#code").fill(code)
    await frame.locator("button.first").click()
