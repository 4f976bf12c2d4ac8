"""Owing and sending, over a real database with its roles and a real mail server."""

import asyncio
import io
import json
import re
from datetime import timedelta

import asyncpg
import pytest

from ippgateway.app import worker
from ippgateway.core import log
from ippgateway.core.database import NetworkInsideTransaction
from ippgateway.core.ids import OWN_TENANT
from ippgateway.core.jobs import MAIL_DUE
from ippgateway.domains.mail import jobs, service
from ippgateway.domains.mail.errors import BadLetter
from ippgateway.domains.mail.schemas import Kind, Sending
from ippgateway.domains.mail.states import GIVEN_UP_AFTER, LEASE, PAUSES
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, ERASURE, MAIL, MAIL_PROVIDER, NOTIFY, STAFF_ACCOUNT
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.registry import tables
from ippgateway.privacy.zones import PLATFORM
from notifications.room import until

from .post import Post, open_post
from .room import ADDRESS, LINK, SECRET, Room, nobody_agreed
from .test_carrier import carrier

# --- owing ---


async def test_a_letter_and_its_alarm_are_written_together_or_not_at_all(room: Room) -> None:
    owed = await room.owe()
    row = await room.row(owed)
    assert (row["state"], row["tries"], row["next_at"]) == ("DUE", 0, room.clock.now())
    assert await room.alarms(owed) == [room.clock.now()]
    with pytest.raises(BadLetter):
        await room.owe(told={})
    assert await room.admin.fetchval("select count(*) from ipp.letter") == 1
    assert await room.admin.fetchval("select count(*) from jobs.pgqueuer") == 1


@pytest.mark.parametrize("staff", [False, True])
async def test_a_job_holds_two_ids_and_the_row_nothing_readable(room: Room, *, staff: bool) -> None:
    owed = await room.owe(staff=staff)
    job = await room.admin.fetchrow("select * from jobs.pgqueuer")
    assert job is not None
    assert json.loads(job["payload"]) == {"company_id": owed.tenant_id, "object_id": owed.id}
    assert (job["entrypoint"], job["headers"]) == (MAIL_DUE, None)
    row = str(dict(await room.row(owed)))
    assert "canary" not in row
    assert "borger" not in row


def test_the_jobs_know_ourselves_by_the_name_that_rows_have() -> None:
    assert OWN_TENANT == PLATFORM


async def test_nobody_but_the_worker_reads_an_address_and_nobody_else_owes(room: Room) -> None:
    owed = await room.owe()
    for column in ("address", "told"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with room.console.db.begin(ACCOUNT, tenants=[owed.tenant_id]) as tx:
                await tx.fetch(f"select {column} from ipp.letter")
    for p, purpose in ((room.console, AUTHENTICATE), (room.working, MAIL), (room.working, NOTIFY)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with p.db.begin(purpose, tenants=[owed.tenant_id]) as tx:
                await tx.execute("insert into ipp.letter (tenant_id, id) values ($1, $1)", owed.tenant_id)


async def test_staffs_letters_are_seen_at_the_desk_alone(room: Room) -> None:
    ours, theirs = await room.owe(staff=True), await room.owe()
    async with room.console.db.begin(ACCOUNT, tenants=[PLATFORM, theirs.tenant_id]) as tx:
        assert [r["id"] for r in await tx.fetch("select id from ipp.letter")] == [theirs.id]
    async with room.desk.db.begin(STAFF_ACCOUNT, tenants=[PLATFORM, theirs.tenant_id]) as tx:
        assert [r["id"] for r in await tx.fetch("select id from ipp.letter")] == [ours.id]


def test_the_mail_provider_is_declared_as_who_receives_the_letters() -> None:
    (letter,) = [table for table in tables(MAIN) if table.name == "letter"]
    for column in ("address", "told"):
        assert declaration_of(letter.c[column]).to == {MAIL_PROVIDER}


# --- sending ---


@pytest.mark.parametrize("staff", [False, True])
async def test_a_yes_sends_it_once_and_what_it_said_is_emptied(room: Room, *, staff: bool) -> None:
    owed = await room.owe(staff=staff)
    async with open_post() as post:
        assert await room.send(owed, carrier(post.port)) is Sending.SENT
        room.clock.advance(100_000)
        assert await room.send(owed, carrier(post.port)) is Sending.NOT_DUE
        assert await service.ring_again(room.working) == 0
    (came,) = post.taken
    assert came["To"] == ADDRESS
    assert LINK in came.get_content()
    own = "desk" if staff else "console"
    assert "http://site.localhost:8000" in came.get_content().splitlines()
    assert came["Message-ID"] == f"<{owed.id}@gateway.example>"
    row = await room.row(owed)
    assert (row["state"], row["tries"], row["told"], row["next_at"]) == ("SENT", 1, None, None)
    assert row["sent_at"] == room.clock.now() - timedelta(seconds=100_000)
    letter = await room.owe(Kind.NEW_DEVICE, told={"device": "Firefox"}, staff=staff)
    async with open_post() as post:
        await room.send(letter, carrier(post.port))
    assert f"http://{own}.localhost:8000/account/security" in post.taken[0].get_content()


async def test_a_busy_server_gets_it_later_and_a_refusal_is_final(room: Room) -> None:
    later, never = await room.owe(), await room.owe()
    async with open_post(Post(data=["451 4.3.0 Busy"])) as post:
        assert await room.send(later, carrier(post.port)) is Sending.AGAIN
        row = await room.row(later)
        assert (row["state"], row["tries"], row["next_at"]) == ("DUE", 1, room.clock.now() + PAUSES[0])
        assert row["told"] is not None
        assert (await room.alarms(later))[-1] == row["next_at"]
        assert await room.send(later, carrier(post.port)) is Sending.NOT_DUE
        room.clock.advance(PAUSES[0].total_seconds())
        assert await room.send(later, carrier(post.port)) is Sending.SENT
        post.rcpt.append("550 5.1.1 Nobody of that name")
        assert await room.send(never, carrier(post.port)) is Sending.FAILED
        row = await room.row(never)
        assert (row["state"], row["tries"], row["next_at"], row["told"]) == ("FAILED", 1, None, None)
        room.clock.advance(100_000)
        assert await room.send(never, carrier(post.port)) is Sending.NOT_DUE
    assert len(post.taken) == 1


async def test_a_server_that_is_away_is_tried_with_growing_pauses_for_five_days_and_then_no_more(room: Room) -> None:
    owed, begun = await room.owe(), room.clock.now()
    async with open_post() as post:
        nobody = carrier(post.port)
    pauses = []
    while await room.send(owed, nobody) is Sending.AGAIN:
        due = (await room.row(owed))["next_at"]
        pauses.append(due - room.clock.now())
        room.clock.advance((due - room.clock.now()).total_seconds())
    assert tuple(pauses[: len(PAUSES)]) == PAUSES
    assert set(pauses[len(PAUSES) :]) == {PAUSES[-1]}
    row = await room.row(owed)
    assert (row["state"], row["told"]) == ("FAILED", None)
    assert GIVEN_UP_AFTER - PAUSES[-1] < room.clock.now() - begun <= GIVEN_UP_AFTER


async def test_a_connection_that_is_lost_after_the_letter_loses_no_letter(room: Room) -> None:
    """The server has it, we don't know: it is sent again, under the same id."""
    owed = await room.owe()
    async with open_post(Post(drops=1)) as post:
        assert await room.send(owed, carrier(post.port)) is Sending.AGAIN
        room.clock.advance(PAUSES[0].total_seconds())
        assert await room.send(owed, carrier(post.port)) is Sending.SENT
    assert [m["Message-ID"] for m in post.taken] == [f"<{owed.id}@gateway.example>"] * 2


async def test_two_workers_never_send_the_same_one_at_once(room: Room) -> None:
    owed = await room.owe()
    async with open_post(Post(holding=asyncio.Event())) as post:
        assert post.holding is not None
        attempts = [asyncio.create_task(room.send(owed, carrier(post.port))) for _ in range(6)]
        await asyncio.wait_for(post.arrived.wait(), 20)
        while sum(task.done() for task in attempts) < 5:
            await asyncio.wait([t for t in attempts if not t.done()], return_when=asyncio.FIRST_COMPLETED)
        post.holding.set()
        assert sorted(await asyncio.gather(*attempts)) == [Sending.NOT_DUE] * 5 + [Sending.SENT]
    assert len(post.taken) == 1


async def test_a_worker_that_died_over_it_holds_it_no_longer_than_its_lease(room: Room) -> None:
    owed = await room.owe()
    async with open_post(Post(holding=asyncio.Event())) as post:
        dying = asyncio.create_task(room.send(owed, carrier(post.port)))
        await asyncio.wait_for(post.arrived.wait(), 20)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        assert post.holding is not None
        post.holding.set()
        assert await room.send(owed, carrier(post.port)) is Sending.NOT_DUE
        assert (await room.alarms(owed))[-1] == room.clock.now() + LEASE  # somebody will look again
        room.clock.advance(LEASE.total_seconds())
        assert await room.send(owed, carrier(post.port)) is Sending.SENT
    assert len(post.taken) == 2


async def test_a_mail_server_that_hangs_holds_up_letters_and_nothing_else(room: Room) -> None:
    many = [await room.owe() for _ in range(12)]
    async with open_post(Post(holding=asyncio.Event())) as post:
        due = jobs.handlers(room.working, carrier(post.port), nobody_agreed)[MAIL_DUE]
        hanging = [asyncio.create_task(due(o.tenant_id, o.id)) for o in many[:10]]
        await until(lambda: len(post.taken) == 10, "ten letters under way")
        for owed in many[10:]:
            await due(owed.tenant_id, owed.id)  # comes back at once
        later = room.clock.now() + timedelta(seconds=5)
        assert [await room.alarms(o) for o in many[10:]] == [[room.clock.now(), later]] * 2
        assert post.holding is not None
        post.holding.set()
        await asyncio.gather(*hanging)


async def test_nothing_is_sent_while_a_transaction_is_open(room: Room) -> None:
    owed = await room.owe()
    async with open_post() as post, room.working.db.begin(MAIL):
        with pytest.raises(NetworkInsideTransaction):
            await room.send(owed, carrier(post.port))
    assert post.said == []


# --- whose it is ---


async def test_a_letter_of_somebody_who_was_erased_is_not_sent(room: Room) -> None:
    """Whichever of the two goes first: the row is deleted with the person, and without the key it says nothing."""
    gone, unreadable = await room.owe(), await room.owe()
    async with room.console.db.begin(ERASURE, tenants=[gone.tenant_id]) as tx:
        await tx.execute(
            "delete from ipp.letter where tenant_id = $1 and person_id = $2", gone.tenant_id, gone.person_id
        )
    await room.console.persons.end(ERASURE, PLATFORM, unreadable.person_id, kept_until=None)
    async with open_post() as post:
        assert await room.send(gone, carrier(post.port)) is Sending.NOT_DUE
        assert await room.send(unreadable, carrier(post.port)) is Sending.FAILED
    row = await room.row(unreadable)
    assert (row["state"], row["tries"], row["next_at"], row["told"]) == ("FAILED", 0, None, None)
    assert post.said == []


@pytest.mark.parametrize("column", ["address", "told"])
async def test_what_was_moved_from_another_person_is_not_sent(room: Room, column: str) -> None:
    owed, other = await room.owe(), await room.owe(address="other@borger.example")
    await room.admin.execute(
        f"update ipp.letter set {column} = (select {column} from ipp.letter where id = $1) where id = $2",
        other.id, owed.id,
    )  # fmt: skip
    async with open_post() as post:
        assert await room.send(owed, carrier(post.port)) is Sending.FAILED
    assert post.said == []


async def test_a_letter_that_a_newer_version_owed_is_given_up_and_breaks_nothing(room: Room) -> None:
    owed = await room.owe()
    await room.admin.execute("update ipp.letter set kind = 'greeting' where id = $1", owed.id)
    async with open_post() as post:
        assert await room.send(owed, carrier(post.port)) is Sending.FAILED


# --- what is looked after ---


async def test_whatever_is_owed_and_late_gets_its_alarm_again_once(room: Room) -> None:
    lost, early = await room.owe(), await room.owe()
    room.clock.advance(11)
    await room.admin.execute("update ipp.letter set next_at = $1 where id = $2", room.clock.now(), early.id)
    await room.admin.execute("delete from jobs.pgqueuer")
    for _ in range(3):
        assert await service.ring_again(room.working) == 1
    assert [len(await room.alarms(o)) for o in (lost, early)] == [1, 0]


def test_the_worker_looks_after_letters_too() -> None:
    assert service.ring_again in worker.SWEEPS.values()


# --- what is left behind ---


async def test_address_and_link_are_found_nowhere_but_sealed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr(log, "_stream", said)
    monkeypatch.setattr(log, "_threshold", 0)
    async with open_post(Post(rcpt=[f"550 5.1.1 <{ADDRESS}> is nobody", f"450 4.2.0 <{ADDRESS}> is busy"])) as post:
        for _ in range(3):
            await room.send(await room.owe(), carrier(post.port))
    await room.send(await room.owe(address=f"{ADDRESS}\r\nBcc: {ADDRESS}"), carrier(post.port))
    await room.send(await room.owe(), carrier(post.port))  # nobody is there any more
    assert said.getvalue().count('"letter.') == 5
    kept = [str(dict(r)) for t in ("ipp.letter", "jobs.pgqueuer", "jobs.pgqueuer_log")
            for r in await room.admin.fetch(f"select * from {t}")]  # fmt: skip
    found = re.compile(f"{ADDRESS}|{SECRET}|canary|borger")
    assert not [line for line in (*kept, said.getvalue()) if found.search(line)]
