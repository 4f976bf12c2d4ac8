"""`ippgateway recipients`: who outside may receive data. Lists the register, enters somebody, ends an entry.

    ippgateway recipients list [--json]
    ippgateway recipients kinds
    ippgateway recipients add --kind KIND --name NAME --place DK --contract TEXT --purpose KEY [--purpose KEY]
                              [--category KEY ...] [--tool KEY --measures TEXT] [--from DAY] [--until DAY] [--id ID]
    ippgateway recipients end ID

An entry is never changed: it ends, and another one begins. Each act stands on the audit trail.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.core.ids import is_id
from ippgateway.domains.companies.acquirers import TEST_ACQUIRER
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import (
    ACQUIRER,
    DIRECTORY_SERVER,
    DISCLOSURE,
    MAIL,
    MAIL_PROVIDER,
    NEWS,
    NOTIFY,
    PAYMENT,
    PAYMENT_RECOVERY,
    SHOP,
)
from ippgateway.privacy.disclosure.places import TOOLS, place_of
from ippgateway.privacy.disclosure.register import KINDS, Entry, could_receive, declared_for, end, enter, entries
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Purpose, Recipient
from ippgateway.privacy.zones import Zone

REFUSED = 1
"""The exit code when an entry can't stand, or there is none to end."""

_ACTOR = "desk/operator"
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_SANDBOX: tuple[tuple[str, Recipient, str, tuple[Purpose, ...]], ...] = (
    (TEST_ACQUIRER.id, ACQUIRER, "Test acquirer (sandbox)", (PAYMENT, PAYMENT_RECOVERY)),
    ("Te5t-Dire-ctor", DIRECTORY_SERVER, "Test directory server (sandbox)", (PAYMENT,)),
    ("Te5t-Mail-serv", MAIL_PROVIDER, "Test mail server (sandbox)", (MAIL, NEWS)),
    ("Te5t-Shop-each", SHOP, "Each shop, about its own payers", (NOTIFY,)),
)
"""Who stands in for the outside in a sandbox: programs on this machine."""


def main(
    settings: Settings, *, what: str, as_json: bool = False, **given: Any
) -> int:  # fmt: skip
    """See the module. The exit code."""
    if what == "kinds":
        sys.stdout.write("\n".join(_kinds()) + "\n")
        return 0
    return asyncio.run(_run(settings, what, as_json=as_json, given=given))


async def _run(settings: Settings, what: str, *, as_json: bool, given: dict[str, Any]) -> int:
    async with platform_for(Zone.DESK, settings) as p:
        if what == "add":
            return await _add(p, given)
        if what == "end":
            return await _end(p, given["entry"] or "")
        async with p.db.begin(DISCLOSURE) as tx:
            found = await entries(tx)
        told = json.dumps([_document(p, e) for e in found], indent=2) if as_json else "\n".join(_listed(p, found))
        sys.stdout.write(told + "\n")
        return 0


async def seed(settings: Settings) -> None:
    """The sandbox's recipients, where they are not in the register yet."""
    async with platform_for(Zone.DESK, settings) as p:
        async with p.db.begin(DISCLOSURE) as tx:
            there = {each.id for each in await entries(tx)}
        for entry_id, kind, name, purposes in _SANDBOX:
            if entry_id not in there:
                await _enter(p, Entry(
                    id=entry_id, kind=kind.key, name=name, place="DK", contract="sandbox", valid_from=_LONG_AGO,
                    purposes=tuple(each.key for each in purposes),
                    categories=tuple(sorted(each.key for each in declared_for(kind))),
                ))  # fmt: skip


async def _add(p: Platform, given: dict[str, Any]) -> int:
    entry_id = given["id"] or p.ids.new()
    kind = KINDS.get(given["kind"] or "")
    if kind is None or kind.by_case:
        return _refused("no such kind, or one that is given something in a case alone; see `recipients kinds`")
    if not is_id(entry_id) or not given["name"] or not given["contract"]:
        return _refused("an entry has a name, a contract, and an id of three groups of four")
    categories = given["category"] or sorted(each.key for each in declared_for(kind))
    entry = Entry(
        id=entry_id, kind=kind.key, name=given["name"], place=(given["place"] or "").upper(),
        categories=tuple(categories),
        purposes=tuple(given["purpose"] or ()), contract=given["contract"], transfer_tool=given["tool"] or "",
        measures=given["measures"] or "", valid_from=_day(given["begins"]) or p.clock.now(),
        valid_to=_day(given["until"]),
    )  # fmt: skip
    why = could_receive(entry)
    if why is not None:
        return _refused(why.value)
    await _enter(p, entry)
    sys.stdout.write(f"{entry_id}\n")
    return 0


async def _enter(p: Platform, entry: Entry) -> None:
    async with p.db.begin(DISCLOSURE) as tx:
        await enter(tx, entry, at=p.clock.now())
        await audit.record(tx, actor=_ACTOR, act="recipient.entered", on=entry.id)


async def _end(p: Platform, entry_id: str) -> int:
    async with p.db.begin(DISCLOSURE) as tx:
        if not await end(tx, entry_id=entry_id, at=p.clock.now()):
            return _refused("there is no such entry in force")
        await audit.record(tx, actor=_ACTOR, act="recipient.ended", on=entry_id)
    return 0


def _refused(why: str) -> int:
    sys.stderr.write(f"refused: {why}\n")
    return REFUSED


def _day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _kinds() -> Iterator[str]:
    for kind in KINDS.values():
        yield f"{kind.key:<24}{kind.promise:<9}{', '.join(sorted(kind.places)):<18}{kind.words.en}"
        if not kind.by_case:
            yield f"{'':<24}may have: {', '.join(sorted(c.key for c in declared_for(kind))) or 'nothing about anybody'}"
    yield f"transfer tools: {', '.join(TOOLS)}"


def _listed(p: Platform, found: list[Entry]) -> Iterator[str]:
    for each in found:
        until = f" until {each.valid_to:%Y-%m-%d}" if each.valid_to else ""
        force = "in force" if each.in_force(p.clock.now()) else "not in force"
        yield f"{each.id}  {each.kind}: {each.name}, {each.place}, {force} since {each.valid_from:%Y-%m-%d}{until}"
        tool = f"; transfer: {each.transfer_tool}, {each.measures}" if each.transfer_tool else ""
        yield f"    {each.contract}; for {', '.join(each.purposes)}; may have {', '.join(each.categories)}{tool}"
    if not found:
        yield "nobody is in the register: nothing leaves"


def _document(p: Platform, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id, "kind": entry.kind, "name": entry.name, "place": entry.place, "purposes": list(entry.purposes),
        "counts_as": place_of(entry.place).value, "categories": list(entry.categories), "contract": entry.contract,
        "transfer_tool": entry.transfer_tool, "measures": entry.measures, "in_force": entry.in_force(p.clock.now()),
        "valid_from": entry.valid_from.isoformat(), "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
    }  # fmt: skip
