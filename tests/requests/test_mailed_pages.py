"""The pages of a link: the same for whoever asks, then everything at every shop for whoever owns the address."""

import re

import asyncpg
import pytest
from asker import MAILBOX, Answer, Asker, Post, path_of

from ippgateway.app.database.access import as_owner, main_database
from ippgateway.app.settings import Settings
from ippgateway.core.clock import ManualClock
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.companies import service as companies
from ippgateway.privacy.platform import Platform
from privacy.shops import open_shop
from rights.people import HOLDER, ORDER, ordered, owner

STRANGER = "ukendt@borger.example"


async def opened(asker: Asker, post: Post, email: str, *, spoken: str = "en") -> Answer:
    """The overview of an address, by a link."""
    await asker.ask("/", {"email": email}, spoken=spoken)
    link = path_of([each for each in await post(email) if "/link/" in each][-1])
    page = await asker.ask(link, {"email": email}, spoken=spoken)
    assert page.status == 200
    return page


async def at(asker: Asker, overview: Answer, shop: str, **more: str) -> Answer:
    """The page of one shop. The overview has a form for each payer there: the first of this shop is sent."""
    whom = re.search(
        rf'name="person" value="([^"]+)"(?:(?!</form>).)*name="shop" value="{shop}"', overview.text, re.DOTALL
    )
    chosen = {"person": whom[1]} if whom else {}
    return await asker.ask("/held", {**overview.hidden, **chosen, "shop": shop, **more})


# --- asking ---


@pytest.mark.parametrize("spoken", ["en", "da"])
async def test_a_stranger_hears_nothing(p: Platform, pay: Platform, asker: Asker, spoken: str) -> None:
    known = f"kendt.{spoken}@borger.example"
    await ordered(pay, await open_shop(p), known)
    await accounts.add(p, accounts.NewUser(
        audience=Audience.PUBLIC, tenant_id=p.ids.new(), email=known, name="K", password=Secret("a hedgehog, 7 lamps"),
    ))  # fmt: skip
    answers = [await asker.ask("/", {"email": email}, spoken=spoken) for email in (known, f"{spoken}.{STRANGER}")]
    answers += [await asker.ask("/", {"email": known}, spoken=spoken) for _ in range(4)]  # beyond what is sent
    assert {(each.status, each.text, tuple(each.headers.items())) for each in answers} == {
        (200, answers[0].text, tuple(answers[0].headers.items()))
    }
    assert MAILBOX in answers[0].text
    assert known not in answers[0].text


async def test_the_form_says_beside_it_what_is_kept_why_how_long_and_who_gets_it(asker: Asker) -> None:
    page = await asker.ask("/")
    for said in ("show you what is stored about you", "one day", "the provider that carries our e-mail",
                 "the European Union", "find out who is calling"):  # fmt: skip
        assert said in page.text
    assert "our own staff" not in page.text
    danish = await asker.ask("/?lang=da")
    assert "vise dig, hvad der er gemt om dig" in danish.text
    assert 'lang="da"' in danish.text


@pytest.mark.parametrize("email", ["", "nobody", "a@b c", "x" * 70 + "@example.org"])
async def test_what_is_no_address_is_said_so(asker: Asker, email: str) -> None:
    page = await asker.ask("/", {"email": email})
    assert page.status == 422
    assert "That is no e-mail address" in page.text
    assert "aria-invalid" in page.text


async def test_a_form_of_another_origin_sends_nothing(asker: Asker, post: Post) -> None:
    email = "fremmed@borger.example"
    for site in ("cross-site", "same-site"):
        assert (await asker.ask("/", {"email": email}, sec_fetch_site=site)).status == 403
    assert await post(email) == []
    assert (await asker.ask("/", {"email": email}, sec_fetch_site="same-origin")).status == 200
    assert len(await post(email)) == 1


# --- opening ---


async def test_whoever_only_looks_at_a_link_uses_nothing_up(asker: Asker, post: Post) -> None:
    email = "skanner@borger.example"
    await asker.ask("/", {"email": email})
    [link] = await post(email)
    for method in ("GET", "HEAD", "GET"):
        looked = await asker.ask(path_of(link), method=method)
        assert looked.status == 200
        assert email not in looked.text
    assert (await asker.ask(path_of(link), {"email": email})).status == 200
    assert (await asker.ask(path_of(link), {"email": email})).status == 403


async def test_a_wrong_address_and_a_link_that_never_was_are_answered_alike(asker: Asker, post: Post) -> None:
    email = "rigtig@borger.example"
    await asker.ask("/", {"email": email})
    [link] = await post(email)
    wrong = await asker.ask(path_of(link), {"email": STRANGER})
    never = await asker.ask("/link/" + "a" * 32, {"email": STRANGER})
    assert (wrong.status, never.status) == (403, 403)
    assert wrong.text.replace(path_of(link), "") == never.text.replace("/link/" + "a" * 32, "")
    assert (await asker.ask("/link/nothing.at.all")).status == 404


async def test_the_secret_is_in_forms_alone(p: Platform, pay: Platform, asker: Asker, post: Post) -> None:
    email = "skjult@borger.example"
    shop = await open_shop(p)
    await ordered(pay, shop, email)
    overview = await opened(asker, post, email)
    secret = overview.hidden["secret"]
    for page in (overview, await at(asker, overview, shop), await at(asker, overview, shop, do="plan")):
        assert secret not in re.sub(r'<input type="hidden" name="secret" value="[^"]*">', "", page.text)
        assert not [link for link in re.findall(r'(?:href|action|src)="([^"]*)"', page.text) if email in link]
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "set-cookie" not in page.headers
        assert "location" not in page.headers
        assert "<script" not in page.text


@pytest.mark.parametrize("wrong", [{"secret": "a" * 32}, {"email": STRANGER}, {"secret": ""}])
@pytest.mark.parametrize("do", ["", "plan", "erase", "end"])
async def test_without_the_proof_nothing_is_shown_and_nothing_is_done(
    p: Platform, pay: Platform, asker: Asker, post: Post, wrong: dict[str, str], do: str
) -> None:
    email = f"bevis.{do}.{len(wrong)}.{next(iter(wrong))}.{len(next(iter(wrong.values())))}@borger.example"
    shop = await open_shop(p)
    await ordered(pay, shop, email)
    overview = await opened(asker, post, email)
    refused = await asker.ask("/held", {**overview.hidden, "shop": shop, "do": do, **wrong})
    assert refused.status == 403
    assert email not in refused.text
    assert HOLDER in (await at(asker, overview, shop)).text
    assert (await asker.ask("/held")).status == 303


# --- what is held ---


async def test_every_shop_and_no_shop_of_another_address(
    p: Platform, pay: Platform, asker: Asker, post: Post
) -> None:  # fmt: skip
    email = "mange.butikker@borger.example"
    mine, other = [await open_shop(p), await open_shop(p)], await open_shop(p)
    for shop in mine:
        await ordered(pay, shop, email.upper())
    await ordered(pay, other, STRANGER)
    overview = await opened(asker, post, email)
    assert set(re.findall(r'name="shop" value="([^"]+)"', overview.text)) == set(mine)
    assert overview.text.count("Ringe og mere") == 2
    page = await at(asker, overview, mine[0])
    for said in (email, HOLDER, ORDER, "take a payment", "540 days"):
        assert said.lower() in page.text.lower()
    elsewhere = await at(asker, overview, other)
    assert "Nothing is held there" in elsewhere.text
    assert HOLDER not in elsewhere.text


async def test_more_shops_than_are_asked_at_once(
    p: Platform, pay: Platform, asker: Asker, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ippgateway.domains.payments.service.people._SHOPS_AT_ONCE", 2)
    email = "alle@borger.example"
    shops = [await open_shop(p) for _ in range(5)]
    for shop in shops:
        await ordered(pay, shop, email)
    overview = await opened(asker, post, email)
    assert set(re.findall(r'name="shop" value="([^"]+)"', overview.text)) == set(shops)


async def test_an_account_is_told_of_and_no_more(
    p: Platform, asker: Asker, post: Post, clock: ManualClock
) -> None:  # fmt: skip
    email = "konto@borger.example"
    assert "There is no account with this address" in (await opened(asker, post, email)).text
    user_id = await accounts.add(p, accounts.NewUser(
        audience=Audience.PUBLIC, tenant_id=p.ids.new(), email=email, name="Karla Konto",
        password=Secret("a hedgehog, 7 lamps"),
    ))  # fmt: skip
    clock.advance(1)  # letters are read in the order of their moments
    page = await opened(asker, post, email)
    assert "There is an account with this address" in page.text
    assert p.origins["console"] in page.text
    assert user_id not in page.text
    assert "Karla" not in page.text


async def test_of_real_payments_kinds_alone_and_the_shop_decides(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post
) -> None:
    email = "rigtige.penge@borger.example"
    shop = await open_shop(p)
    checkout = await ordered(pay, shop, email)
    async with owner(home) as connection:
        await connection.execute("update ipp.checkout set test = false where id = $1", checkout.id)
    overview = await opened(asker, post, email)
    page = await at(asker, overview, shop)
    assert 'data-shown="open"' not in page.text
    assert HOLDER not in page.text
    assert "Ask it below to erase it" in page.text
    assert "payer.email" in page.text
    for do in ("plan", "erase"):
        refused = await at(asker, overview, shop, do=do)
        assert refused.status == 403
        assert HOLDER not in refused.text
    assert shop in (await asker.ask("/held", overview.hidden)).text


async def test_tests_are_planned_then_erased_then_found_no_more(
    p: Platform, pay: Platform, asker: Asker, post: Post
) -> None:  # fmt: skip
    email = "slet@borger.example"
    shop = await open_shop(p)
    await ordered(pay, shop, email)
    overview = await opened(asker, post, email)
    plan = await at(asker, overview, shop, do="plan")
    assert "Its key is destroyed" in plan.text
    assert HOLDER in (await at(asker, overview, shop)).text
    done = await at(asker, overview, shop, do="erase")
    assert done.status == 200
    assert 'class="erased"' in done.text
    assert HOLDER not in done.text
    assert shop not in (await asker.ask("/held", overview.hidden)).text


@pytest.mark.parametrize(("spoken", "said"), [("da", "Det er gemt om din adresse"), ("en", "What is held about your")])
async def test_both_languages_on_the_way(
    p: Platform, pay: Platform, asker: Asker, post: Post, spoken: str, said: str
) -> None:
    email = f"sprog.{spoken}@borger.example"
    shop = await open_shop(p)
    await ordered(pay, shop, email)
    overview = await opened(asker, post, email, spoken=spoken)
    assert said in overview.text
    assert overview.headers["content-language"] == spoken
    other = await asker.ask("/held", {**overview.hidden, "shop": shop, "lang": "en" if spoken == "da" else "da"})
    assert other.headers["content-language"] != spoken
    assert shop in other.text


async def test_nothing_of_it_is_in_the_clear_in_any_row_job_or_log(
    p: Platform, pay: Platform, home: Settings, asker: Asker, post: Post, capfd: pytest.CaptureFixture[str]
) -> None:
    email = "cornelia.kanariefugl@borger.example"
    shop = await open_shop(p)
    await ordered(pay, shop, email)
    overview = await opened(asker, post, email)
    await at(asker, overview, shop)
    [link] = await post(email)
    canaries = [email, "kanariefugl", overview.hidden["secret"], path_of(link).rpartition("/")[2], "192.0.2.7"]
    connection = await asyncpg.connect(**as_owner(home, main_database(home)))
    try:
        tables = await connection.fetch(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        held = {
            table: "\n".join(
                row["row"] for row in await connection.fetch(f'select t::text as row from "{schema}"."{table}" t')
            )
            for schema, table in tables
        }
    finally:
        await connection.close()
    assert held["data_link"]
    assert held["letter"]
    assert held["pgqueuer"]
    said = capfd.readouterr()
    held["the log"] = said.out + said.err
    found = {
        (table, canary) for table, text in held.items() for canary in canaries
        if canary.lower() in text.lower() or canary.encode().hex() in text
    }  # fmt: skip
    assert found == set()


async def test_the_page_of_a_shop_says_where_it_is_reached(
    p: Platform, pay: Platform, asker: Asker, post: Post
) -> None:
    email, shop = "hvor.er.i@borger.example", await open_shop(p)
    await ordered(pay, shop, email)
    overview = await opened(asker, post, email)
    assert "on its behalf: <strong>Ringe og mere</strong></p>" in (await at(asker, overview, shop)).text
    await companies.set_payers_contact(p, company_id=shop, text="<b>@ringe.example", by="user")
    page = await at(asker, overview, shop)
    assert "<strong>Ringe og mere</strong>, &lt;b&gt;@ringe.example</p>" in page.text
