"""Links for people without an account: whoever opens one has shown that an e-mail address is theirs.

The mailed secret is good once. Opening it takes the address, typed again, so that a link which went astray opens
nothing; what it is exchanged for lives an hour, in the page's forms alone.
"""

import asyncio
from datetime import timedelta

from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import service as accounts
from ippgateway.domains.accounts.errors import TooManyFailures
from ippgateway.domains.accounts.schemas import Arrival
from ippgateway.domains.accounts.service import throttle
from ippgateway.domains.accounts.service.throttle import Attempt, Limit
from ippgateway.domains.mail import service as mail
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import ERASURE, OWN_DATA, REQUEST_TERM
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest
from ippgateway.privacy.zones import PLATFORM

OPENS_WITHIN = timedelta(hours=1)
"""So long after it was asked for a link may be opened."""
LASTS = timedelta(hours=1)
"""So long after that its pages may be looked at."""
ASKED = Limit(what="data_link", at_a_name=3, from_a_network=20, within=OPENS_WITHIN)
_WRONG = Limit(what="open_link", at_a_name=5, from_a_network=50, within=OPENS_WITHIN)

_SECRET_LETTERS = 32
_FORGOTTEN_AT_ONCE = 500
_WRITING: set[asyncio.Task[None]] = set()
_log = Log("requests")


async def ask_link(p: Platform, *, email: str, language: str, arrival: Arrival) -> None:
    """Mail a link to whoever owns `email`, whether anything is held about it or not: nothing is looked up.

    The letter is written after the answer. Of more than three links an hour for an address, or twenty from a network,
    the rest are not sent, and nobody is told.
    """
    it = throttle.attempt(p, email, arrival)
    async with throttle.one_at_a_time(it):
        if not await _open(p, it, ASKED, counts=True):
            return
    task = asyncio.create_task(_write(p, email.strip(), language))
    _WRITING.add(task)
    task.add_done_callback(_WRITING.discard)


async def written() -> None:
    """Wait until every link that was asked for is owed."""
    await asyncio.gather(*_WRITING)


async def open_link(p: Platform, *, secret: Secret[str], email: str, arrival: Arrival) -> Secret[str] | None:
    """Exchange a mailed secret, once, for one that `proves` takes. None when it is spent, too old, not this address's,
    or was tried with five others: whoever has somebody's link can't find out by it whose it is."""
    it = throttle.attempt(p, f"link\0{digest(secret.open()).hex()}", arrival)
    async with throttle.one_at_a_time(it):
        if not await _open(p, it, _WRONG):
            return None
        given = await _exchanged(p, secret, email)
        if given is None:
            await _open(p, it, _WRONG, counts=True)
    return given


async def proves(p: Platform, *, secret: Secret[str], email: str) -> bool:
    """Whether whoever has `secret` opened a link of this address within the hour."""
    async with p.db.begin(OWN_DATA) as tx:
        found = await tx.value(
            "select 1 from ipp.data_link where digest = $1 and email_code = $2 and used_at is not null "
            "and ends_at > $3",
            digest(secret.open()), _code(p, email), p.clock.now(),
        )  # fmt: skip
    return found is not None


async def end_link(p: Platform, *, secret: Secret[str]) -> None:
    """`secret` proves nothing any more."""
    now = p.clock.now()
    async with p.db.begin(OWN_DATA) as tx:
        await tx.execute(
            "update ipp.data_link set ends_at = $2 where digest = $1 and used_at is not null and ends_at > $2",
            digest(secret.open()), now,
        )  # fmt: skip


async def forget_links(p: Platform) -> int:
    """Let go of links that are a day old (`REQUEST_TERM`), and of the keys under which their letters are sealed. How
    many, up to five hundred."""
    async with p.db.begin(OWN_DATA) as tx:
        rows = await tx.fetch(
            "select id from ipp.data_link where created_at < $1 order by created_at limit $2",
            p.clock.now() - timedelta(days=REQUEST_TERM.days), _FORGOTTEN_AT_ONCE,
        )  # fmt: skip
    for row in rows:
        await p.persons.destroy(ERASURE, PLATFORM, row["id"])
    async with p.db.begin(OWN_DATA) as tx:
        await tx.execute("delete from ipp.data_link where id = any($1::text[])", [row["id"] for row in rows])
    return len(rows)


async def _open(p: Platform, it: Attempt, limit: Limit, *, counts: bool = False) -> bool:
    """Whether something may still be tried; `counts`: then it is on record as tried."""
    async with p.db.begin(accounts.hall(p)[0], tenants=[PLATFORM]) as tx:
        try:
            await throttle.require_open(tx, p, it, limit)
        except TooManyFailures:
            return False
        if counts:
            await throttle.count(tx, p, it, limit)
    return True


async def _write(p: Platform, email: str, language: str) -> None:
    """The link, and the letter with it. Whoever is written to is nobody whom we know: their key is the link's own."""
    link_id, secret, now = p.ids.new(), p.ids.letters(_SECRET_LETTERS), p.clock.now()
    try:
        box = await p.persons.create(OWN_DATA, PLATFORM, link_id)
        async with p.db.begin(OWN_DATA, tenants=[link_id]) as tx:
            await tx.execute(
                "insert into ipp.data_link (id, created_at, ends_at, email_code, digest) values ($1, $2, $3, $4, $5)",
                link_id, now, now + OPENS_WITHIN, _code(p, email), digest(secret),
            )  # fmt: skip
            await mail.owe(
                tx, p, box=box, tenant_id=link_id, person_id=link_id, kind=Kind.DATA_LINK, language=language,
                address=email, told={"link": f"{p.origins['mine']}/link/{secret}"},
            )  # fmt: skip
    except Exception as error:  # nobody waits for it; who gets no letter asks again
        _log.error("link.not_written", error)


async def _exchanged(p: Platform, secret: Secret[str], email: str) -> Secret[str] | None:
    given, now = p.ids.letters(_SECRET_LETTERS), p.clock.now()
    async with p.db.begin(OWN_DATA) as tx:
        exchanged = await tx.execute(
            "update ipp.data_link set used_at = $4, ends_at = $5, digest = $3 "
            "where digest = $1 and email_code = $2 and used_at is null and ends_at > $4",
            digest(secret.open()), _code(p, email), digest(given), now, now + LASTS,
        )  # fmt: skip
    return Secret(given) if exchanged else None


def _code(p: Platform, email: str) -> bytes:
    return p.persons.index.code(PLATFORM, "data_link.email", email.strip().lower())
