"""Secrets that are good once and for a while: links in letters, challenges. Only their digests are stored."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import TicketSpent
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest
from ippgateway.privacy.zones import PLATFORM

TICKET_LETTERS = 43
"""256 bits."""


class TicketKind(StrEnum):
    """What a ticket is good for."""

    RESET = "reset"
    VERIFY = "verify"
    INVITE = "invite"
    NEW_EMAIL = "new_email"
    PASSKEY = "passkey"


LASTS = {
    TicketKind.RESET: timedelta(hours=1),
    TicketKind.VERIFY: timedelta(days=7),
    TicketKind.INVITE: timedelta(days=7),
    TicketKind.NEW_EMAIL: timedelta(days=1),
    TicketKind.PASSKEY: timedelta(minutes=5),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """A ticket that was good when it was looked up."""

    tenant_id: str
    id: str
    user_id: str
    kind: TicketKind


async def issue(
    tx: Tx,
    p: Platform,
    *,
    tenant_id: str,
    user_id: str,
    kind: TicketKind,
    told: bytes | None = None,
    secret: Secret[str] | None = None,
) -> Secret[str]:
    """A new ticket of a user; its secret. Those of theirs that are too old go. `secret`: instead of a new one, of 128
    bits or more."""
    it, now = secret or Secret(p.ids.letters(TICKET_LETTERS)), p.clock.now()
    await tx.execute(
        "delete from ipp.ticket where tenant_id = $1 and user_id = $2 and ends_at < $3",
        tenant_id, user_id, now,
    )  # fmt: skip
    await tx.execute(
        "insert into ipp.ticket (tenant_id, id, user_id, kind, created_at, ends_at, told, digest) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant_id, p.ids.new(), user_id, kind.value, now, now + LASTS[kind], told, digest(it.open()),
    )  # fmt: skip
    return it


async def look_up(p: Platform, *, kind: TicketKind, ticket: Secret[str]) -> Ticket:
    """Whose ticket it is, while it is good. Raises TicketSpent."""
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        row = await tx.row(
            "select tenant_id, id, user_id from ipp.ticket where digest = $1 and kind = $2 and used_at is null "
            "and ends_at > $3",
            digest(ticket.open()), kind.value, p.clock.now(),
        )  # fmt: skip
    if row is None:
        raise TicketSpent
    return Ticket(tenant_id=row["tenant_id"], id=row["id"], user_id=row["user_id"], kind=kind)


async def spend(tx: Tx, p: Platform, ticket: Ticket) -> bytes | None:
    """Use a ticket up, and with it every other one of its kind that the user has; what it told. Of two who come at
    once, one has it. Raises TicketSpent."""
    row = await tx.row(
        "update ipp.ticket set used_at = $3 where tenant_id = $1 and id = $2 and used_at is null and ends_at > $3 "
        "returning told",
        ticket.tenant_id, ticket.id, p.clock.now(),
    )  # fmt: skip
    if row is None:
        raise TicketSpent
    await end_all(tx, p, tenant_id=ticket.tenant_id, user_id=ticket.user_id, kinds=(ticket.kind,))
    told: bytes | None = row["told"]
    return told


async def end_all(
    tx: Tx, p: Platform, *, tenant_id: str, user_id: str, kinds: tuple[TicketKind, ...] = tuple(TicketKind)
) -> None:
    """No ticket of these kinds that a user has is good any more."""
    await tx.execute(
        "update ipp.ticket set used_at = $4 where tenant_id = $1 and user_id = $2 and kind = any($3::text[]) "
        "and used_at is null",
        tenant_id, user_id, [kind.value for kind in kinds], p.clock.now(),
    )  # fmt: skip


async def check_ticket(p: Platform, *, kind: str, ticket: Secret[str]) -> bool:
    """Whether a ticket is good now; it stays so."""
    try:
        await look_up(p, kind=TicketKind(kind), ticket=ticket)
    except TicketSpent:
        return False
    return True
