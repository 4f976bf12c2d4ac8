"""Staying signed in: sessions found, listed, renewed and ended.

The bearer secret is stored as a digest. It is a new one after every step that makes a session worth more, so that
whoever knew the old one has nothing (session fixation).
"""

from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.errors import WrongFactor
from ippgateway.domains.accounts.schemas import Arrival, Audience, Happened, Session, SessionView, SignedIn, Stage
from ippgateway.domains.accounts.service import devices
from ippgateway.domains.accounts.service.hall import hall
from ippgateway.domains.accounts.service.knowing import Known, effective, known, note
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest
from ippgateway.privacy.zones import PLATFORM, Zone

SESSION_LETTERS = 48
STRONG_FOR = timedelta(minutes=15)
_ABSOLUTE_WIRE = timedelta(hours=24)
_ABSOLUTE_BROWSER = timedelta(hours=8)
_SEEN_EVERY = timedelta(seconds=60)
_LONGEST_BEARER = 128

# --- found ---

_SESSION = """
select s.tenant_id, s.id, s.user_id, s.audience, s.stage, s.wire, s.moves_money, s.strong_at, s.inside_id, s.seen_at,
  u.audience as of_user, u.rights, u.second_factor, u.must_change_password, u.verified_at, u.language, u.theme,
  {policy} as of_policy, {emergency} as emergency_id
from ipp.sign_in_session s join ipp.app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id {joined}
where s.digest = $1 and s.ended_at is null and u.status = 'active'
  and s.seen_at > case when s.wire then $2::timestamptz else $3 end
  and s.created_at > case when s.wire then $4::timestamptz else $5 end
"""
# An emergency access ends by itself: from its last moment on no session is resumed with it.
_OF_STAFF = _SESSION.format(
    policy="null::text[]", emergency="e.id",
    joined="left join ipp.emergency_access e on e.tenant_id = s.tenant_id and e.session_id = s.id "
    "and e.user_id = s.user_id and e.ended_at is null and e.ends_at > $6",
)  # fmt: skip
# A session ends with its user, its tenant, and for a partner inside a customer's account with the customer's leave.
_OF_OTHERS = (
    _SESSION.format(
        policy="a.rights",
        emergency="null::text",
        joined="left join ipp.access_policy a on a.tenant_id = u.tenant_id and a.id = u.policy_id",
    )
    + """
  and (u.audience <> 'company'
       or exists (select from ipp.company c where c.id = u.tenant_id and c.status = 'active'))
  and (u.audience <> 'partner'
       or exists (select from ipp.partner r where r.id = u.tenant_id and r.status = 'active'))
  and (s.inside_id is null
       or exists (select from ipp.partner_grant g join ipp.company c on c.id = g.company_id and c.status = 'active'
                  where g.company_id = s.inside_id and g.partner_id = s.tenant_id and g.withdrawn_at is null
                    and g.ends_at > $6))
"""
)


async def resume(p: Platform, *, audience: Audience, user_id: str, session_id: Secret[str]) -> Session | None:
    """The live session of that kind and user, if there is one; its idle time starts anew (wire contract R-12).

    The payment zone takes a browser's too, so that a page moves money as its user, and only while the second factor was
    proven a moment ago. Elsewhere it is none: the pages ask for more than the wire does, which would be the way around.
    """
    found = await _resume(p, session_id)
    if found is None or found[0].audience is not audience or found[0].user_id != user_id:
        return None
    session, wire = found
    if wire:
        return session
    if p.zone is not Zone.PAY or session.stage is not Stage.OPEN:
        return None
    return replace(session, moves_money=session.moves_money and strong(session, p.clock.now()))


async def resume_browser(p: Platform, *, bearer: Secret[str]) -> Session | None:
    """The live session of a browser, halfway or open; its idle time starts anew. Never one of the wire."""
    found = await _resume(p, bearer)
    return found[0] if found is not None and not found[1] else None


async def _resume(p: Platform, bearer: Secret[str]) -> tuple[Session, bool] | None:
    """A live session, and whether it is one of the wire. One query, and a second one once a minute."""
    if not 0 < len(bearer.open()) <= _LONGEST_BEARER:
        return None
    now = p.clock.now()
    limits = (now - timedelta(seconds=p.session_idle_s), now - timedelta(seconds=p.browser_idle_s),
              now - _ABSOLUTE_WIRE, now - _ABSOLUTE_BROWSER)  # fmt: skip
    async with p.db.begin(hall(p)[0], tenants=[PLATFORM]) as tx:
        if p.zone is Zone.DESK:
            row = await tx.row(_OF_STAFF, digest(bearer.open()), *limits, now)
        else:
            row = await tx.row(_OF_OTHERS, digest(bearer.open()), *limits, now)
        session = None if row is None else _session(row)
        if row is None or session is None:
            return None
        if now - row["seen_at"] > _SEEN_EVERY:
            await tx.execute(
                "update ipp.sign_in_session set seen_at = $3 where tenant_id = $1 and id = $2",
                row["tenant_id"], row["id"], now,
            )  # fmt: skip
    return session, row["wire"]


def _session(row: asyncpg.Record) -> Session | None:
    """What a row says; None of a guest who may not be one any more."""
    of_policy = None if row["of_policy"] is None else tuple(row["of_policy"])
    may = effective(Audience(row["of_user"]), tuple(row["rights"]), of_policy)
    inside: str | None = row["inside_id"]
    if inside is not None:
        if not {rights.ALL, rights.CUSTOMERS.key} & set(may):
            return None
        may = rights.OF_GUESTS
    if row["emergency_id"] is not None:
        may = tuple(sorted({*may, *(purpose.key for purpose in rights.IN_EMERGENCIES)}))
    if row["of_user"] == Audience.STAFF and not row["second_factor"]:
        may = ()
    return Session(
        id=row["id"], audience=Audience(row["audience"]), tenant_id=inside or row["tenant_id"],
        home_id=row["tenant_id"], user_id=row["user_id"], moves_money=row["moves_money"], rights=may,
        stage=Stage(row["stage"]), guest_of=row["tenant_id"] if inside is not None else None,
        second_factor=row["second_factor"], must_change_password=row["must_change_password"],
        verified=row["verified_at"] is not None, strong_at=row["strong_at"], language=row["language"],
        theme=row["theme"], emergency_id=row["emergency_id"],
    )  # fmt: skip


def strong(session: Session, now: datetime) -> bool:
    """Whether the second factor was proven in it within the last quarter of an hour."""
    return session.strong_at is not None and now - session.strong_at <= STRONG_FOR


# --- begun and renewed ---


async def begin(
    tx: Tx,
    p: Platform,
    whom: Known,
    *,
    wire: bool,
    stage: Stage = Stage.OPEN,
    moves_money: bool = False,
    arrival: Arrival | None = None,
    strong_at: datetime | None = None,
    inside_id: str | None = None,
) -> Secret[str]:
    """A new session; its bearer secret. Those of the user that ended go."""
    bearer, now = p.ids.letters(SESSION_LETTERS), p.clock.now()
    await tx.execute(
        "delete from ipp.sign_in_session where tenant_id = $1 and user_id = $2 and (ended_at < $3 or created_at < $3)",
        whom.tenant_id, whom.user_id, now - _ABSOLUTE_WIRE,
    )  # fmt: skip
    await tx.execute(
        "insert into ipp.sign_in_session (tenant_id, id, user_id, audience, wire, stage, moves_money, strong_at, "
        "inside_id, digest, created_at, seen_at, browser, system) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13)",
        whom.tenant_id, p.ids.new(), whom.user_id, (Audience.COMPANY if inside_id else whom.audience).value, wire,
        stage.value, moves_money, strong_at, inside_id, digest(bearer), now,
        (arrival and arrival.browser) or None, (arrival and arrival.system) or None,
    )  # fmt: skip
    return Secret(bearer)


async def prove(tx: Tx, p: Platform, session: Session, *, arrival: Arrival | None) -> SignedIn:
    """The second factor was proven in a session: it opens, moves money, has a new bearer secret, and its browser is
    known from now on. Raises WrongFactor when it ended meanwhile."""
    now, bearer = p.clock.now(), p.ids.letters(SESSION_LETTERS)
    if not await tx.execute(
        "update ipp.sign_in_session set stage = 'open', strong_at = $3, moves_money = true, digest = $4, seen_at = $3 "
        "where tenant_id = $1 and id = $2 and ended_at is null",
        session.home_id, session.id, now, digest(bearer),
    ):  # fmt: skip
        raise WrongFactor
    if session.stage is Stage.FACTOR:
        whom = await known(tx, p, tenant_id=session.home_id, user_id=session.user_id)
        await note(tx, p, whom, Happened.SIGNED_IN, arrival)
    ours = session.user_id in await devices.users_of(tx, arrival)
    device = await devices.remember(
        tx, p, arrival, tenant_id=session.home_id, user_id=session.user_id, trusted=ours
    )  # fmt: skip
    return SignedIn(user_id=session.user_id, session_id=Secret(bearer), device=device)


# --- listed and ended ---


async def sessions(p: Platform, session: Session) -> tuple[SessionView, ...]:
    """A user's live sessions, the newest first."""
    now = p.clock.now()
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        rows = await tx.fetch(
            "select id, browser, system, created_at, seen_at, wire, inside_id from ipp.sign_in_session "
            "where tenant_id = $1 and user_id = $2 and ended_at is null "
            "and seen_at > case when wire then $3::timestamptz else $4 end "
            "and created_at > case when wire then $5::timestamptz else $6 end order by seen_at desc, id limit 100",
            session.home_id, session.user_id, now - timedelta(seconds=p.session_idle_s),
            now - timedelta(seconds=p.browser_idle_s), now - _ABSOLUTE_WIRE, now - _ABSOLUTE_BROWSER,
        )  # fmt: skip
    return tuple(
        SessionView(
            id=row["id"], here=row["id"] == session.id, browser=row["browser"] or "", system=row["system"] or "",
            created_at=row["created_at"], seen_at=row["seen_at"], wire=row["wire"], guest_of=row["inside_id"],
        )
        for row in rows
    )  # fmt: skip


async def end(p: Platform, session: Session, session_id: str) -> None:
    """End one session of a user, by its id; one that is somebody else's, or ended already, stays as it is."""
    await _end_some(p, session, "id = $4", session_id, Happened.SESSIONS_ENDED)


async def end_others(p: Platform, session: Session) -> None:
    """End every session of a user but this one."""
    await _end_some(p, session, "id <> $4", session.id, Happened.SESSIONS_ENDED)


async def sign_out(p: Platform, session: Session) -> None:
    """End this session."""
    await _end_some(p, session, "id = $4", session.id, Happened.SIGNED_OUT)


async def _end_some(p: Platform, session: Session, which: str, session_id: str, what: Happened) -> None:
    async with p.db.begin(hall(p)[1], tenants=[session.home_id]) as tx:
        ended = await tx.execute(
            f"update ipp.sign_in_session set ended_at = $3 where tenant_id = $1 and user_id = $2 and {which} "
            "and ended_at is null",
            session.home_id, session.user_id, p.clock.now(), session_id,
        )  # fmt: skip
        if ended:
            await note(tx, p, await known(tx, p, tenant_id=session.home_id, user_id=session.user_id), what)


async def end_all(tx: Tx, p: Platform, *, tenant_id: str, user_id: str, but: str | None = None) -> None:
    """End every session of a user, `but` one."""
    await tx.execute(
        "update ipp.sign_in_session set ended_at = $3 where tenant_id = $1 and user_id = $2 and ended_at is null "
        "and id is distinct from $4",
        tenant_id, user_id, p.clock.now(), but,
    )  # fmt: skip
