"""The pages of requests, in both houses, without a socket and without script."""

import dataclasses
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from starlette.types import ASGIApp

from accounts.people import LEAKED, PASSWORD, browse, from_, known, member, prove, shop, somebody
from classic.asgi import Answer, call
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import Identity, Kind, New, Request
from ippgateway.faces.console.app import console_app, console_house
from ippgateway.faces.desk.app import desk_app, desk_house
from ippgateway.faces.shell.guard import TOKEN, token_for
from ippgateway.privacy.catalogue import ACCESS_RECORDING, PAYMENT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone

ORIGIN = "http://house.localhost:8000"
HOUSE = {"origin": ORIGIN, "api_url": ORIGIN, "breaches": LEAKED}


@pytest.fixture
def console_pages(p: Platform) -> ASGIApp:
    return console_app(console_house(p, **HOUSE))  # type: ignore[arg-type]


@pytest.fixture
def desk_pages(desk: Platform) -> ASGIApp:
    return desk_app(desk_house(desk, **HOUSE))  # type: ignore[arg-type]


@dataclasses.dataclass(frozen=True)
class Reader:
    """A browser: signed in, or nobody."""

    app: ASGIApp
    bearer: Secret[str] | None = None

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path, b"")

    async def post(self, path: str, **fields: str) -> Answer:
        token = {} if self.bearer is None else {TOKEN: token_for(self.bearer)}
        return await self._ask("POST", path, urlencode({**fields, **token}).encode())

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        headers: Mapping[str, str] = {"host": ORIGIN.partition("//")[2], "origin": ORIGIN}
        cookie = {} if self.bearer is None else {"cookie": f"session={self.bearer.open()}"}
        answer = await call(self.app, method, path, body=body, headers={**headers, **cookie})
        assert answer is not None
        return answer


async def reader(p: Platform, app: ASGIApp, email: str) -> Reader:
    return Reader(app, (await browse(p, email)).session_id)


async def staff(desk: Platform, app: ASGIApp, role: str) -> Reader:
    """One of our staff, with a second factor a moment ago."""
    email = await member(desk, role)
    signed_in = await accounts.sign_in_browser(
        desk, audiences=(Audience.STAFF,), username=email, password=PASSWORD, arrival=from_()
    )
    session = await known(desk, signed_in)
    async with desk.db.begin(hall(desk)[1], tenants=[session.home_id]) as tx:
        await tx.execute("update ipp.app_user set second_factor = true where id = $1", session.user_id)
    return Reader(app, (await prove(desk, session)).session_id)


async def test_somebody_asks_follows_it_and_gets_a_reasoned_answer_with_the_route_to_the_authority(
    p: Platform, desk: Platform, console_pages: ASGIApp, desk_pages: ASGIApp
) -> None:
    person = await reader(p, console_pages, await somebody(p, await shop(p)))
    assert (await person.post("/account/data/requests", kind="rectification")).status == 422
    sent = await person.post("/account/data/requests", kind="rectification", statement="My name is <b>Karin</b>.")
    at = sent.headers["location"].partition("?")[0]
    assert b"being looked at" in (await person.get(at)).body
    officer = await staff(desk, desk_pages, "compliance")
    listed = (await officer.get("/requests")).body
    (tenant_id,) = {r.tenant_id for r in await requests.of_us(desk) if r.id == at.rpartition("/")[2]}
    case = f"/requests/{tenant_id}/{at.rpartition('/')[2]}"
    assert case.encode() in listed
    assert b"&lt;b&gt;Karin&lt;/b&gt;" in (await officer.get(case)).body
    assert (await officer.post(case, do="refuse", reason="law")).status == 422
    assert (await officer.post(case, do="refuse", reason="correct", answer="It is correct.")).status == 303
    assert (await officer.post(case, do="grant")).status == 409
    answered = (await person.get(at)).body
    for told in (b"refused, with reasons", b"It is correct.", b"GDPR 16", b"Datatilsynet"):
        assert told in answered


async def test_nobody_but_the_role_decides_and_nobody_but_the_person_reads(
    p: Platform, desk: Platform, console_pages: ASGIApp, desk_pages: ASGIApp
) -> None:
    tenant_id = await shop(p)
    person = await reader(p, console_pages, await somebody(p, tenant_id))
    other = await reader(p, console_pages, await somebody(p, tenant_id))
    offered = (await person.get("/account/data/requests")).body
    assert b"access_records" not in offered, "nothing of theirs is held for it"
    sent = await person.post("/account/data/requests", kind="objection", purpose=ACCESS_RECORDING.key)
    at = sent.headers["location"].partition("?")[0]
    assert (await other.get(at)).status == 404
    assert (await other.post(at)).status == 404
    assert (await other.get(f"/requests/{at.rpartition('/')[2]}")).status in (303, 404)
    helper = await staff(desk, desk_pages, "support")
    assert (await helper.get("/requests")).status == 403


async def test_an_account_is_erased_from_its_own_page_and_the_certificate_needs_no_account(
    p: Platform, console_pages: ASGIApp
) -> None:
    tenant_id = await shop(p)
    await somebody(p, tenant_id)
    person = await reader(p, console_pages, await somebody(p, tenant_id, rights=("payments",), name="Karen Blix"))
    closing = (await person.get("/account/data/leave/close")).body
    assert b"every sign-in ends" in closing
    assert b"Close it now" in closing
    assert b"Erase it now" in (await person.get("/account/data/leave/erase")).body
    done = await person.post("/account/data/leave/erase")
    at = done.headers["location"]
    assert at.startswith(f"/certificate/{tenant_id}/")
    assert (await person.get("/account/data")).headers["location"].startswith("/sign-in")
    shown = await Reader(console_pages).get(at)
    assert shown.status == 200
    assert b"What goes" in shown.body
    assert b"Karen" not in shown.body
    assert (await Reader(console_pages).get(f"/certificate/{tenant_id}/nobody")).status == 404


async def test_files_are_handed_over_as_files(p: Platform, console_pages: ASGIApp) -> None:
    person = await reader(p, console_pages, await somebody(p, await shop(p)))
    for name, kind in (("copy.pdf", "application/pdf"), ("copy.json", "application/json"),
                       ("portable.json", "application/json")):  # fmt: skip
        answer = await person.get(f"/account/data/{name}")
        assert (answer.status, answer.headers["content-type"]) == (200, kind)
        assert answer.headers["content-disposition"].startswith("attachment")
    assert b"/account/data/requests" in (await person.get("/account/data")).body


async def test_a_shop_answers_its_payer_from_its_console(
    p: Platform, zones: dict[Zone, Platform], console_pages: ASGIApp
) -> None:
    company_id = await shop(p)
    owner = await reader(p, console_pages, await somebody(p, company_id))
    session = await known(p, await browse(p, await somebody(p, company_id)))
    lifted = Reader(console_pages, (await prove(p, session)).session_id)
    person_id = await payer(p, zones[Zone.PAY], company_id, "signe@borger.example")
    wrong = await owner.post("/requests/new", email="nobody@borger.example", kind="access")
    assert wrong.status == 422
    made = await owner.post("/requests/new", email="Signe@borger.example", kind="erasure")
    at = made.headers["location"].partition("?")[0]
    assert at.encode() in (await owner.get("/requests")).body
    assert (await owner.get(at)).status == 303, "deciding takes the second factor"
    assert (await lifted.get(at)).status == 200
    assert (await lifted.get(f"{at}/export.json")).status == 200
    assert (await lifted.post(at, do="grant", answer="Gone.")).status == 303
    row = await requests.one(p, tenant_id=company_id, request_id=at.rpartition("/")[2])
    assert (row.state, row.person_id) == ("DONE", person_id)
    assert row.certificate is not None


async def payer(p: Platform, pay: Platform, company_id: str, email: str) -> str:
    """Somebody whom a shop knows by this address; the id."""
    person_id = pay.ids.new()
    await pay.persons.create(PAYMENT, company_id, person_id)
    async with pay.db.begin(PAYMENT, tenants=[company_id]) as tx:
        await tx.execute(
            "insert into ipp.payer (company_id, person_id, created_at, email_code) values ($1, $2, $3, $4)",
            company_id, person_id, pay.clock.now(), p.persons.index.code(company_id, "payer.email", email),
        )  # fmt: skip
    return person_id


async def test_an_overdue_case_is_marked(
    p: Platform, desk: Platform, desk_pages: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id = await shop(p)
    session = await known(p, await browse(p, await somebody(p, tenant_id)))
    person = await accounts.person_of(p, session)
    await requests.ask(p, New(
        person=person, kind=Kind.RECTIFICATION, identity=Identity.SESSION, language="da",
        reply_to=Secret("karen@example.org"), statement=Secret("x"),
    ))  # fmt: skip
    officer = await staff(desk, desk_pages, "compliance")
    monkeypatch.setattr(Request, "late", lambda request, _: request.tenant_id == tenant_id)
    assert b"overdue" in (await officer.get("/requests")).body
