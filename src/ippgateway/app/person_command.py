"""`ippgateway person show|erase|restrict|release`: what is held about somebody; erasing it, restricting it, and lifting
that.

Whom is read from standard input, so that it stands in no list of processes and no shell's history: the id of a payment
(`transaction_id`); the id of a company and the payer's e-mail address at that company, with a space between them; or
`user`, the id of a company, partner or member of the public, and the address that their user signs in with.
Of a company's payers an address may name several: all of them are shown, one after another, or erased.
Values go to standard output of `show` and nowhere else. Erasing and restricting are put on record as requests: whoever
is killed on the way is finished by the running Platform, an erasure has its certificate, and recipients are told.
"""

import asyncio
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ippgateway.app.settings import Settings
from ippgateway.app.terminal import line
from ippgateway.app.wiring import platform_for
from ippgateway.core.ids import is_id
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.payments.errors import PaymentNotFound
from ippgateway.domains.payments.service import people
from ippgateway.domains.payments.service.rooms import ROOMS
from ippgateway.domains.requests import service as requests
from ippgateway.domains.requests.schemas import WAITS, Identity, Kind, New
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.erase import OPERATOR
from ippgateway.privacy.rights.held import Held, HeldField, Shown, held
from ippgateway.privacy.rights.plan import Line, Plan, plan_of
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.rights.restrict import release
from ippgateway.privacy.vocabulary import Recipient
from ippgateway.privacy.zones import Zone

NOBODY = 1
UNDER_WAY = 4
NOT_CONFIRMED = 5
ON_HOLD = 6
LAST = 7
"""Exit codes besides 0 (done) and those that every command has."""
_WAITING = {"payment": UNDER_WAY, "hold": ON_HOLD, "administrator": LAST, "customers": LAST}

_WIDTH = 100
_CONFIRMS = "erase"


def main(settings: Settings, *, what: str, as_json: bool, yes: bool) -> int:
    """Show, erase or restrict one person. The exit code."""
    return asyncio.run(_run(settings, what, as_json=as_json, yes=yes))


async def _run(settings: Settings, what: str, *, as_json: bool, yes: bool) -> int:
    async with platform_for(Zone.CONSOLE, settings) as p:
        whom = await _whom(p, line("whom? transaction id; company id and e-mail address; user, id and address: "))
        if not whom:
            sys.stderr.write("nobody was found\n")
            return NOBODY
        if what in ("restrict", "release"):
            for person in whom:
                await _mark(p, person, what)
            return 0
        found = [await held(p, person) for person in whom]
        if what == "show":
            for each in found:
                _say(document(each) if as_json else "\n".join(_told(each)))
            return 0
        return await _erase(p, found, as_json=as_json, yes=yes)


async def _erase(p: Platform, found: Sequence[Held], *, as_json: bool, yes: bool) -> int:
    """Erase them all, or nobody; the exit code of the first that has to wait."""
    if not as_json:
        for each in found:
            _say("\n".join(_planned(plan_of(each))))
    names = ", ".join(str(each.person) for each in found)
    if not yes and line(f"type {_CONFIRMS} to erase {names}: ") != _CONFIRMS:
        sys.stderr.write("nothing was erased\n")
        return NOT_CONFIRMED
    codes = [await _erase_one(p, each, plan_of(each), as_json=as_json) for each in found]
    return next(filter(None, codes), 0)


async def _erase_one(p: Platform, found: Held, plan: Plan, *, as_json: bool) -> int:
    request = await requests.at_once(p, ROOMS, _asked(found.person, Kind.ERASURE))
    if request.waits_for is not None:
        why = WAITS[request.waits_for].en
        sys.stderr.write(f"{why}; it is on record as {request.id}, and done when that is over\n")
        return _WAITING[request.waits_for]
    record = _record(await held(p, found.person))
    dies_by = json.loads(request.certificate or "{}").get("key_dies_by")
    at = f"{p.origins['console']}/certificate/{request.tenant_id}/{request.id}"
    if as_json:
        _say({"plan": _plan_document(plan), "erasure": record, "key_dies_by": dies_by, "certificate": at})
    else:
        _say("\n".join((*_recorded(record), f"no backup opens it either from: {dies_by}", f"certificate: {at}")))
    return 0


def _asked(person: Person, kind: Kind) -> New:
    """What the operator asks in a person's place, and decides. Nobody is written to."""
    return New(
        person=person, kind=kind, identity=Identity.OPERATOR, language="en", reply_to=Secret(""), decided_by=OPERATOR
    )


async def _mark(p: Platform, person: Person, what: str) -> None:
    """Restrict, or lift that: it binds in the key database at once."""
    if what == "restrict":
        await requests.at_once(p, ROOMS, _asked(person, Kind.RESTRICTION))
    else:
        await release(p, person, asked_by=OPERATOR)
    _say(f"{what}: {person}")


async def _whom(p: Platform, term: str) -> tuple[Person, ...]:
    """An address may be that of several payers of a shop."""
    first, _, email = term.partition(" ")
    if first == "user":
        tenant_id, _, address = email.strip().partition(" ")
        user = await accounts.person_by_address(p, tenant_id=tenant_id, email=address) if is_id(tenant_id) else None
        return (user,) if user else ()
    if email:
        return await people.payers_at(p, company_id=first, email=email)
    try:
        return ((await people.payer_of(p, payment_id=first)).person,)
    except PaymentNotFound:
        return ()


# --- for people ---


def _told(found: Held) -> Iterator[str]:
    yield f"person {found.person}, {found.at:%Y-%m-%d %H:%M} UTC"
    if found.erased is not None:
        yield from _recorded(_record(found))
    for table, fields in groupby(found.fields, key=lambda f: f.table):
        alike = list(fields)
        yield from ("", f"{table}: {alike[0].about.en}")
        for field in alike:
            yield from _field(field)
    for table in found.more:
        yield from ("", f"{table}: there are more rows than are shown")
    if found.received:
        yield from ("", "who was given what")
        for each in found.received:
            who = f"{each.name or each.kind.words.en}{f' ({each.place})' if each.place else ''}"
            yield from _wrapped(f"{each.at:%Y-%m-%d %H:%M} UTC {who}, for {each.purpose}: {', '.join(each.categories)}")
    if not found.fields:
        yield "nothing is held"


def _field(field: HeldField) -> Iterator[str]:
    said = field.said
    value = field.value.open() if field.shown is Shown.OPEN else f"({field.shown.value})"
    yield f"  {field.column:<20}{value}"
    purposes = "; ".join(f"{p.words.en} [{p.basis.value}]" for p in field.uses)
    yield from _wrapped(
        f"{said.category.words.en if said.category else ''}; for: {purposes}; kept {_term(field)}; "
        f"to: {', '.join(_recipient(r) for r in field.recipients) or 'nobody'}"
    )


def _term(field: HeldField) -> str:
    words = field.said.keep.words.en if field.said.keep else ""
    end = f", until {field.ends_on}" if field.ends_on else ""
    ground = field.ground
    retained = ground.retained if ground is not None else None
    return f"{words}{end}" + (f", on the ground: {retained.en}" if retained else "")


def _recipient(recipient: Recipient) -> str:
    return f"{recipient.words.en} ({', '.join(sorted(recipient.places))})"


def _planned(plan: Plan) -> Iterator[str]:
    yield "what goes"
    yield from (part for line in plan.goes for part in _planned_line(line))
    yield from ("", "what stays")
    yield from (part for line in plan.stays for part in _planned_line(line))
    yield from _wrapped("nothing more can be captured, refunded or charged again with a card that went")


def _planned_line(line: Line) -> Iterator[str]:
    kept = f" Until {line.until}; {line.why.en}" if line.why else ""
    columns = ", ".join(line.columns)
    yield from _wrapped(f"{line.table} ({columns}), {line.count} fields: {line.how.en}{kept}")


def _recorded(record: dict[str, Any]) -> Iterator[str]:
    yield f"erased: {record['erased_at'] or 'not to the end yet; ask again'}"
    yield f"the last of what is kept ends: {record['kept_until'] or 'nothing is kept'}"
    if record["next_at"]:
        yield f"looked at once more {record['next_at']}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent="    ")


# --- for programs ---


def document(found: Held) -> dict[str, Any]:
    """What is held, for programs: `controller`, `person_id`, `at`, `fields`, `more` (tables that are told in part),
    `erasure` (null before one), `received` (who outside was given which categories, when and why). A
    field has `table`, `column`, `category`, `shown` (open, code, never, restricted,
    unreadable), `value` (null unless it is open), `purposes` with `basis`, `term`, `ends_on`, `ground` (of
    what an erasure left), `recipients` with `places`."""
    return {
        "controller": found.person.controller, "person_id": found.person.person_id, "at": found.at.isoformat(),
        "fields": [_field_document(field) for field in found.fields], "more": list(found.more),
        "erasure": _record(found) if found.erased else None,
        "received": [
            {"at": each.at.isoformat(), "kind": each.kind.key, "name": each.name, "place": each.place,
             "purpose": each.purpose, "categories": list(each.categories), "of": each.subject_id}
            for each in found.received
        ],
    }  # fmt: skip


def _field_document(field: HeldField) -> dict[str, Any]:
    said = field.said
    return {
        "table": field.table, "column": field.column, "category": said.category.key if said.category else None,
        "shown": field.shown.value, "value": field.value.open() if field.shown is Shown.OPEN else None,
        "purposes": [{"key": p.key, "basis": p.basis.value} for p in field.uses],
        "term": said.keep.key if said.keep else None,
        "ends_on": field.ends_on.isoformat() if field.ends_on else None,
        "ground": ground.key if (ground := field.ground) else None,
        "recipients": [
            {"key": r.key, "places": sorted(r.places)} for r in field.recipients
        ],
    }  # fmt: skip


def _plan_document(plan: Plan) -> dict[str, Any]:
    return {
        part: [
            {"table": line.table, "columns": list(line.columns), "fields": line.count, "category": line.category.key,
             "ground": line.ground.key if line.ground else None, "why": line.why.en if line.why else None,
             "until": line.until.isoformat() if line.until else None}
            for line in lines
        ]
        for part, lines in (("goes", plan.goes), ("stays", plan.stays))
    }  # fmt: skip


def _record(found: Held) -> dict[str, Any]:
    erased = found.erased
    assert erased is not None  # noqa: S101 - whoever asks has just erased, or looked
    return {
        "controller": found.person.controller, "person_id": found.person.person_id, "state": erased.state,
        "asked_by": erased.asked_by, "begun_at": erased.begun_at.isoformat(),
        "erased_at": erased.erased_at.isoformat() if erased.erased_at else None,
        "next_at": erased.next_at.isoformat() if erased.next_at else None,
        "kept_until": erased.kept_until.isoformat() if erased.kept_until else None,
    }  # fmt: skip


def _say(what: dict[str, Any] | str) -> None:
    text = what if isinstance(what, str) else json.dumps(what, indent=2, ensure_ascii=False)
    sys.stdout.write(text + "\n")
