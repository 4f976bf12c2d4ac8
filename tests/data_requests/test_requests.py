"""What people ask about their data, from the request to its answer, on the running databases."""

import dataclasses
import json
import sys
from datetime import timedelta

import asyncpg
import pytest

from accounts.people import Post, browse, known, shop, somebody, wire
from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import Ids, SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import WrongCredentials
from ippgateway.domains.accounts.models import User
from ippgateway.domains.accounts.schemas import Session
from ippgateway.domains.companies import service as companies
from ippgateway.domains.companies.errors import CompanyNotFound
from ippgateway.domains.mail.schemas import Kind as Letter
from ippgateway.domains.payments.service import people
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.errors import BadRequest, NoSuchStep
from ippgateway.domains.requests.schemas import Identity, Kind, New, Request
from ippgateway.domains.requests.states import State
from ippgateway.privacy.catalogue import ACCESS_RECORDING, ACCOUNT, OWN_DATA, REQUESTS
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.erase import look_after
from ippgateway.privacy.rights.held import held
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import KeptFor

carrying = sys.modules["ippgateway.domains.requests.service.carrying"]


async def nothing(p: Platform, tenant_id: str) -> bool:
    return False


async def something(p: Platform, tenant_id: str) -> bool:
    return True


ROOMS = requests.Rooms(erasing=(people.let_go,), owes=nothing, has_customers=nothing)


@dataclasses.dataclass(frozen=True)
class Somebody:
    email: str
    session: Session
    person: Person


async def a_user(p: Platform, tenant_id: str | None = None, **other: object) -> Somebody:
    tenant_id = tenant_id or await shop(p)
    email = await somebody(p, tenant_id, **other)
    session = await known(p, await browse(p, email))
    return Somebody(email, session, await accounts.person_of(p, session))


async def asked(p: Platform, who: Somebody, kind: Kind, **other: object) -> str:
    told = {"identity": Identity.SESSION, "language": "en", "reply_to": Secret(who.email), **other}
    return await requests.ask(p, New(person=who.person, kind=kind, **told))  # type: ignore[arg-type]


async def carried(p: Platform, who: Somebody, request_id: str, rooms: requests.Rooms = ROOMS) -> Request:
    return await requests.carry_out(p, rooms, tenant_id=who.person.tenant, request_id=request_id)


def later(p: Platform, **more: float) -> Platform:
    clock = ManualClock(p.clock.now() + timedelta(**more))
    return dataclasses.replace(p, clock=clock, ids=Ids(clock, SystemRandomness()))


async def test_a_correction_is_asked_decided_and_answered_with_a_letter_at_each_step(
    p: Platform, desk: Platform, post: Post
) -> None:
    who = await a_user(p)
    request_id = await asked(p, who, Kind.RECTIFICATION, statement=Secret("My name is Karin."))
    assert (await carried(p, who, request_id)).state is State.OPEN
    seen = await requests.one(desk, tenant_id=who.person.tenant, request_id=request_id)
    assert seen.statement is not None
    assert seen.statement.open() == "My name is Karin."
    await requests.extend(desk, tenant_id=who.person.tenant, request_id=request_id, why="complex", by="a-member")
    await carried(p, who, request_id)
    await requests.refuse(desk, tenant_id=who.person.tenant, request_id=request_id, reason="correct",
                          answer="Your passport says Karen.", by="a-member")  # fmt: skip
    done = await carried(p, who, request_id)
    assert (done.state, done.reason, done.answer and done.answer.open()) == (
        State.REFUSED, "correct", "Your passport says Karen.",
    )  # fmt: skip
    letters = await post(request_id)
    steps = {Letter.REQUEST_RECEIVED, Letter.REQUEST_EXTENDED, Letter.REQUEST_ANSWERED}
    assert ({each.kind for each in letters}, len(letters)) == (steps, 3)
    assert {each.to for each in letters} == {who.email}
    assert not [each for each in letters if "Karin" in json.dumps(each.told)]
    async with p.db.begin(OWN_DATA, tenants=[request_id]) as tx:
        assert await tx.value("select count(*) from ipp.data_reply where tenant_id = $1", request_id) == 0


async def test_time_is_not_made_longer_twice_nor_after_the_month(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    place = {"tenant_id": who.person.tenant, "request_id": await asked(p, who, Kind.RESTRICTION, statement=Secret("x"))}
    with pytest.raises(NoSuchStep):
        await requests.extend(later(desk, days=40), **place, why="complex", by="m")
    await requests.extend(desk, **place, why="number", by="m")
    with pytest.raises(NoSuchStep):
        await requests.extend(desk, **place, why="number", by="m")


async def test_a_refusal_has_a_reason_that_fits(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    place = {"tenant_id": who.person.tenant, "request_id": await asked(p, who, Kind.RESTRICTION, statement=Secret("x"))}
    for reason in ("law", "", "because"):
        with pytest.raises(BadRequest):
            await requests.refuse(desk, **place, reason=reason, by="m")


async def test_the_desk_can_answer_and_open_nothing_else(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with desk.db.begin(REQUESTS) as tx:
            await tx.value("select email from ipp.app_user limit 1")
    await asked(p, who, Kind.RECTIFICATION, statement=Secret("x"))
    assert who.person.person_id in {each.person_id for each in await requests.of_us(desk)}


async def test_a_restriction_binds_and_the_person_is_still_answered(p: Platform, desk: Platform, post: Post) -> None:
    who = await a_user(p, name="Karen Blix")
    request_id = await asked(p, who, Kind.RESTRICTION, statement=Secret("I contest it."))
    await requests.grant(desk, tenant_id=who.person.tenant, request_id=request_id, by="m")
    assert (await carried(p, who, request_id)).state is State.DONE
    assert not (await p.persons.open(ACCOUNT, who.person.controller, who.person.person_id)).has(User.name)
    assert "Karen Blix" in {f.value.open() for f in (await held(p, who.person)).fields}
    assert Letter.REQUEST_ANSWERED in [each.kind for each in await post(request_id)]


async def test_an_objection_binds_when_it_is_made_and_ends_when_it_is_not_upheld(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    with pytest.raises(BadRequest):
        await asked(p, who, Kind.OBJECTION, purpose=ACCOUNT.key)
    request_id = await asked(p, who, Kind.OBJECTION, purpose=ACCESS_RECORDING.key)
    await carried(p, who, request_id)
    assert await objected(p, who) == {ACCESS_RECORDING.key}
    await requests.refuse(desk, tenant_id=who.person.tenant, request_id=request_id, reason="compelling", by="m")
    await carried(p, who, request_id)
    assert await objected(p, who) == set()


async def test_an_objection_that_stands_outlives_another_that_is_withdrawn(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    upheld = await asked(p, who, Kind.OBJECTION, purpose=ACCESS_RECORDING.key)
    await requests.grant(desk, tenant_id=who.person.tenant, request_id=upheld, by="m")
    assert (await carried(p, who, upheld)).state is State.DONE
    again = await asked(p, who, Kind.OBJECTION, purpose=ACCESS_RECORDING.key)
    await carried(p, who, again)
    await requests.withdraw(p, tenant_id=who.person.tenant, request_id=again)
    await carried(p, who, again)
    assert await objected(p, who) == {ACCESS_RECORDING.key}


async def test_an_objection_of_somebody_unknown_binds_once_they_are_known(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    request_id = await asked(p, who, Kind.OBJECTION, purpose=ACCESS_RECORDING.key, identity=Identity.NONE)
    await carried(p, who, request_id)
    assert await objected(p, who) == set()
    await requests.identify(desk, tenant_id=who.person.tenant, request_id=request_id, by="m")
    await requests.look_after(p, ROOMS)
    assert await objected(p, who) == {ACCESS_RECORDING.key}


async def objected(p: Platform, who: Somebody) -> set[str]:
    async with p.persons._db.begin(OWN_DATA, tenants=[who.person.controller]) as tx:
        rows = await tx.fetch("select objected from ipp.person_key where person_id = $1", who.person.person_id)
    return {key for row in rows for key in row["objected"]}


async def test_an_erased_user_is_signed_out_gone_and_has_a_certificate_that_names_nobody(
    p: Platform, post: Post
) -> None:
    tenant_id = await shop(p)
    boss = await somebody(p, tenant_id)
    who = await a_user(p, tenant_id, name="Karen Blix", phone="+45 33 33 33 33", rights=("payments",))
    request_id = await asked(p, who, Kind.ERASURE, identity=Identity.STRONG)
    done = await carried(p, who, request_id)
    assert (done.state, done.decided_by) == (State.DONE, "itself")
    with pytest.raises(WrongCredentials):
        await browse(p, who.email)
    assert not [f for f in (await held(p, who.person)).fields if f.table == "app_user"]
    said = await requests.certificate(p, tenant_id=tenant_id, request_id=request_id)
    assert not [word for word in ("Karen", who.email, who.person.person_id, who.session.user_id) if word in said]
    certificate = json.loads(said)
    assert certificate["erased_at"] is not None
    assert certificate["key_dies_by"] > certificate["erased_at"]
    assert {line["table"] for line in certificate["went"]} >= {"app_user", "credential", "sign_in_session"}
    (letter,) = await post(request_id)
    assert (letter.to, letter.told["link"].endswith(f"/certificate/{tenant_id}/{request_id}")) == (who.email, True)
    assert await wire(p, boss)
    assert (await companies.read(p, company_id=tenant_id)).name == "Shop"


async def test_the_last_administrator_stays_until_somebody_else_is_one(p: Platform) -> None:
    tenant_id = await shop(p)
    who = await a_user(p, tenant_id)
    await somebody(p, tenant_id, rights=("payments",))
    request_id = await asked(p, who, Kind.ERASURE)
    waiting = await carried(p, who, request_id)
    assert (waiting.state, waiting.waits_for) == (State.GRANTED, "administrator")
    assert await browse(p, who.email)
    await somebody(p, tenant_id)
    assert (await carried(p, who, request_id)).state is State.DONE


async def test_the_last_user_closes_the_company_when_nothing_is_owed(p: Platform) -> None:
    who = await a_user(p)
    request_id = await asked(p, who, Kind.CLOSURE)
    owing = dataclasses.replace(ROOMS, owes=something)
    assert (await carried(p, who, request_id, owing)).waits_for == "payment"
    assert (await carried(p, who, request_id)).state is State.DONE
    with pytest.raises(CompanyNotFound):
        await companies.read(p, company_id=who.person.tenant)


async def test_a_hold_keeps_what_was_to_be_erased_and_the_request_says_so(p: Platform, desk: Platform) -> None:
    who = await a_user(p)
    hold_id = await holds.place(desk, holds.NewHold(
        reason=KeptFor.INVESTIGATION, scope=holds.Scope.PERSON, tenant_id=who.person.tenant,
        named=who.person.person_id, reference="J-1", ends_on=(p.clock.now() + timedelta(days=30)).date(),
    ), by=p.ids.new())  # fmt: skip
    request_id = await asked(p, who, Kind.ERASURE)
    waiting = await carried(p, who, request_id)
    assert (waiting.state, waiting.waits_for) == (State.GRANTED, "hold")
    await holds.release(desk, hold_id, by=p.ids.new())
    assert (await carried(p, who, request_id)).state is State.DONE


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("step", ["_leave", "held", "_certified", "erase", "_ended", "tell"])
async def test_whoever_is_killed_anywhere_is_finished_later_and_once(
    p: Platform, post: Post, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    who = await a_user(p)
    request_id = await asked(p, who, Kind.ERASURE)
    really = getattr(carrying, step)

    async def dies(*args: object, **more: object) -> object:
        await really(*args, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(carrying, step, dies)
        with pytest.raises(Killed):
            await carried(p, who, request_id)
    assert await requests.look_after(later(p, minutes=2), ROOMS) >= (0 if step == "tell" else 1)
    done = await requests.one(p, tenant_id=who.person.tenant, request_id=request_id)
    assert done.state is State.DONE
    assert len(await post(request_id)) == 1
    certificate = json.loads(await requests.certificate(p, tenant_id=who.person.tenant, request_id=request_id))
    assert {"app_user", "credential"} <= {line["table"] for line in certificate["went"]}


async def test_erasing_twice_and_while_new_data_arrives_leaves_nothing(p: Platform) -> None:
    who = await a_user(p)
    for _ in range(2):
        request_id = await asked(p, who, Kind.ERASURE)
        assert (await carried(p, who, request_id)).state is State.DONE
        async with p.db.begin(ACCOUNT, tenants=[who.person.tenant]) as tx:
            await tx.execute(
                "insert into ipp.sign_in_event (tenant_id, id, user_id, what, created_at) values ($1, $2, $3, 'x', $4)",
                who.person.tenant, p.ids.new(), who.session.user_id, p.clock.now(),
            )  # fmt: skip
    await look_after(later(p, minutes=3), (people.let_go,))
    assert not (await held(p, who.person)).fields


async def test_what_a_payer_asks_is_the_shops_to_decide(p: Platform, desk: Platform) -> None:
    company_id = await shop(p)
    person = Person(company_id, p.ids.new())
    await p.persons.create(ACCOUNT, company_id, person.person_id)
    new = New(person=person, kind=Kind.ACCESS, identity=Identity.LINK, language="da", reply_to=Secret("a@b.example"))
    request_id = await requests.ask(p, new)
    (seen,) = await requests.of_shop(p, company_id=company_id)
    assert (seen.id, seen.state) == (request_id, State.OPEN)
    assert request_id not in {each.id for each in await requests.of_us(desk)}
    assert not await requests.may_read(p, person)
    await requests.grant(p, tenant_id=company_id, request_id=request_id, by="User-0000-0001")
    await requests.carry_out(p, ROOMS, tenant_id=company_id, request_id=request_id)
    assert await requests.may_read(p, person)
    assert not await requests.may_read(later(p, days=31), person)
