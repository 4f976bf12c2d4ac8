"""The sandbox's bank asks: what its pages show, what it reports and to whom, and what it refuses."""

import base64
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from test_threeds import _areq

from ippsandbox.cards import DEMO_CARDS
from ippsandbox.threeds.acs import acs_app
from ippsandbox.threeds.challenge import CODE, MOST_TRIES
from ippsandbox.threeds.directory import directory_app

RETURN = "http://shop.test/challenge/return"


@dataclass
class Server:
    """A 3DS server: takes results, and can be made to fail first."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    fails: int = 0

    async def result(self, request: web.Request) -> web.Response:
        self.seen.append(await request.json())
        if len(self.seen) <= self.fails:
            return web.Response(status=503)
        ids = {name: self.seen[-1][name] for name in ("threeDSServerTransID", "acsTransID", "dsTransID")}
        return web.json_response({"messageType": "RRes", "messageVersion": "2.2.0", "resultsStatus": "01"} | ids)


class Forms(HTMLParser):
    """The fields of a page's forms, and where they go."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.action = said["action"] or ""
        if tag == "input" and said.get("type") == "hidden":
            self.fields[str(said["name"])] = str(said["value"])


@dataclass
class Bank:
    """A payer's browser before the sandbox's bank, and the 3DS server that hears of it."""

    session: ClientSession
    directory: str
    acs: str
    server: Server
    results: str

    async def asked(self, card: str = "challenge", **changes: Any) -> dict[str, Any]:
        areq = _areq(acctNumber=DEMO_CARDS[card], threeDSServerURL=self.results, notificationURL=RETURN, **changes)
        async with self.session.post(f"{self.directory}/3ds/areq", json=areq) as answer:
            ares: dict[str, Any] = await answer.json()
        assert ares["transStatus"] == "C"
        return ares

    async def opened(self, ares: dict[str, Any], **more: str) -> str:
        creq = {"messageType": "CReq", "messageVersion": "2.2.0", "challengeWindowSize": "05",
                "threeDSServerTransID": ares["threeDSServerTransID"], "acsTransID": ares["acsTransID"]}  # fmt: skip
        encoded = base64.urlsafe_b64encode(json.dumps(creq).encode()).rstrip(b"=").decode()
        async with self.session.post(f"{self.acs}/acs/challenge", data={"creq": encoded} | more) as page:
            assert page.status == 200
            return await page.text()

    async def answered(self, page: str, code: str, do: str = "confirm") -> str:
        forms = Forms(page)
        async with self.session.post(
            f"{self.acs}{forms.action}", data=forms.fields | {"code": code, "do": do}
        ) as next_:
            return await next_.text()


@pytest_asyncio.fixture
async def bank() -> AsyncIterator[Bank]:
    server = Server()
    results = web.Application()
    results.add_routes([web.post("/3ds/result", server.result)])
    async with TestServer(results) as there, TestServer(acs_app(base_url=lambda: "http://acs.test")) as acs:
        acs_url = f"http://127.0.0.1:{acs.port}"
        async with TestServer(directory_app(acs_url=acs_url)) as directory, ClientSession() as session:
            yield Bank(
                session, f"http://127.0.0.1:{directory.port}", acs_url, server,
                f"http://127.0.0.1:{there.port}/3ds/result",
            )  # fmt: skip


def cres(page: str) -> dict[str, Any]:
    """What the browser is to carry back."""
    forms = Forms(page)
    assert forms.action == RETURN
    padded = forms.fields["cres"] + "=" * (-len(forms.fields["cres"]) % 4)
    found = json.loads(base64.urlsafe_b64decode(padded))
    assert isinstance(found, dict)
    return found


async def test_the_question_shows_shop_amount_and_masked_card_and_nothing_more_of_it(bank: Bank) -> None:
    page = await bank.opened(await bank.asked())
    card = f"•••• {DEMO_CARDS['challenge'][-4:]}"
    for shown in ("Den lille butik", "125.50 DKK", card, "Sandkassens bank", 'lang="da"'):
        assert shown in page
    assert not re.search(r"\d{5}", re.sub(r'value="[^"]*"', "", page))
    assert "<script" not in page
    english = await bank.opened(await bank.asked(browserLanguage="en"))
    assert "Sandbox bank" in english


async def test_the_code_confirms_and_the_result_is_reported_before_the_browser_goes_back(bank: Bank) -> None:
    ares = await bank.asked()
    page = await bank.answered(await bank.opened(ares, threeDSSessionData="c2Vzc2lvbg"), CODE)
    (rreq,) = bank.server.seen
    for name in ("threeDSServerTransID", "dsTransID", "acsTransID"):
        assert rreq[name] == ares[name]
    assert (rreq["messageType"], rreq["transStatus"], rreq["eci"]) == ("RReq", "Y", "05")
    assert len(base64.b64decode(rreq["authenticationValue"], validate=True)) == 20
    back = cres(page)
    assert (back["transStatus"], back["acsTransID"]) == ("Y", ares["acsTransID"])
    assert Forms(page).fields["threeDSSessionData"] == "c2Vzc2lvbg"
    # What only the directory server knows must not reach the browser: it vouches for the report.
    assert ares["dsTransID"] not in page
    assert rreq["authenticationValue"] not in page


async def test_a_wrong_code_may_be_tried_again_but_not_for_ever(bank: Bank) -> None:
    page = await bank.opened(await bank.asked())
    for left in range(MOST_TRIES - 1, 0, -1):
        page = await bank.answered(page, "9999")
        assert f"tilbage: {left}" in page
    page = await bank.answered(page, "9999")
    assert cres(page)["transStatus"] == "N"
    (rreq,) = bank.server.seen
    assert (rreq["transStatus"], rreq["transStatusReason"], rreq["interactionCounter"]) == ("N", "01", "03")
    assert "authenticationValue" not in rreq


async def test_giving_up_is_reported_as_such(bank: Bank) -> None:
    page = await bank.answered(await bank.opened(await bank.asked()), CODE, do="cancel")
    assert cres(page)["transStatus"] == "N"
    assert [(r["transStatus"], r["challengeCancel"]) for r in bank.server.seen] == [("N", "01")]


async def test_a_bank_that_can_not_tell_says_so(bank: Bank) -> None:
    page = await bank.answered(await bank.opened(await bank.asked("challenge_unavailable")), CODE)
    assert cres(page)["transStatus"] == "N"
    assert [r["transStatus"] for r in bank.server.seen] == ["U"]


async def test_an_unfinished_challenge_is_never_heard_of_again(bank: Bank) -> None:
    page = await bank.answered(await bank.opened(await bank.asked("challenge_unfinished")), CODE)
    assert Forms(page).action == ""
    assert bank.server.seen == []


async def test_the_first_answer_stands_and_is_reported_once(bank: Bank) -> None:
    ares = await bank.asked()
    question = await bank.opened(ares)
    confirmed = await bank.answered(question, CODE)
    assert await bank.answered(question, "", do="cancel") == confirmed
    assert await bank.opened(ares) == confirmed
    assert len(bank.server.seen) == 1


@pytest.mark.parametrize(("fails", "reports"), [(1, 2), (5, 2)])
async def test_a_report_that_fails_is_repeated_once(bank: Bank, fails: int, reports: int) -> None:
    bank.server.fails = fails
    page = await bank.answered(await bank.opened(await bank.asked()), CODE)
    assert len(bank.server.seen) == reports
    assert cres(page)


async def test_pages_of_a_challenge_are_not_kept_and_send_forms_to_two_places_only(bank: Bank) -> None:
    ares = await bank.asked()
    await bank.opened(ares)
    async with bank.session.post(f"{bank.acs}/acs/answer", data={"transaction": ares["acsTransID"]}) as page:
        assert page.headers["Cache-Control"] == "no-store"
        assert "form-action 'self' http://shop.test;" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("creq", ["", "!", "x" * 10_000, base64.urlsafe_b64encode(b"[1]").decode(), "eyJhIjoi"])
async def test_what_is_no_creq_is_not_found(bank: Bank, creq: str) -> None:
    for path, fields in (("challenge", {"creq": creq}), ("answer", {"transaction": creq, "code": CODE})):
        async with bank.session.post(f"{bank.acs}/acs/{path}", data=fields) as page:
            assert page.status == 404


async def test_the_directory_passes_on_only_what_belongs_together(bank: Bank) -> None:
    ares, other = await bank.asked(), await bank.asked()
    ids = {name: ares[name] for name in ("threeDSServerTransID", "dsTransID", "acsTransID")}
    forged = [{**ids, name: other[name]} for name in ids] + [{**ids, "dsTransID": None}]
    for message in ({"messageType": "RReq"} | fields for fields in forged):
        async with bank.session.post(f"{bank.directory}/3ds/rreq", json=message) as answer:
            assert (await answer.json())["errorCode"] == "301"
    async with bank.session.post(f"{bank.directory}/3ds/rreq", json={"messageType": "CReq"} | ids) as answer:
        assert (await answer.json())["errorCode"] == "101"
    assert bank.server.seen == []
