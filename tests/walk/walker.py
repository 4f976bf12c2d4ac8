"""Whoever walks: nobody, another tenant of each kind with every right and a fresh second factor, our own staff."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import origin
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.domains.partners import service as partners
from ippgateway.faces.shell.guard import TOKEN, token_for
from ippgateway.privacy.papers.cookies import COOKIES
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from signing import NOWHERE, PASSWORD, Member, member

STRANGER = "stranger"
LISTED = {each.name for each in COOKIES}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, headers included."""

    status: int
    location: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Walker:
    """Asks as a browser would, in whoever's name; and as a program that speaks the contract. Wherever the walk comes,
    no cookie may be set that the page about cookies does not list."""

    http: aiohttp.ClientSession
    settings: Settings
    others: Mapping[str, Member]
    wire: Mapping[str, Mapping[str, str]]
    """Credentials for the contract by kind: a session of another company, of another partner, another's keys."""

    async def ask(
        self, face: str, method: str, path: str, *, who: str = STRANGER, fields: Mapping[str, str] | None = None
    ) -> Answer:
        """One request at a face's origin."""
        address, sent = origin(self.settings, face), dict(fields or {})
        headers = {"host": address.partition("//")[2]}
        if who != STRANGER:
            bearer = await self.others[who].bearer()
            headers["cookie"] = f"session={bearer.open()}"
            sent[TOKEN] = token_for(bearer)
        if method == "POST":
            headers |= {"origin": address, "sec-fetch-site": "same-origin"}
        return await self.plain(method, path, sent, headers)

    async def plain(self, method: str, path: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """One request at the one address."""
        url = f"http://{self.settings.host}:{self.settings.port}{path}"
        data = urlencode(fields) if method == "POST" else None
        if method != "POST" and fields:
            url += f"{'&' if '?' in path else '?'}{urlencode(fields)}"
        kind = {"content-type": "application/x-www-form-urlencoded"} if data is not None else {}
        async with self.http.request(
            method, url, data=data, headers={**headers, **kind}, allow_redirects=False
        ) as answer:
            body = (await answer.read()).decode("utf-8", "replace")
            for cookie in answer.headers.getall("set-cookie", ()):
                name = cookie.partition("=")[0].removeprefix("__Host-")
                assert name in LISTED, f"{method} {path} sets {name}, which the page about cookies does not list"
            return Answer(answer.status, answer.headers.get("location", ""), f"{dict(answer.headers)}\n{body}")


@asynccontextmanager
async def set_out(p: Platform, desk: Platform, settings: Settings) -> AsyncIterator[Walker]:
    """Whoever walks, ready to."""
    company = companies.sandbox_company(p, partner_id=p.ids.new(), name="Other shop")
    await companies.add(p, company)
    partner = partners.NewPartner(id=p.ids.new(), name="Other partner", key1=Secret(p.ids.letters(42)),
                                  key2=Secret(p.ids.letters(14)))  # fmt: skip
    await partners.add(p, partner)
    others = {
        "company": await member(p, company.id, Audience.COMPANY),
        "partner": await member(p, partner.id, Audience.PARTNER),
        "public": await member(p, p.ids.new(), Audience.PUBLIC),
        "support": await member(desk, PLATFORM, Audience.STAFF, rights=("support",)),
        "compliance": await member(desk, PLATFORM, Audience.STAFF, rights=("compliance",)),
    }  # fmt: skip
    wire = {
        "company": await _on_the_wire(p, Audience.COMPANY, company.id),
        "partner": await _on_the_wire(p, Audience.PARTNER, partner.id),
        "keys": {"key1": company.key1.open(), "key2": company.key2.open()},
        "nobody": {},
    }
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Walker(http=http, settings=settings, others=others, wire=wire)


async def _on_the_wire(p: Platform, audience: Audience, tenant_id: str) -> Mapping[str, str]:
    """A session that may move money, of somebody with every right."""
    email = f"wire-{p.ids.letters(8)}@example.org"
    await accounts.add(p, accounts.NewUser(audience=audience, tenant_id=tenant_id, email=email, name="Other",
                                           password=PASSWORD, moves_money=True))  # fmt: skip
    it = await accounts.sign_in(p, audience=audience, username=email, password=PASSWORD, partner_id=None,
                                arrival=NOWHERE)  # fmt: skip
    return {"user_id": it.user_id, "session_id": it.session_id.open()}
