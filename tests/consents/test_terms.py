"""Accepted terms are on record; who has not is asked; of a change each user is told once (LAW-1, CHANGE-1)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
import uvicorn

from browser import PHONE, OpenPage, accessible, browser, open_page, shot
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Arrival, Session
from ippgateway.domains.partners import service as partners
from ippgateway.domains.partners.schemas import AccountKind, NewAccount
from ippgateway.faces.console.app import console_app, console_house
from ippgateway.privacy.papers.common import in_places
from ippgateway.privacy.papers.versions import TERMS, in_force, today
from ippgateway.privacy.policy import People, places_of

from .room import Room

__all__ = ["browser", "open_page"]


class Nobody:
    """Knows no leaked password."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


async def signed_up(
    room: Room, kind: AccountKind = AccountKind.COMPANY, *, language: str = "da"
) -> tuple[Session, Secret[str]]:
    """Whoever just opened an account, and what their browser holds."""
    p = room.console
    a, b = (p.ids.randomness.below(254) + 1 for _ in range(2))
    new = NewAccount(
        kind=kind, email=f"{p.ids.letters(12)}@shop.example", name="Ida Holm", language=language,
        password=Secret("klinker og krus paa havnen"), company_name="Holm & Søn", country="DK", number="13 58 56 28",
        arrival=Arrival(address=Secret(f"10.{a}.{b}.7"), browser="Firefox 150", system="Linux"),
    )  # fmt: skip
    signed_in, _ = await partners.sign_up(p, Nobody(), new)
    session = await accounts.resume_browser(p, bearer=signed_in.session_id)
    assert session is not None
    return session, signed_in.session_id


async def told_and_accepted(room: Room, session: Session) -> list[tuple[str, str, str, str]]:
    rows = await room.admin.fetch(
        "select what, paper, version, how from ipp.acceptance where tenant_id = $1 and user_id = $2 order by id",
        session.home_id,
        session.user_id,
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("kind", AccountKind)
async def test_whoever_opens_an_account_has_accepted_the_version_in_force_and_it_is_on_the_trail(
    room: Room, kind: AccountKind
) -> None:
    session, _ = await signed_up(room, kind)
    version = in_force(TERMS, today(room.clock.now())).name
    assert await told_and_accepted(room, session) == [("accepted", "terms", version, "sign_up")]
    assert await accounts.accepted(room.console, session)
    trail = await room.admin.fetch(
        "select object from ipp.audit_entry where act = 'terms.accepted' and actor = $1", f"console/{session.user_id}"
    )
    assert [row["object"] for row in trail] == [f"{session.tenant_id}/{version}"]


async def test_a_new_version_is_asked_for_and_a_yes_to_another_one_does_not_count(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = await signed_up(room)
    old = accounts.terms_in_force(room.console)
    announcing = "ippgateway.domains.accounts.service.announcing"
    monkeypatch.setattr(f"{announcing}.terms_in_force", lambda _: "2027-01-01-aaaaaaaa")
    assert not await accounts.accepted(room.console, session)
    assert not await accounts.accept(room.console, session, version=old)
    assert not await accounts.accepted(room.console, session)
    for _ in range(2):
        assert await accounts.accept(room.console, session, version="2027-01-01-aaaaaaaa")
    assert sorted(each[2] for each in await told_and_accepted(room, session)) == [old, "2027-01-01-aaaaaaaa"]


async def test_each_user_gets_one_letter_about_a_version_however_often_it_is_announced(room: Room) -> None:
    sessions = [(await signed_up(room))[0] for _ in range(3)]

    async def announce(version: str) -> int:
        return await accounts.announce(room.console, paper=TERMS, version=version, day=date(2027, 1, 1))

    assert await announce("2027-01-01-bbbbbbbb") >= 3
    assert await announce("2027-01-01-bbbbbbbb") == 0
    late, _ = await signed_up(room)
    assert await announce("2027-01-01-bbbbbbbb") == 1
    for session in (*sessions, late):
        letters = await room.admin.fetch(
            "select language, state from ipp.letter where tenant_id = $1 and kind = 'policy_changed'", session.tenant_id
        )
        assert [tuple(row) for row in letters] == [("da", "DUE")]
    assert await announce("2027-02-01-cccccccc") >= 4


@asynccontextmanager
async def console(room: Room) -> AsyncIterator[str]:
    """The console's pages on a port of their own; their address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    house = console_house(room.console, origin=origin, api_url=origin, breaches=Nobody())
    server = uvicorn.Server(uvicorn.Config(console_app(house), port=port, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the library has no event for it
        await asyncio.sleep(0.01)
    try:
        yield origin
    finally:
        server.should_exit = True
        await task


@pytest.mark.parametrize("script", [True, False])
async def test_a_user_sees_what_is_due_says_yes_and_is_not_asked_again(
    room: Room, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    _, bearer = await signed_up(room)
    monkeypatch.setattr("ippgateway.domains.accounts.service.terms_in_force", lambda _: "2027-01-01-dddddddd")
    monkeypatch.setattr(
        "ippgateway.domains.accounts.service.announcing.terms_in_force", lambda _: "2027-01-01-dddddddd"
    )
    async with console(room) as origin:
        page = await open_page(viewport=PHONE, java_script_enabled=script, locale="da-DK")
        await page.context.add_cookies([{"name": "session", "value": bearer.open(), "url": origin}])
        await page.goto(f"{origin}/account/profile")
        assert await page.get_by_text("Der gælder nye vilkår").count() == 1
        await page.get_by_role("link", name="Se dem").click()
        await page.wait_for_url("**/account/terms")
        if script:
            await accessible(page)
            await shot(page, "account-terms")
        await page.get_by_role("button", name="Jeg godtager denne udgave").click()
        await page.wait_for_url("**/account/terms?done=accepted")
        await page.goto(f"{origin}/account/profile")
        assert await page.get_by_text("Der gælder nye vilkår").count() == 0


@pytest.mark.parametrize("script", [True, False])
async def test_news_is_asked_for_on_its_own_and_stopped_as_easily(
    room: Room, open_page: OpenPage, script: bool
) -> None:
    session, bearer = await signed_up(room)
    async with console(room) as origin:
        page = await open_page(viewport=PHONE, java_script_enabled=script, locale="da-DK")
        await page.context.add_cookies([{"name": "session", "value": bearer.open(), "url": origin}])
        await page.goto(f"{origin}/account/news")
        shown = (await page.locator("#shown").inner_text()).strip()
        if script:
            await accessible(page)
            await shot(page, "account-news")
        await page.get_by_role("button", name="Ja, send mig nyheder").click()
        await page.wait_for_url("**/account/news?done=yes")
        kept = await room.admin.fetchrow(
            "select c.said, c.how, t.text, t.language from ipp.consent c "
            "join ipp.consent_text t on t.digest = c.text_digest where c.tenant_id = $1", session.tenant_id,
        )  # fmt: skip
        assert kept is not None
        assert tuple(kept) == ("given", "account", shown, "da")
        room.clock.advance(1)
        await page.get_by_role("button", name="Stop nyhederne").click()
        await page.wait_for_url("**/account/news?done=no")
        last = "select said from ipp.consent where tenant_id = $1 order by created_at desc limit 1"
        assert await room.admin.fetchval(last, session.tenant_id) == "withdrawn"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("locale", "button", "told"),
    [("en-GB", "No marketing from you", "You objected to marketing."),
     ("da-DK", "Ingen reklame fra jer", "Du har gjort indsigelse mod reklame.")],
)  # fmt: skip
async def test_one_button_says_no_to_all_marketing_for_whoever_asked_for_news_or_not(
    room: Room, open_page: OpenPage, script: bool, locale: str, button: str, told: str
) -> None:
    session, bearer = await signed_up(room, language=locale[:2])
    async with console(room) as origin:
        page = await open_page(viewport=PHONE, java_script_enabled=script, locale=locale)
        await page.context.add_cookies([{"name": "session", "value": bearer.open(), "url": origin}])
        await page.goto(f"{origin}/account/news")
        await page.get_by_role("button", name=button).click()
        await page.wait_for_url("**/account/news?done=never")
        assert told in await page.locator("main").inner_text()
        assert await page.get_by_role("button", name=button).count() == 0
        if script:
            await accessible(page)
            await shot(page, f"account-news-objected-{locale[:2]}")
    said = await room.admin.fetch("select said, how from ipp.consent where tenant_id = $1", session.tenant_id)
    assert [tuple(row) for row in said] == [("objected", "account")]


async def test_terms_that_changed_while_somebody_typed_are_shown_before_anything_is_opened(
    room: Room, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await room.admin.fetchval("select count(*) from ipp.app_user")
    async with console(room) as origin:
        page = await open_page(java_script_enabled=False)
        await page.goto(f"{origin}/sign-up?lang=en&kind=person")
        monkeypatch.setattr("ippgateway.domains.accounts.service.terms_in_force", lambda _: "2027-01-01-eeeeeeee")
        await page.get_by_label("Your name").fill("Ida Holm")
        await page.get_by_label("E-mail").fill("ida@shop.example")
        await page.get_by_label("Password").fill("klinker og krus paa havnen")
        await page.get_by_role("button", name="Open the account").click()
        assert "New terms came into force" in await page.locator("main").inner_text()
        assert "2027-01-01-eeeeeeee" in await page.locator("form .terms").inner_text()
    assert await room.admin.fetchval("select count(*) from ipp.app_user") == before


@pytest.mark.parametrize("kind", ["person", "shop"])
@pytest.mark.parametrize(
    ("language", "button", "told"),
    [("en", "Open the account", "did not say which terms you saw"),
     ("da", "Opret kontoen", "sagde ikke, hvilke vilkår du så")],
)  # fmt: skip
async def test_a_form_that_names_no_terms_opens_nothing_and_says_so_where_they_stand(
    room: Room, open_page: OpenPage, kind: str, language: str, button: str, told: str
) -> None:
    before = await everything(room)
    async with console(room) as origin:
        page = await open_page(viewport=PHONE)
        await page.goto(f"{origin}/sign-up?lang={language}&kind={kind}")
        typed = {"name": "Ida Holm", "email": "ida@shop.example", "password": "klinker og krus paa havnen",
                 **({"company": "Holm & Søn", "number": "13585628"} if kind == "shop" else {})}  # fmt: skip
        for field, text in typed.items():
            await page.fill(f"#f-{field}", text)
        await page.evaluate("document.querySelector('input[name=terms]').remove()")
        await page.get_by_role("button", name=button).click()
        assert told in await page.locator("#p-terms").inner_text()
        assert await page.locator("main .wrongly").count() == 1
        assert await page.locator("input[name=terms]").get_attribute("value") == accounts.terms_in_force(room.console)
        await accessible(page)
        await shot(page, f"sign-up-no-terms-{language}")
    assert await everything(room) == before


async def everything(room: Room) -> tuple[int, ...]:
    """How many rows there are of whatever an account begins with."""
    return tuple([
        await room.admin.fetchval(f"select count(*) from ipp.{table}")
        for table in ("app_user", "company", "acceptance", "credential", "sign_in_session", "letter")
    ])  # fmt: skip


async def test_sign_up_names_the_terms_with_their_version_and_the_foot_leads_to_every_paper(
    room: Room, open_page: OpenPage
) -> None:
    async with console(room) as origin:
        page = await open_page(viewport=PHONE)
        await page.goto(f"{origin}/sign-up?lang=en")
        await accessible(page)
        await shot(page, "sign-up-terms")
        said = await page.locator("form .terms").inner_text()
        assert accounts.terms_in_force(room.console) in said
        for people in (People.USERS, People.PAYERS):
            assert in_places(places_of(people)).en in said
        for path in ("terms", "privacy", "cookies", "processors"):
            assert await page.locator(f'footer a[href="http://site.localhost:8000/en/{path}"]').count() == 1
