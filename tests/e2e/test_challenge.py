"""A payer whose bank asks: through the contract, our page, the bank's page and back, over plain HTTP without script."""

import asyncio
import base64
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest

from ippgateway.app.settings import Settings

from .books import Ledgers, value
from .client import SECURED, Client
from .test_flows import assert_approved

CODE = "1234"
HOLDER = "Kanarina Zweig"


class Page(HTMLParser):
    """A page that a browser got, and the form on it."""

    def __init__(self, answer: aiohttp.ClientResponse, text: str) -> None:
        super().__init__()
        self.status, self.headers, self.text = answer.status, answer.headers, text
        self.action, self.fields = "", dict[str, str]()
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.loads += [str(said[name]) for name in ("src", "href") if name in said]
        if tag == "form":
            self.action = said["action"] or ""
        if tag == "input" and said.get("type") == "hidden":
            self.fields[str(said["name"])] = str(said["value"])


@dataclass
class Payer:
    """Somebody with a browser without script, and a checkout to pay."""

    client: Client
    http: aiohttp.ClientSession
    settings: Settings
    checkout: dict[str, str]
    card: dict[str, str]
    language: str = "en"
    pages: list[Page] = field(default_factory=list)

    async def secured(self) -> dict[str, Any]:
        return dict((await self.client.post("/payments/secure?", self.card)).performed())

    async def challenged(self) -> str:
        """The address for the frame."""
        told = await self.secured()
        assert told["result"] == "WAIT"
        assert told["transaction_data"]["z3"] != SECURED
        assert await self.status() == "WAIT"
        return str(told["challenge"]["url"])

    async def status(self) -> str:
        """What the widget polls."""
        asked = {name: self.checkout[name] for name in ("checkout_id", "cryptogram")}
        return str((await self.client.post("/payments/status?", asked)).performed()["result"])

    async def visit(self, url: str, fields: dict[str, str] | None = None) -> Page:
        # The names below localhost are this machine to a browser; the address says so to every resolver.
        there = re.sub(r"^http://pay\.localhost", "http://127.0.0.1", url)
        headers = {"Accept-Language": self.language}
        async with self.http.request("POST" if fields else "GET", there, data=fields, headers=headers) as answer:
            page = Page(answer, await answer.text())
        self.pages.append(page)
        return page

    async def at_the_bank(self) -> Page:
        """The bank's question."""
        ours = await self.visit(await self.challenged())
        assert ours.status == 200
        return await self.visit(ours.action, ours.fields)

    async def answer(self, question: Page, code: str, do: str = "confirm") -> Page:
        bank = f"http://127.0.0.1:{self.settings.sandbox_access_control_port}"
        return await self.visit(bank + question.action, question.fields | {"code": code, "do": do})

    async def back(self, ended: Page) -> Page:
        """Where the bank sends the browser."""
        return await self.visit(ended.action, ended.fields)


@pytest.fixture
async def payer(client: Client, http: aiohttp.ClientSession, installation: Settings) -> Payer:
    checkout = await client.checkout()
    card = client.card(checkout["checkout_id"], client.cards["challenge"], holder=HOLDER)
    return Payer(client, http, installation, checkout, card)


def _other(payer: Payer, card: str) -> Payer:
    payer.card["cardno"] = payer.client.cards[card]
    return payer


async def test_a_payer_who_confirms_has_paid(payer: Payer, ledgers: Ledgers) -> None:
    ended = await payer.answer(await payer.at_the_bank(), CODE)
    assert await payer.status() == "COMPLETED"  # before the browser is back
    returned = await payer.back(ended)
    assert (returned.status, returned.action) == (200, "")
    assert "Done. You can go on." in returned.text
    assert_approved(await payer.client.authorise(payer.card))
    assert len((await ledgers.settled()).theirs) == 1


@pytest.mark.parametrize(
    ("card", "codes", "do", "reason"),
    [
        ("challenge", ["0", "99999999", "12345"], "confirm", "authentication_failed"),
        ("challenge", [CODE], "cancel", "authentication_failed"),
        ("challenge_unavailable", [CODE], "confirm", "authentication_unavailable"),
    ],
)
async def test_a_payer_who_is_not_confirmed_pays_nothing_and_can_try_again(
    payer: Payer, ledgers: Ledgers, card: str, codes: list[str], do: str, reason: str
) -> None:
    page = await _other(payer, card).at_the_bank()
    for code in codes:
        assert await payer.status() == "WAIT"
        page = await payer.answer(page, code, do)
    await payer.back(page)
    assert await payer.status() == "COMPLETED"
    declined = await payer.client.authorise(payer.card)
    assert (declined["result"], declined["reason"]) == ("NOK", reason)
    assert (await ledgers.settled()).theirs == {}
    await payer.answer(await _other(payer, "challenge").at_the_bank(), CODE)
    assert_approved(await payer.client.authorise(payer.card))


async def test_what_the_browser_brings_back_proves_nothing(payer: Payer) -> None:
    ours = await payer.visit(await payer.challenged())
    creq = json.loads(base64.urlsafe_b64decode(ours.fields["creq"] + "=="))
    ids = {name: creq[name] for name in ("threeDSServerTransID", "acsTransID")}
    cres = {"messageType": "CRes", "messageVersion": "2.2.0", "challengeCompletionInd": "Y", "transStatus": "Y"} | ids
    brought = base64.urlsafe_b64encode(json.dumps(cres).encode()).decode()
    page = await payer.visit(f"{payer.client.base}/challenge/return", {"cres": brought})
    assert page.status == 200
    assert brought[:20] not in page.text
    assert await payer.status() == "WAIT"
    assert (await payer.client.authorise(payer.card))["reason"] == "3-D Secure required"
    # Nor does the browser know enough to report in the bank's name.
    rreq = ids | {"messageType": "RReq", "messageVersion": "2.2.0", "transStatus": "Y", "eci": "05",
                  "authenticationValue": "QkJCQkJCQkJCQkJCQkJCQkJCQkI="}  # fmt: skip
    for ds_id in (ids["acsTransID"], ids["threeDSServerTransID"]):
        assert (await _reported(payer, rreq | {"dsTransID": ds_id}))["errorCode"] == "301"
    assert await payer.status() == "WAIT"


async def _reported(payer: Payer, message: Any) -> dict[str, Any]:
    async with payer.http.post(f"{payer.client.base}/3ds/result", json=message) as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        return dict(await answer.json())


async def test_a_challenge_that_is_never_finished_times_out(payer: Payer) -> None:
    await payer.answer(await _other(payer, "challenge_unfinished").at_the_bank(), CODE)
    assert await payer.status() == "WAIT"
    assert (await payer.client.authorise(payer.card))["reason"] == "3-D Secure required"
    await value(
        payer.settings,
        "update ipp.authentication set ends_by = now() where checkout_id = "
        "(select id from ipp.checkout where replace(id, '-', '') = $1)", payer.checkout["checkout_id"][:12],
    )  # fmt: skip
    assert await payer.status() == "COMPLETED"
    assert (await payer.client.authorise(payer.card))["reason"] == "authentication_timed_out"


async def test_our_page_goes_on_with_script_or_without_and_may_be_framed(payer: Payer) -> None:
    url = await payer.challenged()
    page = await payer.visit(url)
    bank = f"http://127.0.0.1:{payer.settings.sandbox_access_control_port}"
    policy = page.headers["Content-Security-Policy"]
    for rule in (f"form-action 'self' {bank};", "script-src 'self';", "frame-ancestors *", "default-src 'none'"):
        assert rule in policy
    assert "X-Frame-Options" not in page.headers
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "Set-Cookie" not in page.headers
    assert page.action.startswith(f"{bank}/")
    assert "<button>" in page.text
    assert not re.search(r"<script>|style=|onload", page.text)
    for address in page.loads:
        assert address.startswith("/pay/")
        async with payer.http.get(payer.client.base + address) as file:
            assert file.status == 200
            assert "immutable" in file.headers["Cache-Control"]
    token = url.rpartition("/")[2]
    assert token not in page.text


async def test_pages_that_lead_nowhere_say_why_in_the_reader_s_language(payer: Payer) -> None:
    url = await payer.challenged()
    base = url.rpartition("/")[0]
    for other in ("x" * 32, "short", "x" * 4_000, "files/../../etc/passwd", "%00"):
        assert (await payer.visit(f"{base}/{other}")).status == 404
    async with payer.http.head(re.sub("pay.localhost", "127.0.0.1", url)) as looked:
        assert looked.status == 405
    await payer.secured()  # another one: the first is given up
    payer.language = "da"
    page = await payer.visit(url)
    assert (page.status, page.action) == (410, "")
    assert "Tiden til at bekræfte er gået" in page.text
    assert 'lang="da"' in page.text


async def test_an_answered_challenge_can_be_opened_again_and_asks_nothing(payer: Payer) -> None:
    url = await payer.challenged()
    ours = await payer.visit(url)
    await payer.answer(await payer.visit(ours.action, ours.fields), CODE)
    page = await payer.visit(url)
    assert (page.status, page.action) == (200, "")
    assert "You have answered" in page.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff" * 100, b"[" * 60_000, b'{"messageType": "RReq"}'])
async def test_what_is_no_report_is_an_error_message(payer: Payer, body: bytes) -> None:
    async with payer.http.post(f"{payer.client.base}/3ds/result", data=body) as answer:
        assert answer.status == 200
        assert (await answer.json())["messageType"] == "Erro"


async def test_reports_have_a_size_and_a_place(payer: Payer) -> None:
    base = payer.client.base
    async with payer.http.post(f"{base}/3ds/result", data=b" " * 70_000) as answer:
        assert answer.status == 413
    async with payer.http.get(f"{base}/3ds/result") as answer:
        assert answer.status == 405
    async with payer.http.post(f"{base}/3ds/other") as answer:
        assert answer.status == 404


async def test_the_step_tells_what_the_browser_s_script_told(payer: Payer) -> None:
    screen = {"browser_depth": "30", "browser_height": "844", "browser_width": "390", "browser_tz": "-60",
              "browser_language": "da-DK", "browser_java": "0"}  # fmt: skip
    payer.card |= screen
    assert "Er det din betaling?" in (await payer.at_the_bank()).text
    payer.card |= {"browser_tz": "always", "browser_depth": "-5", "browser_language": "<script>"}
    assert (await payer.secured())["result"] == "WAIT"


async def test_many_payers_are_asked_at_once_and_each_is_answered_for_themselves(
    client: Client, http: aiohttp.ClientSession, installation: Settings
) -> None:
    async def one(number: int) -> str:
        checkout = await client.checkout()
        payer = Payer(
            client, http, installation, checkout, client.card(checkout["checkout_id"], client.cards["challenge"])
        )
        await payer.answer(await payer.at_the_bank(), CODE, "cancel" if number % 2 else "confirm")
        return str((await client.authorise(payer.card))["result"])

    assert await asyncio.gather(*map(one, range(6))) == ["ACK", "NOK"] * 3


async def test_nothing_of_a_challenge_gets_into_a_log(payer: Payer) -> None:
    url = await payer.challenged()
    ours = await payer.visit(url)
    await payer.back(await payer.answer(await payer.visit(ours.action, ours.fields), CODE))
    assert (await payer.client.authorise(payer.card))["result"] == "ACK"
    written = b"".join(path.read_bytes() for path in payer.settings.log_dir.rglob("*") if path.is_file())
    assert written
    for text in (payer.card["cardno"], HOLDER, "Kanarina", url.rpartition("/")[2], ours.fields["creq"][:40]):
        assert text.encode() not in written
    number = payer.card["cardno"]
    for page in payer.pages:
        assert number not in page.text
        assert HOLDER not in page.text
