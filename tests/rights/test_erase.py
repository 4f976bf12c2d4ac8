"""Erasing: what goes is gone for good, what the law keeps is restricted, whoever dies in between is finished later."""

import asyncio
import dataclasses
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from ippgateway.app.database.access import as_admin, keys_database
from ippgateway.app.database.keys import master
from ippgateway.app.local.cluster import Server
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.clock import ManualClock
from ippgateway.core.ids import SystemRandomness
from ippgateway.core.secret import Secret
from ippgateway.domains.payments import service as payments
from ippgateway.domains.payments.errors import CardErased, PaymentNotFound
from ippgateway.domains.payments.models import Action
from ippgateway.domains.payments.schemas import Method, Result, Target
from ippgateway.domains.payments.service import Asked, people
from ippgateway.privacy import masterkeys
from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.declare import KEYS
from ippgateway.privacy.persons import key_place, wrapping_place
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import erase as erasing
from ippgateway.privacy.rights.erase import UnderWay, look_after
from ippgateway.privacy.rights.held import Shown, held
from ippgateway.privacy.rights.plan import plan_of
from ippgateway.privacy.rights.reach import Person, attribute, reached
from ippgateway.privacy.sealing import CannotOpen, SealingKey
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone, purpose_role
from privacy.shops import open_shop

from .people import (
    BROWSER,
    HOLDER,
    LAST4,
    NUMBER,
    ROOMS,
    a_card,
    dump,
    erased,
    keys_of,
    ordered,
    owner,
    paid,
    rows_of,
)

authorising = sys.modules["ippgateway.domains.payments.service.authorise"]

STAYS = {("payment", "order_id"), ("payment", "holder"), ("payment_action", "comment"), ("correction", "said")}


def later(console: Platform, **more: float) -> Platform:
    """The same zone at another time."""
    return dataclasses.replace(console, clock=ManualClock(datetime.now(UTC) + timedelta(**more)))


async def record(settings: Settings, person: Person) -> dict[str, Any]:
    return next(
        row for name, row in await dump(settings) if name == "ipp.erasure" and row["person_id"] == person.person_id
    )


async def openable(settings: Settings, person: Person) -> set[tuple[str, str]]:
    """The fields in a person's rows that any key opens that still exists: as the owner, with the master key."""
    rows = await dump(settings, KEYS)
    holder = master(settings, masterkeys.PERSONS, SystemRandomness())
    epochs = {
        r["id"]: SealingKey(holder.unwrap(r["wrapped"], wrapping_place("epoch", r["id"])))
        for name, r in rows if name == "ipp.wrapping_key" and r["kind"] == "epoch"
    }  # fmt: skip
    keys = [
        SealingKey(epochs[r["epoch"]].open(r["wrapped"], key_place(r["controller"], r["person_id"], r["ground"])))
        for name, r in rows if name == "ipp.person_key" and r["person_id"] == person.person_id
    ]  # fmt: skip
    found = set()
    for table, theirs in (await rows_of(settings, person)).items():
        for column, value in ((c, v) for row in theirs for c, v in row.items() if isinstance(v, bytes) and v):
            for key in keys:
                try:
                    key.open(value, f"{table}.{column}|{person.controller}|{person.person_id}")
                except CannotOpen:
                    continue
                found.add((table, column))
    return found


async def test_what_goes_is_gone_and_what_stays_is_restricted_with_its_end(
    console: Platform, gateway: payments.Gateway, installation: Settings, payer: Person
) -> None:
    before = await openable(installation, payer)
    assert {("checkout", "notify_url"), ("payer", "email"), ("payment", "holder")} <= before
    plan = plan_of(await held(console, payer))
    await erased(console, payer)
    assert await openable(installation, payer) <= STAYS
    rows = await rows_of(installation, payer)
    (card,) = rows["card"]
    assert (card["number"], card["number_key"], card["last4"], card["fingerprint"]) == (None, None, "", b"")
    assert {bytes(c["digest"]) for c in rows["checkout"]} == {b""}
    (key,) = (await keys_of(installation, payer)).values()
    end = date(datetime.now(UTC).year + 5, 12, 31)
    assert (key["ground"], key["kept_until"]) == ("bookkeeping", end)
    assert key["restricted_at"] is not None
    assert {line.until for line in plan.stays} == {end}
    assert {(line.table, c) for line in plan.stays for c in line.columns} <= STAYS
    after = await held(console, payer)
    assert {(f.table, f.column, f.shown) for f in after.fields} <= {(t, c, Shown.RESTRICTED) for t, c in STAYS}
    assert {p.key for f in after.fields for p in f.uses} == {"books"}
    assert {f.recipients for f in after.fields} == {()}
    assert after.erased is not None
    assert after.erased.kept_until == end


async def test_a_canary_in_every_personal_field_is_nowhere_afterwards(
    console: Platform, gateway: payments.Gateway, installation: Settings, payer: Person
) -> None:
    planted = await _plant(console, gateway, installation, payer)
    assert {table for table, _, _ in planted} >= {"payer", "checkout", "card", "authentication", "payment", "visit",
                                                  "payment_action", "notification", "visit_page"}  # fmt: skip
    await erased(console, payer)
    rows = await rows_of(installation, payer)
    left = {(t, c) for t, c, value in planted for row in rows.get(t, ()) if row[c] == value and value}
    assert left <= STAYS
    assert await openable(installation, payer) <= STAYS
    assert not [name for name, row in await dump(installation) if CANARY in repr(row)]
    assert not [name for name, row in await dump(installation, KEYS) if CANARY in repr(row)]


CANARY = "Kanariefugl-6618"
_WORDS = {"surface": "site", "page": CANARY, "audience": "company", "status": "active", "kind": "password"}


async def _plant(
    console: Platform, gateway: payments.Gateway, settings: Settings, person: Person
) -> list[tuple[str, str, Any]]:
    """The canary in every personal column of the person's rows, sealed where it is sealed; tables that have no row of
    theirs yet get one."""
    box = await console.persons.open(OWN_DATA, person.controller, person.person_id)
    planted = []
    async with owner(settings) as connection:
        for each in reached():
            if not await connection.fetchval(
                f"select count(*) from {each.name} where {each.where}", person.controller, person.person_id
            ) and not await _insert(connection, each, person):
                continue
            for column, said in each.personal:
                value: Any = None
                kind = str(column.type)
                if column.name in ("surface", "created_at", "seen_at"):
                    continue
                if said.sealed is not None and said.sealed.key == "vault":
                    value, _ = gateway.vault.seal(Secret(NUMBER), place="nowhere")
                elif said.sealed is not None:
                    value = box.seal(attribute(column), CANARY)
                elif kind.startswith("VARCHAR"):
                    value = CANARY[: column.type.length]  # type: ignore[attr-defined]
                elif kind == "BLOB":
                    value = CANARY.encode()
                if value is not None:
                    with_it = "".join(f", {n} = now()" for n in said.along if str(each.table.c[n].type) == "DATETIME")
                    await connection.execute(
                        f"update {each.name} set {column.name} = $3{with_it} where {each.where}",
                        person.controller, person.person_id, value,
                    )  # fmt: skip
                    planted.append((each.table.name, column.name, value))
    return planted


async def _insert(connection: Any, each: Any, person: Person) -> bool:
    """A row of this person in a table that has none; False where that would take a row of somebody else."""
    values: dict[str, Any] = {}
    for column in each.table.c:
        if column.name == each.said.tenant:
            values[column.name] = person.controller
        elif column.name == each.said.owner or column.name in ("visit_id", "user_id", "id"):
            values[column.name] = person.person_id
        elif not column.nullable:
            kind = str(column.type)
            values[column.name] = _WORDS.get(column.name, next(
                v for k, v in (("VARCHAR", "x"), ("BLOB", b"x"), ("DATETIME", datetime.now(UTC)),
                               ("DATE", datetime.now(UTC).date()), ("BOOLEAN", False),
                               ("ARRAY", []), ("", 1)) if kind.startswith(k)))  # fmt: skip
    names = ", ".join(values)
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    try:
        await connection.execute(f"insert into {each.name} ({names}) values ({places})", *values.values())
    except asyncpg.IntegrityConstraintViolationError:
        return False
    return True


async def test_the_files_of_the_database_hold_nobody_in_clear(
    console: Platform, installation: Settings, payer: Person
) -> None:
    """Heap, log and indexes: a value that is sealed never lay there open, before its erasure or after."""
    await erased(console, payer)
    for server in Server:
        connection = await asyncpg.connect(**as_admin(installation, server=server))
        await connection.execute("checkpoint")
        await connection.close()
    folders = [installation.postgres_dir, installation.keys_postgres_dir]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 1000
    secrets = (HOLDER.encode(), NUMBER.encode(), b"signe.svane@borger", b"shop.example/swan")
    assert [(path.name, s) for path in files for s in secrets if s in path.read_bytes()] == []


async def test_the_books_are_as_they_were(console: Platform, installation: Settings, payer: Person) -> None:
    def books(rows: list[tuple[str, dict[str, Any]]]) -> list[Any]:
        plain = ("id", "state", "amount_minor", "authorised_minor", "currency", "result", "auth_code", "rrn", "line",
                 "account", "entry_id", "kind", "subject_id")  # fmt: skip
        return [
            (name, {k: row[k] for k in plain if k in row})
            for name, row in rows
            if row.get("company_id") == payer.controller and name in BOOKS
        ]

    before = books(await dump(installation))
    await erased(console, payer)
    assert books(await dump(installation)) == before
    assert {name for name, _ in before} == set(BOOKS)


BOOKS = ("ipp.payment", "ipp.payment_action", "ipp.ledger_line", "ipp.event")


async def test_the_same_person_at_another_shop_is_left_alone(
    console: Platform, gateway: payments.Gateway, installation: Settings, payer: Person, shop: str
) -> None:
    other = await open_shop(console)
    _, result = await paid(gateway, other, "signe.svane@borger.example")
    there = (await people.payer_of(console, payment_id=result.payment_id)).person
    before = await rows_of(installation, there)
    await erased(console, payer)
    assert await rows_of(installation, there) == before
    assert len(await keys_of(installation, there)) == 2
    assert await people.payers_at(console, company_id=other, email="signe.svane@borger.example") == (there,)
    assert await people.payers_at(console, company_id=shop, email="signe.svane@borger.example") == ()


async def test_restricted_keys_are_seen_for_the_books_alone_by_the_database_itself(
    console: Platform, installation: Settings, payer: Person
) -> None:
    await erased(console, payer)
    prefix, seen = installation.role_prefix, {}
    connection = await asyncpg.connect(**as_admin(installation, keys_database(installation)))
    try:
        for purpose in PURPOSES:
            await connection.execute(
                f"set role {purpose_role(prefix, purpose)}; set ipp.tenants = '{{{payer.controller}}}'"
            )
            try:
                seen[purpose.key] = await connection.fetchval(
                    "select count(wrapped) from ipp.person_key where person_id = $1", payer.person_id
                )
            except asyncpg.InsufficientPrivilegeError:
                seen[purpose.key] = 0
    finally:
        await connection.close()
    assert {key: count for key, count in seen.items() if count} == {"books": 1}
    assert not [zone for zone, rights in RIGHTS.items() if "books" in {p.key for p in rights.purposes}]
    async with platform_for(Zone.CONSOLE, installation) as remembers_nobody:
        rows = await payments.actions(
            remembers_nobody, company_id=payer.controller, methods=None, result=None, earliest=None, latest=None
        )
    assert {row.holder for row in rows} == {""}


async def test_no_money_moves_with_an_erased_card(
    console: Platform, gateway: payments.Gateway, payer: Person, shop: str
) -> None:
    (payment_id,) = {r.payment_id for r in await _auths(console, shop)}
    assert [c.payment_id for c in await payments.stored_cards(console, company_id=shop, result=None)] == [payment_id]
    await erased(console, payer)
    assert await payments.stored_cards(console, company_id=shop, result=None) == []
    for method in (Method.CAPTURE, Method.VOID, Method.INCREMENTAL):
        asked = Asked(company_id=shop, method=method, hundredths=100 if method is Method.INCREMENTAL else None,
                      target=Target(payment_id=payment_id, action_id=None, payment_key=None), comment="no")  # fmt: skip
        with pytest.raises(CardErased):
            await payments.act(gateway, asked)
    fresh = await ordered(gateway.platform, shop, "")
    with pytest.raises(PaymentNotFound):
        await payments.rebill(gateway, checkout=fresh, reference_id=payment_id)
    status = await payments.status(console, payment_id=payment_id, payment_key=None, company_id=shop)
    assert (status.result, status.card_masked) == (Result.ACK, "******")


async def _auths(console: Platform, shop: str) -> Any:
    return await payments.actions(
        console, company_id=shop, methods=frozenset({Method.AUTH}), result=None, earliest=None, latest=None
    )


# --- killed in between ---


def _dies_while_emptying(mp: pytest.MonkeyPatch, console: Platform) -> None:
    real, count = erasing._empty_table, iter(range(100))

    async def emptied(*args: Any) -> None:
        if next(count) == 5:
            raise Killed
        await real(*args)

    mp.setattr(erasing, "_empty_table", emptied)


def _dies_before_the_keys(mp: pytest.MonkeyPatch, console: Platform) -> None:
    mp.setattr(erasing, "_end_keys", _dead)


def _dies_after_the_keys(mp: pytest.MonkeyPatch, console: Platform) -> None:
    mp.setattr(erasing, "_record", _dead)


def _dies_at_the_audit_entry(mp: pytest.MonkeyPatch, console: Platform) -> None:
    mp.setattr(erasing.audit, "record", _dead)


class Killed(Exception):
    pass


async def _dead(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.mark.parametrize(
    "kill", [_dies_while_emptying, _dies_before_the_keys, _dies_after_the_keys, _dies_at_the_audit_entry]
)
@pytest.mark.parametrize("again", ["by asking again", "by itself"])
async def test_whoever_is_killed_is_finished(
    kill: Callable[..., None], again: str, console: Platform, installation: Settings, payer: Person
) -> None:
    entries = await _audited(installation, payer)
    with pytest.MonkeyPatch.context() as mp:
        kill(mp, console)
        with pytest.raises(Killed):
            await erased(console, payer)
    assert await _audited(installation, payer) == entries
    if again == "by itself" and kill is not _dies_while_emptying:
        await look_after(later(console, seconds=31), ROOMS)
    else:
        await erased(console, payer)
    assert await openable(installation, payer) <= STAYS
    assert (await record(installation, payer))["state"] == "ERASED"
    assert await _audited(installation, payer) == entries + 1
    await erased(console, payer)
    assert await _audited(installation, payer) == entries + 1


async def _audited(settings: Settings, person: Person) -> int:
    async with owner(settings) as connection:
        found = await connection.fetchval(
            "select count(*) from ipp.audit_entry where act = 'person.erased' and object = $1", str(person)
        )
    return int(found)


# --- while a payment runs ---


class Waits:
    """An acquirer that answers when it is told to."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.asked, self.answer = asyncio.Event(), asyncio.Event()

    async def authorise(self, request: Any) -> Any:
        self.asked.set()
        await self.answer.wait()
        return await self._real.authorise(request)


async def test_nobody_is_erased_while_a_payment_of_theirs_is_under_way(
    console: Platform, gateway: payments.Gateway, installation: Settings, payer: Person, shop: str
) -> None:
    checkout = await ordered(gateway.platform, shop, "signe.svane@borger.example")
    await payments.secure(gateway, checkout=checkout, card=a_card(), browser=BROWSER)
    slow = Waits(gateway.acquirer)
    held_up = dataclasses.replace(gateway, acquirer=slow)  # type: ignore[arg-type]
    attempt = asyncio.create_task(payments.authorise(held_up, checkout=checkout, card=a_card(), browser=BROWSER))
    await slow.asked.wait()
    before = await rows_of(installation, payer)
    with pytest.raises(UnderWay) as refused:
        await erased(console, payer)
    assert len(refused.value.ids) == 1
    assert await rows_of(installation, payer) == before
    slow.answer.set()
    assert (await attempt).result is Result.ACK
    await erased(console, payer)
    assert await openable(installation, payer) <= STAYS


async def test_a_payment_that_slips_in_is_taken_once_and_erased_at_the_second_look(
    console: Platform, gateway: payments.Gateway, installation: Settings, payer: Person, shop: str
) -> None:
    """It had read its checkout before that was emptied: what it writes stands in the books, and goes as well."""
    checkout = await ordered(gateway.platform, shop, "signe.svane@borger.example")
    await payments.secure(gateway, checkout=checkout, card=a_card(), browser=BROWSER)
    has_read, go_on = asyncio.Event(), asyncio.Event()
    record_attempt = authorising._record_attempt

    async def held_up(*args: Any) -> Any:
        has_read.set()
        await go_on.wait()
        return await record_attempt(*args)

    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(authorising, "_record_attempt", held_up)
        attempt = asyncio.create_task(payments.authorise(gateway, checkout=checkout, card=a_card(), browser=BROWSER))
        await has_read.wait()
        await erased(console, payer)
        spared = [c for c in (await rows_of(installation, payer))["card"] if c["number"] is not None]
        assert [c["checkout_id"] for c in spared] == [checkout.id]
        go_on.set()
        late = await attempt
    assert late.result is Result.ACK
    assert await look_after(later(console, seconds=60), ROOMS) >= 0
    assert (await record(installation, payer))["state"] == "ERASED"
    await look_after(later(console, seconds=125), ROOMS)
    assert (await record(installation, payer))["state"] == "LOOKED_AFTER"
    rows = await rows_of(installation, payer)
    assert {c["number"] for c in rows["card"]} == {None}
    assert {c["last4"] for c in rows["card"]} == {""}
    assert [p["state"] for p in rows["payment"]] == ["APPROVED", "APPROVED"]
    assert await openable(installation, payer) <= STAYS
    assert LAST4 not in {c["last4"] for c in rows["card"]}


async def test_whoever_never_paid_leaves_no_key_behind(
    console: Platform, gateway: payments.Gateway, installation: Settings, shop: str
) -> None:
    await ordered(gateway.platform, shop, "mads.maage@borger.example")
    (person,) = await people.payers_at(console, company_id=shop, email=" Mads.Maage@borger.example ")
    await erased(console, person)
    assert set(await keys_of(installation, person)) == {"bookkeeping"}
    await look_after(later(console, seconds=125), ROOMS)
    assert await keys_of(installation, person) == {}
    assert (await held(console, person)).fields == ()


async def test_a_comment_for_the_books_stays(
    console: Platform, gateway: payments.Gateway, installation: Settings, payer: Person, shop: str
) -> None:
    (payment_id,) = {r.payment_id for r in await _auths(console, shop)}
    target = Target(payment_id=payment_id, action_id=None, payment_key=None)
    await payments.act(
        gateway, Asked(company_id=shop, method=Method.CAPTURE, target=target, hundredths=None, comment=HOLDER)
    )
    await erased(console, payer)
    assert ("payment_action", Action.comment.key) in await openable(installation, payer)


async def test_a_capture_comes_before_an_erasure_or_after_it_and_is_never_left_half_done(
    console: Platform, gateway: payments.Gateway, installation: Settings, shop: str
) -> None:
    """Both at once, again and again: whoever is first wins, and nothing is owed that nobody could send."""
    for n in range(4):
        _, result = await paid(gateway, shop, f"at.once.{n}@borger.example")
        person = (await people.payer_of(console, payment_id=result.payment_id)).person
        target = Target(payment_id=result.payment_id, action_id=None, payment_key=None)
        capture = payments.act(gateway, Asked(company_id=shop, method=Method.CAPTURE, target=target, hundredths=None))
        captured, gone = await asyncio.gather(capture, erased(console, person), return_exceptions=True)
        assert isinstance(captured, CardErased) or captured.result is Result.ACK  # type: ignore[union-attr]
        assert gone is None or (isinstance(gone, UnderWay) and not isinstance(captured, BaseException))
        await asyncio.gather(*(erased(console, person) for _ in range(3)))
        async with owner(installation) as connection:
            owed = await connection.fetchval(
                "select count(*) from ipp.advice where company_id = $1 and state = 'QUEUED'", shop
            )
        assert owed == 0
        assert await openable(installation, person) <= STAYS
        assert await _audited(installation, person) == 1
