"""A forgotten password: a link by mail, good once and for an hour. Whoever asks learns nothing of who exists.

A link opens no session and stands in for no second factor.
"""

import asyncio
from collections.abc import Callable

from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.errors import TicketSpent, TooManyFailures
from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.accounts.schemas import Arrival, Audience, Happened
from ippgateway.domains.accounts.service import devices, throttle, tickets
from ippgateway.domains.accounts.service.change import replace, rule_for
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import ACTIVE, known, note, tell
from ippgateway.domains.accounts.service.links import link_to
from ippgateway.domains.accounts.service.passwords import hash_password, require_good
from ippgateway.domains.accounts.service.sessions import end_all
from ippgateway.domains.accounts.service.throttle import RESET
from ippgateway.domains.accounts.service.tickets import Ticket, TicketKind
from ippgateway.domains.accounts.service.users import code_of
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

MadeLink = Callable[[Secret[str], str, Audience], str]
"""Makes the address in a letter from ticket, user id and audience."""

_ONE_TIME_LETTERS = 24
_MOST_USERS = 8
_WRITING: set[asyncio.Task[None]] = set()
_log = Log("accounts")


async def ask_reset(
    p: Platform, *, audiences: tuple[Audience, ...], email: str, arrival: Arrival | None, link: MadeLink | None = None
) -> None:
    """Send whoever has this address a link to a new password. Nothing of the answer, and of how long it takes, says
    whether there is anybody: the letter is written after it. Whoever asks too often gets none, and is told no more."""
    it = throttle.attempt(p, email, arrival)
    codes = [code_of(p, audience, email) for audience in audiences]
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        try:
            await throttle.require_open(tx, p, it, RESET)
        except TooManyFailures:
            return
        await throttle.count(tx, p, it, RESET)
        rows = await tx.fetch(
            "select u.tenant_id, u.id from unnest($1::text[], $2::bytea[]) as asked(audience, code) "
            "join ipp.app_user u on u.audience = asked.audience and u.username_code = asked.code "
            "where u.status = 'active' order by u.verified_at is null, u.id limit $3",
            [audience.value for audience in audiences], codes, _MOST_USERS,
        )  # fmt: skip
    for row in rows:
        task = asyncio.create_task(_write(p, row["tenant_id"], row["id"], arrival, link))
        _WRITING.add(task)
        task.add_done_callback(_WRITING.discard)


async def written() -> None:
    """Wait until every letter that was asked for is owed."""
    await asyncio.gather(*_WRITING)


async def _write(p: Platform, tenant_id: str, user_id: str, arrival: Arrival | None, link: MadeLink | None) -> None:
    try:
        async with p.db.begin(hall(p)[1], tenants=[tenant_id]) as tx:
            whom = await known(tx, p, tenant_id=tenant_id, user_id=user_id)
            ticket = await tickets.issue(tx, p, tenant_id=tenant_id, user_id=user_id, kind=TicketKind.RESET)
            address = link_to(p, "reset", ticket) if link is None else link(ticket, user_id, whom.audience)
            await note(tx, p, whom, Happened.RESET_ASKED, arrival)
            await tell(tx, p, whom, Kind.RESET, arrival, told={"link": address})
    except Exception as error:  # nobody waits for it; who gets no letter asks again
        _log.error("reset.not_written", error)


async def reset(
    p: Platform, breaches: Breaches, *, ticket: Secret[str], new: Secret[str], arrival: Arrival | None = None
) -> Secret[str] | None:
    """Choose a new password by a link. All sessions end; nobody is signed in by it. A browser is known from now on, so
    that guessers don't keep its owner out: the secret to leave with it, when `arrival` is told.

    Raises TicketSpent, WeakPassword (the link is still good then).
    """
    found = await tickets.look_up(p, kind=TicketKind.RESET, ticket=ticket)
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=found.user_id)
    await require_good(breaches, new, rule=rule_for(whom), about=whom.about)
    return await _redeem(p, found, await hash_password(new), arrival, must_change=False)


async def redeem_reset(p: Platform, *, user_id: str, ticket: Secret[str]) -> tuple[str, Secret[str]]:
    """The user name and a one-time password, as the wire contract has it (7.2, R-21): it has to be changed.

    Raises TicketSpent.
    """
    found = await tickets.look_up(p, kind=TicketKind.RESET, ticket=ticket)
    if found.user_id != user_id:
        raise TicketSpent
    once = Secret(p.ids.letters(_ONE_TIME_LETTERS))
    await _redeem(p, found, await hash_password(once), None, must_change=True)
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=user_id)
    return whom.email.open(), once


async def _redeem(
    p: Platform, found: Ticket, hashed: str, arrival: Arrival | None, *, must_change: bool
) -> Secret[str] | None:
    async with p.db.begin(hall(p)[1], tenants=[found.tenant_id]) as tx:
        whom = await known(tx, p, tenant_id=found.tenant_id, user_id=found.user_id)
        await tickets.spend(tx, p, found)
        if whom.status != ACTIVE:
            raise TicketSpent
        await replace(tx, p, whom, hashed, must_change=must_change)
        await end_all(tx, p, tenant_id=whom.tenant_id, user_id=whom.user_id)
        if whom.second_factor:
            return None
        return await devices.remember(
            tx, p, arrival, tenant_id=whom.tenant_id, user_id=whom.user_id, trusted=False
        )  # fmt: skip
