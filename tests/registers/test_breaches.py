"""Breaches: 72 hours in plain sight, who is concerned, what comes before one is closed, and a log that stays."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from clocks import Shifted
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.domains.registers import service as registers
from ippgateway.domains.registers.errors import BadEntry, NotNow
from ippgateway.domains.registers.schemas import NOTIFY_WITHIN, Act, Clock, Risk, Said
from ippgateway.faces.desk.breach_notices import From, to_authority, to_persons
from ippgateway.faces.pages.language import Language
from ippgateway.privacy.catalogue import REGISTERS, SUPPORT
from ippgateway.privacy.looks.looking import Looker, Why, look
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM
from privacy.shops import open_shop
from signing import Member, member

NATURE = "a list of addresses was sent to the wrong recipient"
SENDER = From(operator="IPP", contact="support@example.org")


def said(p: Platform, **more: object) -> Said:
    texts = {"nature": NATURE, "measures": "the recipient destroyed it", "assessment": "few, and destroyed"}
    told = Said(aware_at=p.clock.now(), categories=("email", "name"), texts=texts)
    return replace(told, **more)  # type: ignore[arg-type]


async def test_the_hours_run_from_becoming_aware_and_late_needs_a_reason(
    desk: Platform, clock: Shifted, ada: Member
) -> None:
    breach_id = await registers.open_breach(desk, said(desk, risk=Risk.RISK), by=ada.user_id)
    breach = await registers.breach(desk, breach_id=breach_id)
    assert breach.clock(clock.now()) is Clock.RUNNING
    assert breach.hours_left(clock.now()) == 71
    clock.advance(NOTIFY_WITHIN.total_seconds() + 60)
    assert breach.clock(clock.now()) is Clock.OVERDUE
    with pytest.raises(NotNow) as late:
        await registers.notified(desk, breach_id=breach_id, by=ada.user_id)
    assert late.value.why == "late"
    why = {**breach.said.texts, "late": "the log was read on Monday"}
    await registers.change(
        desk, breach_id=breach_id, said=replace(breach.said, texts=why), by=ada.user_id, number=breach.number
    )
    await registers.notified(desk, breach_id=breach_id, by=ada.user_id)
    assert (await registers.breach(desk, breach_id=breach_id)).clock(clock.now()) is Clock.LATE


async def test_a_breach_without_likely_risk_is_kept_and_nobody_outside_is_told(desk: Platform, ada: Member) -> None:
    breach_id = await registers.open_breach(desk, said(desk, risk=Risk.UNLIKELY), by=ada.user_id)
    await registers.close(desk, breach_id=breach_id, by=ada.user_id)
    breach = await registers.breach(desk, breach_id=breach_id)
    assert breach.clock(desk.clock.now()) is Clock.NOT_NEEDED
    assert breach.closed_at is not None
    with pytest.raises(NotNow):
        await registers.told(desk, breach_id=breach_id, by=ada.user_id)


async def test_a_high_risk_is_not_closed_before_authority_and_persons_have_heard(desk: Platform, ada: Member) -> None:
    breach_id = await registers.open_breach(desk, said(desk, risk=Risk.HIGH), by=ada.user_id)
    missing = []
    for step in (registers.notified, registers.told, None):
        try:
            await registers.close(desk, breach_id=breach_id, by=ada.user_id)
        except NotNow as why:
            missing.append(why.why)
        if step is not None:
            await step(desk, breach_id=breach_id, by=ada.user_id)
    assert missing == ["authority", "persons"]
    log = (await registers.breach(desk, breach_id=breach_id)).log
    assert [step.act for step in log] == [Act.OPENED, Act.NOTIFIED, Act.TOLD, Act.CLOSED]


async def test_nobody_changes_or_removes_a_line_of_the_log(desk: Platform, ada: Member) -> None:
    await registers.open_breach(desk, said(desk), by=ada.user_id)
    for sql in ("update ipp.breach_entry set risk = 'unlikely'", "delete from ipp.breach_entry"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with desk.db.begin(REGISTERS, tenants=[PLATFORM]) as tx:
                await tx.execute(sql)


async def test_of_two_who_write_at_once_the_second_reads_first(desk: Platform, ada: Member, bo: Member) -> None:
    breach_id = await registers.open_breach(desk, said(desk), by=ada.user_id)
    await registers.change(desk, breach_id=breach_id, said=said(desk, risk=Risk.RISK), by=ada.user_id, number=1)
    with pytest.raises(NotNow) as meanwhile:
        await registers.change(desk, breach_id=breach_id, said=said(desk), by=bo.user_id, number=1)
    assert meanwhile.value.why == "meanwhile"


async def test_who_is_concerned_is_counted_by_person_not_by_row(desk: Platform, console: Platform, ada: Member) -> None:
    shop = await open_shop(console)
    for name in ("Ea", "Jo", "My"):
        who = await member(console, shop, Audience.COMPANY, name=name)
        await who.bearer()
    of_shop = said(desk, of_tenant=shop, categories=("email", "name", "sign_in"))
    breach_id = await registers.open_breach(desk, of_shop, by=ada.user_id)
    found = {each.place: each for each in await registers.count(desk, breach_id=breach_id, by=ada.user_id)}
    assert found["app_user"].persons == 3
    assert found["sign_in_session"].persons == 3
    breach = await registers.breach(desk, breach_id=breach_id)
    assert breach.persons == 3
    assert (breach.records or 0) > 3


async def test_what_was_written_after_the_breach_is_not_concerned(
    desk: Platform, console: Platform, ada: Member
) -> None:
    shop = await open_shop(console)
    await member(console, shop, Audience.COMPANY, name="Ea")
    ended = desk.clock.now() - timedelta(days=1)
    early = said(desk, of_tenant=shop, began_at=ended - timedelta(days=1), ended_at=ended, categories=("email",))
    breach_id = await registers.open_breach(desk, early, by=ada.user_id)
    assert await registers.count(desk, breach_id=breach_id, by=ada.user_id) == ()


async def test_of_a_member_of_staff_those_whom_they_looked_at_are_concerned(
    desk: Platform, console: Platform, ada: Member
) -> None:
    helper = await member(desk, PLATFORM, Audience.STAFF, rights=("support",))
    shop = await open_shop(console)
    for name in ("Ea", "Jo"):
        who = await member(console, shop, Audience.COMPANY, name=name)
        person = await accounts.person_of(console, await who.session())
        for _ in range(2):
            await look(
                desk, by=Looker(user_id=helper.user_id), purpose=SUPPORT, person=person, why=Why.ASKED,
                reason="asked by telephone",
            )  # fmt: skip
    breach_id = await registers.open_breach(desk, said(desk, staff_id=helper.user_id), by=ada.user_id)
    (found,) = await registers.count(desk, breach_id=breach_id, by=ada.user_id)
    assert (found.place, found.persons, found.records) == ("look", 2, 4)


async def test_the_register_counts_and_reads_nobodys_data(desk: Platform) -> None:
    for sql in ("select email from ipp.app_user", "select shown from ipp.look", "select fields from ipp.disclosure"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with desk.db.begin(REGISTERS) as tx:
                await tx.fetch(sql)


@pytest.mark.parametrize("language", list(Language))
async def test_the_notices_say_what_the_law_asks_for(
    desk: Platform, clock: Shifted, ada: Member, language: Language
) -> None:
    texts = {**said(desk).texts, "consequences": "unwanted letters", "late": "the log was read on Monday"}
    breach_id = await registers.open_breach(desk, said(desk, texts=texts), by=ada.user_id)
    await registers.count(desk, breach_id=breach_id, by=ada.user_id)
    breach = await registers.breach(desk, breach_id=breach_id)
    kinds = {category.key: category.words for category in registers.categories()}
    wanted = [NATURE, "unwanted letters", "the recipient destroyed it", "support@example.org"]
    authority = to_authority(breach, kinds, SENDER, language, clock.now())
    persons = to_persons(breach, kinds, SENDER, language)
    assert all(text in authority and text in persons for text in wanted)
    assert str(breach.persons) in authority
    assert str(breach.records) in authority
    assert texts["late"] not in authority + persons
    clock.advance(NOTIFY_WITHIN.total_seconds() + 60)
    assert texts["late"] in to_authority(breach, kinds, SENDER, language, clock.now())


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"categories": ()}, "categories"), ({"texts": {}}, "nature"), ({"texts": {"nature": "x" * 4001}}, "nature")],
)
async def test_an_entry_that_says_too_little_is_none(
    desk: Platform, ada: Member, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(BadEntry) as wrong:
        await registers.open_breach(desk, said(desk, **changed), by=ada.user_id)
    assert wrong.value.field == field
    with pytest.raises(BadEntry) as wrong:
        await registers.open_breach(
            desk, said(desk, aware_at=desk.clock.now() + timedelta(minutes=1)), by=ada.user_id
        )  # fmt: skip
    assert wrong.value.field == "aware_at"
