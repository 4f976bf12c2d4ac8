"""Somebody with an account, and what they do at the door."""

import asyncio
import contextlib
import json
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pyotp
from playwright.async_api import Page, expect

from browser import accessible, shot
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import WrongCredentials
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Arrival, Audience
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.schemas import AccountKind, NewAccount
from ippgateway.privacy.catalogue import ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

PASSWORD = "vandmand spiser havregrød"
NUMBER = "13585628"
STEP_S = 30
_LETTERS_WITHIN_S = 15


@dataclass(kw_only=True)
class Visitor:
    """Somebody with a shop's account. `key`: of their authenticator app, once there is one."""

    p: Platform
    url: str
    email: str
    tenant_id: str
    user_id: str
    key: str = ""

    async def sign_in(self, page: Page, password: str = PASSWORD, path: str = "/sign-in") -> None:
        """Type e-mail and password, and send them."""
        await page.goto(f"{self.url}{path}")
        await page.fill("#f-email", self.email)
        await page.fill("#f-password", password)
        await page.click("main button.first")

    async def inside(self, page: Page) -> None:
        """They are in."""
        await expect(page.locator(".inside")).to_be_visible()

    def code(self, steps_ago: int = 0) -> str:
        """What their app shows, or showed."""
        step = int(self.p.clock.now().timestamp()) // STEP_S - steps_ago
        return pyotp.TOTP(self.key).generate_otp(step)

    async def type_code(self, page: Page, steps_ago: int, does: str = "main button.first") -> None:
        """Type a code; the next when a half minute ended meanwhile."""
        for _ in range(2):
            await page.fill("#f-code", self.code(steps_ago))
            async with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
                await page.click(does)
            if (await answered.value).status != 422:
                return

    async def add_app(self, page: Page) -> list[str]:
        """Set up an authenticator app, with a code that is one step old so that the present one is left for signing
        in; the recovery codes."""
        await page.goto(f"{self.url}/account/security/app")
        self.key = (await page.inner_text(".once code")).replace(" ", "")
        await page.fill("#f-label", "Telephone")
        await self.type_code(page, 1)
        await expect(page.locator(".once li")).to_have_count(10)
        return await page.locator(".once li").all_inner_texts()

    async def guessed(self, times: int) -> None:
        """Somebody elsewhere tries passwords on their name."""
        elsewhere = Arrival(address=Secret(f"2001:db8:{self.p.ids.randomness.octets(2).hex()}::8"))
        for _ in range(times):
            with contextlib.suppress(WrongCredentials):
                await accounts.sign_in_browser(
                    self.p, audiences=(Audience.COMPANY,), username=self.email, password=Secret("a guess"),
                    arrival=elsewhere,
                )  # fmt: skip

    async def later(self, by: timedelta) -> None:
        """The proofs of their sessions were that long ago."""
        async with self.p.db.begin(ACCOUNT, tenants=[self.tenant_id]) as tx:
            await tx.execute(
                "update ipp.sign_in_session set strong_at = strong_at - $3::interval where tenant_id = $1 "
                "and user_id = $2",
                self.tenant_id, self.user_id, by,
            )  # fmt: skip


async def newcomer(p: Platform, breaches: Breaches, url: str) -> Visitor:
    """A new shop and its first user."""
    email = f"{p.ids.letters(12).lower()}@shops.example"
    arrival = Arrival(address=Secret(f"2001:db8:{p.ids.randomness.octets(2).hex()}::7"))
    signed_in, tenant_id = await partners.sign_up(
        p, breaches,
        NewAccount(kind=AccountKind.COMPANY, email=email, name="Asta Allike", password=Secret(PASSWORD),
                   arrival=arrival, company_name="Kaffe og kage", number=NUMBER),
    )  # fmt: skip
    return Visitor(p=p, url=url, email=email, tenant_id=tenant_id, user_id=signed_in.user_id)


async def employed(p: Platform, url: str) -> Visitor:
    """A new member of our staff."""
    email = f"{p.ids.letters(12).lower()}@staff.example"
    user_id = await accounts.add(
        p,
        accounts.NewUser(audience=Audience.STAFF, tenant_id=PLATFORM, email=email, name="Karen Blix",
                         password=Secret(PASSWORD), rights=("compliance",), language="en",
                         employment=json.dumps({"employer": "IPP", "country": "DK"})),
    )  # fmt: skip
    return Visitor(p=p, url=url, email=email, tenant_id=PLATFORM, user_id=user_id)


async def link(mail_url: str, to: str, path: str) -> str:
    """The link that begins with `path` in the newest letter to somebody that has one."""
    for _ in range(_LETTERS_WITHIN_S * 10):
        found = await asyncio.to_thread(_links, mail_url, to)
        for each in found:
            if path in each:
                return each
        await asyncio.sleep(0.1)
    raise AssertionError(f"no letter with {path}")


def _links(mail_url: str, to: str) -> list[str]:
    address = f"{mail_url}/messages.json?to={quote(to)}".replace("mail.localhost", "127.0.0.1")
    with urllib.request.urlopen(address, timeout=5) as answer:
        messages: list[dict[str, Any]] = json.load(answer)["messages"]
    return [each for message in messages for each in message["links"]]


async def fine(page: Page, name: str, *, script: bool = True) -> None:
    """The page is as anybody can use it; a picture when somebody wants to look. Without script nobody can ask axe, so
    only nothing may stick out then."""
    await shot(page, name)
    if script:
        await accessible(page)
        return
    main, size = await page.locator("main").bounding_box(), page.viewport_size
    assert main is not None
    assert size is not None
    assert main["x"] + main["width"] <= size["width"]
