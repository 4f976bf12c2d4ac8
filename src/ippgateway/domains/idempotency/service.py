"""One effect and one answer for requests that carry the same key (architecture, "Idempotency").

Scope: company (or checkout) plus endpoint plus key. Kept for a day from the moment processing began. A second arrival
while the first runs waits and gets the same answer; one that comes after a crash takes over with the same request id,
by which step one of an action finds what was begun. What has no final answer yet is not kept: the next arrival asks
again. A refusal before any effect leaves nothing behind: the key is as if it had never been used.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import NamedTuple

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.domains.companies import service as companies
from ippgateway.domains.idempotency.errors import BadKey, KeyReused, NothingDone, StillRunning
from ippgateway.domains.idempotency.models import IdempotentRequest
from ippgateway.privacy.catalogue import PAYMENT
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

KEPT_FOR = timedelta(hours=24)
_LEASE = timedelta(seconds=120)  # longer than any answer takes: see the limit of IPPGATEWAY_ACQUIRER_TIMEOUT_S
_PATIENCE_S = 60.0
_FIRST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 0.5
_LONGEST_KEY = 255
_COLUMNS = "id, person_id, state, body_code, answer, created_at, running_until"
_STILL_OURS = "where company_id = $1 and id = $2 and state = 'RUNNING' and running_until = $3"


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyed:
    """A request with a key. `scope`: the endpoint, with the checkout's id where there is no company to speak of.
    `body`: what makes it this request and no other; names and values, a card number already masked."""

    company_id: str
    scope: str
    key: str
    body: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """An answer as text. `final`: it will never be another one, so it is kept."""

    text: str
    final: bool


Run = Callable[[str], Awaitable[Said]]
"""Carries the request out; its argument is the id by which a repeat finds what was begun. Raises NothingDone where it
refuses before any effect."""


class _Claim(NamedTuple):
    """The request's row, and whether it is ours to carry out. `fresh`: nobody did before, so that a refusal is sure to
    follow no effect."""

    row: asyncpg.Record
    ours: bool
    fresh: bool = False


def key_from_header(header: str) -> str:
    """The key in an `Idempotency-Key` header: a quoted string, or bare as common clients send it. Raises BadKey."""
    text = header.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if not 0 < len(text) <= _LONGEST_KEY or not text.isascii() or not text.isprintable():
        raise BadKey
    return text


async def once(p: Platform, request: Keyed, run: Run) -> str:
    """The answer to this request: that of its first arrival. Raises KeyReused, StillRunning, and what `run` raises."""
    key_code = p.persons.index.code(request.company_id, f"idempotency.{request.scope}", request.key)
    body_code = _body_code(p, request)
    deadline = p.clock.now() + timedelta(seconds=_PATIENCE_S)
    pause = _FIRST_PAUSE_S
    while True:
        claim = await _claim(p, request, key_code, body_code)
        if claim is not None:
            row = claim.row
            if not compare_digest(row["body_code"], body_code):
                raise KeyReused
            if claim.ours:
                return await _carry_out(p, request.company_id, claim, run)
            if row["state"] == "DONE":
                box = await _box(p, row["person_id"])
                return box.open(IdempotentRequest.answer, row["answer"]).open()
        if p.clock.now() > deadline:
            raise StillRunning
        await p.clock.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE_S)


def _body_code(p: Platform, request: Keyed) -> bytes:
    told = "\x1e".join(f"{name}\x1f{value}" for name, value in sorted(request.body.items()))
    return p.persons.index.code(request.company_id, "idempotency.body", told)


async def _claim(p: Platform, request: Keyed, key_code: bytes, body_code: bytes) -> _Claim | None:
    """The request's row, ours to carry out when it is new or whoever had it is gone. None when an older one went this
    very moment: the next look finds the key free."""
    now = p.clock.now()
    async with p.db.begin(PAYMENT, tenants=[request.company_id]) as tx:
        person_id = await companies.person_of(tx, company_id=request.company_id)
        made = await tx.row(
            "insert into ipp.idempotent_request (company_id, id, person_id, scope, state, created_at, running_until, "
            "key_code, body_code) values ($1, $2, $3, $4, 'RUNNING', $5, $6, $7, $8) "
            f"on conflict (company_id, scope, key_code) do nothing returning {_COLUMNS}",
            request.company_id, p.ids.new(), person_id, request.scope, now, now + _LEASE, key_code, body_code,
        )  # fmt: skip
        if made is not None:
            return _Claim(made, ours=True, fresh=True)
        row = await _existing(tx, request, key_code)
        if row is None:
            return None
        if row["created_at"] < now - KEPT_FOR:
            await tx.execute(
                "delete from ipp.idempotent_request where company_id = $1 and id = $2", request.company_id, row["id"]
            )
            return None
        abandoned = row["state"] == "RUNNING" and row["running_until"] < now
        if not abandoned or not compare_digest(row["body_code"], body_code):
            return _Claim(row, ours=False)
        taken = await tx.row(
            "update ipp.idempotent_request set running_until = $3 where company_id = $1 and id = $2 "
            f"returning {_COLUMNS}",
            request.company_id, row["id"], now + _LEASE,
        )  # fmt: skip
        return None if taken is None else _Claim(taken, ours=True)


async def _existing(tx: Tx, request: Keyed, key_code: bytes) -> asyncpg.Record | None:
    return await tx.row(
        f"select {_COLUMNS} from ipp.idempotent_request "
        "where company_id = $1 and scope = $2 and key_code = $3 for update",
        request.company_id, request.scope, key_code,
    )  # fmt: skip


async def _carry_out(p: Platform, company_id: str, claim: _Claim, run: Run) -> str:
    """Run it and keep a final answer. A refusal before an effect forgets the key; after any other failure the next
    arrival carries on under the same id, since something may have been begun."""
    row = claim.row
    try:
        said = await run(row["id"])
    except NothingDone:
        await (_drop if claim.fresh else _free)(p, company_id, row)
        raise
    except BaseException:
        await _free(p, company_id, row)
        raise
    if not said.final:
        await _free(p, company_id, row)
        return said.text
    box = await _box(p, row["person_id"])
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        await tx.execute(
            "update ipp.idempotent_request set state = 'DONE', answer = $3 where company_id = $1 and id = $2 "
            "and state = 'RUNNING'",
            company_id, row["id"], box.seal(IdempotentRequest.answer, said.text),
        )  # fmt: skip
    return said.text


async def _free(p: Platform, company_id: str, row: asyncpg.Record) -> None:
    """We no longer run it; the next arrival with this key does, under the same id."""
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        await tx.execute(
            f"update ipp.idempotent_request set running_until = $4 {_STILL_OURS}",
            company_id, row["id"], row["running_until"], p.clock.now() - _LEASE,
        )  # fmt: skip


async def _drop(p: Platform, company_id: str, row: asyncpg.Record) -> None:
    """As if the key had never been used; unless somebody took it over from us meanwhile."""
    async with p.db.begin(PAYMENT, tenants=[company_id]) as tx:
        await tx.execute(
            f"delete from ipp.idempotent_request {_STILL_OURS}", company_id, row["id"], row["running_until"]
        )


async def _box(p: Platform, person_id: str) -> Box:
    return await p.persons.open(PAYMENT, PLATFORM, person_id)
