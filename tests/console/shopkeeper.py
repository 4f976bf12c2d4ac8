"""A shop, whoever works there, and what they do in the console."""

import asyncio
import json
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from playwright.async_api import Page

from browser import OpenPage
from ippgateway.app.wiring import api_address, origin
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.service import NewCompany
from ippgateway.domains.partners import service as partners
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.schemas import Method, Story, Told
from ippgateway.privacy.platform import Platform
from running import Running
from signing import Member, member


@dataclass(kw_only=True)
class Shopkeeper:
    """A shop and its owner. Sells over the wire as its server would."""

    p: Platform
    running: Running
    company: NewCompany
    owner: Member
    cards: dict[str, str] = field(default_factory=dict)

    @property
    def console(self) -> str:
        """Where the consoles are."""
        return origin(self.running.settings, "console")

    async def somebody(self, *rights: str, language: str = "en") -> Member:
        """Somebody else who works here."""
        return await member(self.p, self.company.id, Audience.COMPANY, rights=rights, language=language)

    async def browses(self, open_page: OpenPage, who: Member | None = None, **options: Any) -> Page:
        """A browser that is signed in: the owner's, unless somebody else's is wanted."""
        return await browses(open_page, self.console, who or self.owner, **options)

    async def sold(self, order_id: str, amount: str = "125.00", card: str = "approve_visa", **more: str) -> str:
        """A purchase; the payment's id."""
        return (await asyncio.to_thread(self._sold, order_id, amount, card, more))["transaction_id"]  # type: ignore[no-any-return]

    def _sold(self, order_id: str, amount: str, card: str, more: dict[str, str]) -> dict[str, Any]:
        keys = {"id": self.company.id, "key2": self.company.key2.open()}
        made = self.post("payments/checkout_id", **keys, amount=amount, currency="DKK", order_id=order_id, **more)
        fields = {"checkout_id": made["checkout_id"], "holder": "Frida Kanin", "cardno": self.cards[card],
                  "expmonth": "04", "expyear": "2031", "cvv": "123"}  # fmt: skip
        self.post("payments/secure", **fields)
        return self.post("payments/authorize", **fields)

    async def captured(self, payment_id: str) -> None:
        """Everything that is held is taken."""
        await asyncio.to_thread(
            self.post, "company/payments/capture", id=self.company.id, key2=self.company.key2.open(),
            transaction_id=payment_id,
        )  # fmt: skip

    def post(self, path: str, **fields: str) -> dict[str, Any]:
        """Ask as a program does; the content of the answer."""
        url = f"{api_address(self.running.settings)}/{path}"
        request = urllib.request.Request(url, data=urllib.parse.urlencode(fields).encode())
        with urllib.request.urlopen(request, timeout=40) as answer:
            content: dict[str, Any] = json.load(answer)["content"]
        return content

    async def clicks(self, page: Page, path: str, fields: dict[str, str]) -> str:
        """The form is sent with the page's own session, whatever the page itself is doing; where it leads on."""
        [cookie] = [each for each in await page.context.cookies(self.console) if each["name"] == "session"]
        headers = {
            "host": self.console.partition("//")[2],
            "origin": self.console,
            "cookie": f"session={cookie['value']}",
        }
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
            http.post(f"{self.running.url}{path}", data=fields, headers=headers, allow_redirects=False) as answer,
        ):
            assert answer.status == 303, answer.status
            return answer.headers["location"]

    async def story(self, payment_id: str) -> Story:
        """What the database says of a payment."""
        return await payments.story(self.p, company_id=self.company.id, payment_id=payment_id)

    async def done(self, payment_id: str, method: Method) -> list[int]:
        """The amounts of what was done with a payment, in minor units."""
        steps = (await self.story(payment_id)).steps
        return [step.amount.amount_minor for step in steps
                if step.told is Told.ACTION and step.method is method and step.amount]  # fmt: skip


async def browses(open_page: OpenPage, at: str, who: Member, **options: Any) -> Page:
    """A browser that is signed in as somebody at a face."""
    page = await open_page(**options)
    bearer = (await who.bearer()).open()
    await page.context.add_cookies([{"name": "session", "value": bearer, "url": at}])
    return page


async def opened(p: Platform, running: Running) -> Shopkeeper:
    """A new shop that a new partner brought in."""
    partner = partners.NewPartner(id=p.ids.new(), name="Bro & Co", key1=Secret(p.ids.letters(42)),
                                  key2=Secret(p.ids.letters(14)))  # fmt: skip
    await partners.add(p, partner)
    company = companies.sandbox_company(p, partner_id=partner.id, name="Kaffe og kage")
    await companies.add(p, company)
    owner = await member(p, company.id, Audience.COMPANY, name="Asta Allike")
    return Shopkeeper(p=p, running=running, company=company, owner=owner, cards=running.demo()["cards"])
