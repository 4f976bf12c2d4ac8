"""Owing and delivering, over a real database with its roles (wire contract 8.7)."""

import asyncio
import io
import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from gates import gate
from ippgateway.app import worker
from ippgateway.app.settings import Settings
from ippgateway.app.zones.worker import carrier
from ippgateway.core import log
from ippgateway.core.jobs import ENTRYPOINTS, NOTIFICATION_DUE, defer
from ippgateway.domains.notifications import jobs, service
from ippgateway.domains.notifications.ports import Answer, Failure
from ippgateway.domains.notifications.schemas import Delivery
from ippgateway.domains.notifications.states import LEASE, PAUSES
from ippgateway.privacy.catalogue import AUTHENTICATE, NOTIFY, PAYMENT

from .conftest import Installation
from .room import BROKEN, OK, FakeSender, Room, until

CANARY = "canary-4929000000006"
URL = f"https://shop.example/ipn?order={CANARY}#x"


# --- owing ---


async def test_what_is_owed_and_its_alarm_are_written_together_or_not_at_all(room: Room) -> None:
    owed = await room.owe(URL)
    row = await room.row(owed)
    assert (row["state"], row["tries"], row["next_at"]) == ("PENDING", 0, room.clock.now())
    assert await room.alarms(owed) == [room.clock.now()]

    with pytest.raises(asyncpg.CheckViolationError):
        await _owe_and_break(room, owed.company_id)
    assert await room.admin.fetchval("select count(*) from jobs.pgqueuer") == 1


async def _owe_and_break(room: Room, company_id: str) -> None:
    async with room.paying.db.begin(PAYMENT, tenants=[company_id]) as tx:
        await defer(tx, NOTIFICATION_DUE, company_id=company_id, object_id=company_id, at=room.clock.now())
        await tx.execute(
            "insert into ipp.notification (company_id, id, payment_id, person_id, test, state, tries, created_at, url) "
            "values ($1, $1, $1, $1, true, 'BROKEN', 0, now(), '')",
            company_id,
        )


async def test_a_payment_that_becomes_final_twice_is_owed_one_notification(room: Room) -> None:
    owed = await room.owe(URL)
    async with room.paying.db.begin(PAYMENT, tenants=[owed.company_id]) as tx:
        await service.owe(
            tx, room.paying.ids, company_id=owed.company_id, payment_id=owed.payment_id, person_id=owed.person_id,
            test=True, url_sealed=b"another", at=room.clock.now(),
        )  # fmt: skip
    assert await room.admin.fetchval("select count(*) from ipp.notification") == 1
    assert await room.admin.fetchval("select count(*) from jobs.pgqueuer") == 1


async def test_a_job_holds_two_ids_and_nothing_else(room: Room) -> None:
    owed = await room.owe(URL)
    row = await room.admin.fetchrow("select * from jobs.pgqueuer")
    assert row is not None
    assert json.loads(row["payload"]) == {"company_id": owed.company_id, "object_id": owed.id}
    assert (row["entrypoint"], row["headers"], row["status"]) == (NOTIFICATION_DUE, None, "queued")


@pytest.mark.parametrize(
    ("job", "company_id", "object_id", "at"),
    [
        ("payments.invent", "0abC-1deF-2ghI", "0abC-1deF-2ghI", datetime.now(UTC)),
        (NOTIFICATION_DUE, CANARY, "0abC-1deF-2ghI", datetime.now(UTC)),
        (NOTIFICATION_DUE, "platform\n", "0abC-1deF-2ghI", datetime.now(UTC)),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI", "platform", datetime.now(UTC)),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI", "4929-0000-00006", datetime.now(UTC)),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI", "0abC-1deF-2gh\n", datetime.now(UTC)),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI", "0abC-1deF-2ghé", datetime.now(UTC)),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI\n", "0abC-1deF-2ghI", datetime.now(UTC)),
        (None, "0abC-1deF-2ghI", "0abC-1deF-2ghI", datetime.now(UTC)),
        (NOTIFICATION_DUE, None, "0abC-1deF-2ghI", datetime.now(UTC)),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI", None, datetime.now(UTC)),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI", "0abC-1deF-2ghI", None),
        (NOTIFICATION_DUE, "0abC-1deF-2ghI", "0abC-1deF-2ghI", datetime.max.replace(tzinfo=UTC)),
    ],
)
async def test_the_database_takes_no_other_job_and_no_text_for_an_id(
    room: Room, job: str | None, company_id: str | None, object_id: str | None, at: datetime | None
) -> None:
    with pytest.raises(asyncpg.InvalidParameterValueError) as caught:
        async with room.paying.db.begin(PAYMENT) as tx:
            await tx.execute("select ipp.defer($1, $2, $3, $4)", job, company_id, object_id, at)
    assert CANARY not in str(caught.value)
    assert await room.admin.fetchval("select count(*) from jobs.pgqueuer") == 0


def test_every_job_has_a_handler(room: Room) -> None:
    letters = carrier(Settings.from_env({}), gate())
    assert set(worker.handlers(room.working, FakeSender(), letters)) == set(ENTRYPOINTS)


async def test_only_purposes_that_owe_may_set_alarms(room: Room) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with room.paying.db.begin(AUTHENTICATE) as tx:
            await tx.execute("select ipp.defer($1, $2, $2, $3)", NOTIFICATION_DUE, "0abC-1deF-2ghI", datetime.now(UTC))


@pytest.mark.parametrize(
    "sql",
    [
        "insert into jobs.pgqueuer (priority, entrypoint, payload, status) values (0, 'x', 'y', 'queued')",
        "update jobs.pgqueuer set payload = 'y'",
        "update jobs.pgqueuer set entrypoint = 'y'",
        "truncate jobs.pgqueuer",
        "insert into jobs.pgqueuer_schedules (expression, entrypoint) values ('* * * * *', 'x')",
        "select ipp.defer('notifications.deliver', '0abC-1deF-2ghI', '0abC-1deF-2ghI', now())",
        "select url from ipp.notification",
        "select id from ipp.notification",
    ],
)
async def test_the_workers_login_itself_can_only_take_up_jobs(installed: Installation, room: Room, sql: str) -> None:
    await room.owe(URL)
    async with installed.connected(installed.worker()) as connection:
        assert len(await connection.fetch("select * from jobs.pgqueuer for update skip locked")) == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(sql)


@pytest.mark.parametrize("sql", ["select * from jobs.pgqueuer", "delete from jobs.pgqueuer"])
async def test_no_purpose_can_touch_the_queue_itself(room: Room, sql: str) -> None:
    for platform, purpose in ((room.paying, PAYMENT), (room.working, NOTIFY)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with platform.db.begin(purpose) as tx:
                await tx.execute(sql)


# --- delivering ---


async def test_a_2xx_delivers_once_and_for_all(room: Room) -> None:
    owed, sender = await room.owe(URL), FakeSender()
    assert await room.deliver(owed, sender) is Delivery.DELIVERED
    key = room.paying.persons.index.letters(owed.company_id, "payment_key", owed.payment_id, 8)
    added = f"transaction_id={owed.payment_id}&transaction_key={key}"
    assert sender.called == [f"https://shop.example/ipn?order={CANARY}&{added}#x"]
    row = await room.row(owed)
    assert (row["state"], row["tries"], row["last_status"], row["next_at"]) == ("DELIVERED", 1, 200, None)
    assert row["last_at"] == room.clock.now()
    room.clock.advance(100_000)
    assert await room.deliver(owed, sender) is Delivery.NOT_DUE
    assert await service.ring_again(room.working) == 0
    assert len(sender.called) == 1


async def test_a_shop_that_never_answers_is_called_at_the_contracts_times_and_then_no_more(room: Room) -> None:
    owed, sender = await room.owe(URL), FakeSender(answer=BROKEN)
    for number, pause in enumerate(PAUSES, start=1):
        assert await room.deliver(owed, sender) is Delivery.AGAIN
        row = await room.row(owed)
        assert (row["state"], row["tries"], row["last_status"]) == ("PENDING", number, 500)
        assert row["next_at"] == room.clock.now() + pause
        assert (await room.alarms(owed))[-1] == row["next_at"]
        room.clock.advance(pause.total_seconds() - 2)
        assert await room.deliver(owed, sender) is Delivery.NOT_DUE
        room.clock.advance(2)
    assert await room.deliver(owed, sender) is Delivery.FAILED
    row = await room.row(owed)
    assert (row["state"], row["tries"], row["next_at"]) == ("FAILED", 7, None)
    room.clock.advance(100_000)
    assert await room.deliver(owed, sender) is Delivery.NOT_DUE
    assert len(sender.called) == 7


async def test_a_2xx_at_last_ends_the_schedule(room: Room) -> None:
    owed, sender = await room.owe(URL), FakeSender(answer=Answer(status=None, failure=Failure.TIMEOUT))
    assert await room.deliver(owed, sender) is Delivery.AGAIN
    assert (await room.row(owed))["last_status"] is None
    room.clock.advance(60)
    sender.answer = OK
    assert await room.deliver(owed, sender) is Delivery.DELIVERED


async def test_two_workers_never_call_for_the_same_one_at_once(room: Room) -> None:
    owed, sender = await room.owe(URL), FakeSender(holding=asyncio.Event())
    assert sender.holding is not None
    attempts = [asyncio.create_task(room.deliver(owed, sender)) for _ in range(8)]
    done, pending = await asyncio.wait(attempts, return_when=asyncio.FIRST_COMPLETED)
    while len(pending) > 1:
        more, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    await sender.arrived.wait()
    sender.holding.set()
    outcomes = [task.result() for task in done] + [await task for task in pending]
    assert sorted(outcomes) == [Delivery.DELIVERED] + 7 * [Delivery.NOT_DUE]
    assert len(sender.called) == 1


async def test_a_worker_that_died_over_it_holds_it_no_longer_than_its_lease(room: Room) -> None:
    owed, sender = await room.owe(URL), FakeSender(holding=asyncio.Event())
    dying = asyncio.create_task(room.deliver(owed, sender))
    await sender.arrived.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    sender.holding = None
    assert await room.deliver(owed, sender) is Delivery.NOT_DUE
    assert (await room.alarms(owed))[-1] == room.clock.now() + LEASE  # somebody will look again
    room.clock.advance(LEASE.total_seconds())
    assert await room.deliver(owed, sender) is Delivery.DELIVERED
    assert len(sender.called) == 2


@pytest.mark.parametrize(("late", "state", "tries"), [(BROKEN, "PENDING", 1), (OK, "DELIVERED", 1)])
async def test_an_answer_after_the_lease_counts_only_if_it_is_a_2xx(
    room: Room, late: Answer, state: str, tries: int
) -> None:
    owed, slow = await room.owe(URL), FakeSender(answer=late, holding=asyncio.Event())
    assert slow.holding is not None
    first = asyncio.create_task(room.deliver(owed, slow))
    await slow.arrived.wait()
    room.clock.advance(LEASE.total_seconds())
    assert await room.deliver(owed, FakeSender(answer=BROKEN)) is Delivery.AGAIN
    due = (await room.row(owed))["next_at"]
    slow.holding.set()
    await first
    row = await room.row(owed)
    assert (row["state"], row["tries"]) == (state, tries)
    assert row["next_at"] == (due if state == "PENDING" else None)


async def test_a_destroyed_key_ends_it_without_a_call(room: Room, installed: Installation) -> None:
    owed, sender = await room.owe(URL), FakeSender()
    async with installed.connected(installed.keys_superuser()) as connection:
        await connection.execute("delete from ipp.person_key where person_id = $1", owed.person_id)
    assert await room.deliver(owed, sender) is Delivery.FAILED
    row = await room.row(owed)
    assert (row["state"], row["tries"], row["next_at"]) == ("FAILED", 0, None)
    assert sender.called == []


async def test_an_address_moved_from_another_payer_is_not_called(room: Room) -> None:
    owed, other, sender = await room.owe(URL), await room.owe("https://other.example/"), FakeSender()
    await room.admin.execute(
        "update ipp.notification set url = (select url from ipp.notification where id = $1) where id = $2",
        other.id, owed.id,
    )  # fmt: skip
    assert await room.deliver(owed, sender) is Delivery.FAILED
    assert sender.called == []


@pytest.mark.parametrize("test", [True, False])
async def test_plain_http_is_allowed_to_tests_alone(room: Room, *, test: bool) -> None:
    sender = FakeSender()
    await room.deliver(await room.owe(URL, test=test), sender)
    assert sender.plain == [test]


async def test_another_companys_notification_is_nothing_to_this_one(room: Room) -> None:
    owed, other = await room.owe(URL), await room.owe(URL)
    sender = FakeSender()
    outcome = await service.deliver(
        room.working, sender, company_id=other.company_id, notification_id=owed.id
    )  # fmt: skip
    assert (outcome, sender.called) == (Delivery.NOT_DUE, [])


async def test_one_shop_that_lets_calls_hang_does_not_hold_up_the_others(room: Room) -> None:
    slow = FakeSender(holding=asyncio.Event())
    assert slow.holding is not None
    due = jobs.handlers(room.working, slow)[NOTIFICATION_DUE]
    company_id = room.paying.ids.new()
    many = [await room.owe(URL, company_id=company_id) for _ in range(24)]
    hanging = [asyncio.create_task(due(o.company_id, o.id)) for o in many[:20]]
    await until(lambda: len(slow.called) == 20, "twenty calls under way")
    for owed in many[20:]:
        await due(owed.company_id, owed.id)  # comes back at once
    assert len(slow.called) == 20
    later = room.clock.now() + timedelta(seconds=5)
    assert [await room.alarms(o) for o in many[20:]] == [[room.clock.now(), later]] * 4
    slow.holding.set()
    await asyncio.gather(*hanging)
    await due(*((other := await room.owe(URL)).company_id, other.id))
    assert await room.state(other) == "DELIVERED"


# --- when jobs are lost ---


async def test_whatever_is_owed_and_late_gets_its_alarm_again_once(room: Room) -> None:
    lost, kept, early = [await room.owe(URL) for _ in range(3)]
    room.clock.advance(11)
    ended = await room.owe(URL)
    await room.deliver(ended, FakeSender())
    await room.admin.execute("update ipp.notification set next_at = $1 where id = $2", room.clock.now(), early.id)
    await room.admin.execute(
        "delete from jobs.pgqueuer where position($1::bytea in payload) = 0", kept.id.encode()
    )  # fmt: skip
    for _ in range(3):
        assert await service.ring_again(room.working) == 2
    assert [len(await room.alarms(o)) for o in (lost, kept, early, ended)] == [1, 1, 0, 0]


# --- what is left behind ---


async def test_the_address_is_found_nowhere_but_sealed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr(log, "_stream", said)
    monkeypatch.setattr(log, "_threshold", 0)
    for answer in (OK, BROKEN, Answer(status=None, failure=Failure.BAD_URL)):
        await room.deliver(await room.owe(URL), FakeSender(answer=answer))
    kept = [str(dict(r)) for t in ("ipp.notification", "jobs.pgqueuer", "jobs.pgqueuer_log")
            for r in await room.admin.fetch(f"select * from {t}")]  # fmt: skip
    assert said.getvalue().count("notification.") == 3
    assert not [line for line in (*kept, said.getvalue()) if CANARY in line or "shop.example" in line]
