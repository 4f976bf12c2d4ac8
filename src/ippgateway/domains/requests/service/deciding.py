"""What the controller does with a request: finds out who asks, takes more time once, grants it, or says why not.

`by`: the user id of whoever decides: of the desk for our own people, of the shop for its payers.
"""

from collections.abc import Mapping

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.domains.requests.errors import BadRequest, NoSuchStep
from ippgateway.domains.requests.models import DataRequest
from ippgateway.domains.requests.schemas import EXTENSIONS, LONGEST, REASONS, Identity, Kind, Told
from ippgateway.domains.requests.service.reading import hall, locked, seen
from ippgateway.domains.requests.states import Act, State, after, due_on, may_extend
from ippgateway.privacy import audit
from ippgateway.privacy.platform import Platform


async def identify(p: Platform, *, tenant_id: str, request_id: str, by: str) -> None:
    """It is known who asks. Raises NoSuchRequest, NoSuchStep."""
    how = Identity.SHOP if hall(p).key == "own_data" else Identity.OPERATOR
    async with p.db.begin(hall(p), tenants=[tenant_id]) as tx:
        row = await locked(tx, tenant_id, request_id)
        state = after(State(row["state"]), Act.IDENTIFY)
        changes = {"state": state.value, "identity": how.value, "next_at": p.clock.now()}
        await _change(tx, p, row, changes, act="request.identified", by=by)


async def extend(p: Platform, *, tenant_id: str, request_id: str, why: str, by: str) -> None:
    """Two further months, once, told to the person with the reason inside the first (Article 12(3)).

    Raises NoSuchRequest, NoSuchStep when that is over, BadRequest.
    """
    if why not in EXTENSIONS:
        raise BadRequest("extension")
    now = p.clock.now()
    async with p.db.begin(hall(p), tenants=[tenant_id]) as tx:
        row = await locked(tx, tenant_id, request_id)
        extended = row["extended_to"] is not None
        if not may_extend(State(row["state"]), today=now.date(), due=row["due_on"], extended=extended):
            raise NoSuchStep("the time may be made longer once, inside the first month")
        changes = {
            "extended_to": due_on(row["asked_at"].date(), extended=True), "extension": why,
            "to_tell": Told.EXTENDED.value, "next_at": now,
        }  # fmt: skip
        await _change(tx, p, row, changes, act="request.extended", by=by)


async def grant(p: Platform, *, tenant_id: str, request_id: str, answer: str = "", by: str) -> None:
    """It is done as asked. Carried out by the process that answers people. Raises NoSuchRequest, NoSuchStep,
    BadRequest."""
    await _decide(p, tenant_id, request_id, Act.GRANT, answer, by, None)


async def refuse(p: Platform, *, tenant_id: str, request_id: str, reason: str, answer: str = "", by: str) -> None:
    """It is not done, and why: `reason`, a key of `schemas.REASONS` for this kind, and what there is to add. Raises
    NoSuchRequest, NoSuchStep, BadRequest."""
    await _decide(p, tenant_id, request_id, Act.REFUSE, answer, by, reason)


async def _decide(
    p: Platform, tenant_id: str, request_id: str, act: Act, answer: str, by: str, reason: str | None
) -> None:
    if len(answer) > LONGEST:
        raise BadRequest("answer")
    now = p.clock.now()
    async with p.db.begin(hall(p), tenants=[tenant_id]) as tx:
        row = await locked(tx, tenant_id, request_id)
        state = after(State(row["state"]), act)
        if act is Act.REFUSE and not _fits(reason, Kind(row["kind"])):
            raise BadRequest("reason")
        changes: dict[str, object] = {
            "state": state.value, "decided_by": by, "decided_at": now, "reason": reason, "next_at": now,
        }  # fmt: skip
        if state.ended:
            changes |= {"ended_at": now, "to_tell": Told.ANSWERED.value}
        person = seen(row).person
        # Not `open`, which waits for others to share a transaction with and so may not be called within one.
        boxes = await p.persons.open_many(hall(p), person.controller, [person.person_id])
        if answer.strip() and boxes[person.person_id].has(DataRequest.answer):
            changes["answer"] = boxes[person.person_id].seal(DataRequest.answer, answer.strip())
        await _change(tx, p, row, changes, act=f"request.{state.value.lower()}", by=by)


def _fits(reason: str | None, kind: Kind) -> bool:
    found = REASONS.get(reason or "")
    return found is not None and kind in found.kinds


async def _change(
    tx: Tx, p: Platform, row: asyncpg.Record, changes: Mapping[str, object], *, act: str, by: str
) -> None:
    set_to = ", ".join(f"{name} = ${n}" for n, name in enumerate(changes, 3))
    await tx.execute(
        f"update ipp.data_request set {set_to} where tenant_id = $1 and id = $2",
        row["tenant_id"], row["id"], *changes.values(),
    )  # fmt: skip
    await audit.record(tx, actor=f"{p.zone.value}/{by}", act=act, on=f"{row['tenant_id']}/{row['id']}")
