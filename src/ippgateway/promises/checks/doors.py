"""Section 10, SEC-3 and SEC-4, and section 7, BASIS-7: passwords, second factors, and who is told of a sign-in."""

from datetime import timedelta

from ippgateway.domains.accounts.schemas import Happened
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, MAIL_TERM, STAFF_ACCOUNT
from ippgateway.privacy.papers.versions import TERMS, in_force, today
from ippgateway.privacy.zones import PLATFORM, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import everybody

_WRONG, _THROTTLED, _REFUSED, _LED_ON = 401, 429, 422, 303

# --- SEC-3 ---

_TRIES = 12
# An invented user whom nobody has; what is tried of it ends with the term of failed sign-ins.
_INVENTED = {"username": "nobody@promise.example", "password": "invented for promise SEC-3"}
# A member of the public who asks for nothing but a password that must not be taken. Were one taken, there would be an
# account that is nobody's: the one trace that this check can leave, and only in a system that breaks the promise.
_NEWCOMER = {"kind": "person", "name": "Nobody", "email": "nobody@promise.example"}
_TOO_SHORT = "qv7zTk2wXp9sLm"
_LEAKED = ("passwordpassword", "1234567890123456")
_SAID_OF_IT = 'id="p-password"'


async def passwords_are_guarded(context: Context) -> Finding:
    """SEC-3: stored hashes are Argon2id of OWASP's strength, guessing is stopped, and no short or leaked password is
    taken."""
    stored, weak = 0, 0
    for zone, purpose in ((Zone.CONSOLE, AUTHENTICATE), (Zone.DESK, STAFF_ACCOUNT)):
        async with context.under(zone, purpose, tenants=[PLATFORM]) as tx:
            row = await tx.fetchrow(_HASHES)
        if row is None:
            raise CannotCheck("the stored hashes could not be counted")
        stored, weak = stored + row["all"], weak + row["weak"]
    faults = [f"{weak} of {stored} stored hashes are weak"] if weak else []
    faults += await _guessed(context)
    faults += await _taken(context)
    return judge(
        faults=faults,
        proof=f"{stored} stored hashes are Argon2id with at least 19 MiB and two passes, guessing the password of one "
        f"user is stopped within {_TRIES} tries, and signing up takes neither a password of {len(_TOO_SHORT)} letters "
        "nor one that is known to have leaked",
        surfaces=(Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


# The server judges the hashes; none comes here. Whoever was erased has an empty one, which opens to nobody.
_HASHES = (
    r"select count(*) as all, count(*) filter (where hash !~ '^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$'"
    r" or (substring(hash from 'm=(\d+)'))::int < 19456 or (substring(hash from 't=(\d+)'))::int < 2) as weak"
    " from ipp.credential where hash <> ''"
)


async def _guessed(context: Context) -> list[str]:
    for _ in range(_TRIES):
        status = (await context.ask("company/login", _INVENTED)).status
        if status not in (_WRONG, _THROTTLED):
            return [f"signing in answers {status} to a user whom nobody has"]
        if status != _WRONG:
            return []
    return [f"{_TRIES} wrong passwords in a row were not throttled"]


async def _taken(context: Context) -> list[str]:
    """Passwords that a newcomer may not choose, and that were not refused for themselves."""
    terms = in_force(TERMS, today(context.clock.now()))
    for why, passwords in (("too short", (_TOO_SHORT,)), ("known to have leaked", _LEAKED)):
        for password in passwords:
            form = {**_NEWCOMER, "terms": terms.name, "password": password}
            answer = await context.ask("sign-up", form, "console")
            if answer.status != _REFUSED or _SAID_OF_IT not in answer.text:
                return [f"signing up answers {answer.status} to a password that is {why}"]
    return []


# --- SEC-4 ---

_MOVING = ("company/payments/capture", "company/payments/refund", "company/payments/void")
_NOBODY = {"user_id": "0000-0000-0000", "session_id": "0" * 48}


async def a_second_factor_is_demanded(context: Context) -> Finding:
    """SEC-4: no live sign-in moves money, is a guest or is staff's on a password alone, as the database has them. How
    many have no second factor yet is told to nobody who might try them."""
    faults, counted = [], {"live": 0, "moving": 0}
    for zone, purpose in ((Zone.CONSOLE, AUTHENTICATE), (Zone.DESK, STAFF_ACCOUNT)):
        async with context.under(zone, purpose, tenants=[PLATFORM]) as tx:
            live = await tx.fetchrow(_SESSIONS)
        if live is None:
            raise CannotCheck("the sign-ins could not be counted")
        faults += [f"{live[name]} {words}" for name, words in _LOOSE.items() if live[name]]
        for name in counted:
            counted[name] += live[name]
    faults += await _switched_off(context)
    faults += [
        f"{path} answers {status} without a sign-in"
        for path in _MOVING
        if (status := (await context.ask(path, _NOBODY)).status) != _WRONG
    ]
    return judge(
        faults=faults,
        proof="no sign-in of our staff counts as proven, and none in a browser moves money, without a second factor; "
        f"of {counted['live']} live sign-ins {counted['moving']} may move money; nobody's factor is confirmed and not "
        "asked for",
        surfaces=(Surface.CONSOLES, Surface.PAYMENTS, Surface.MAIN_DATABASE),
    )


_SESSIONS = (
    "select count(*) as live, count(*) filter (where s.moves_money) as moving, "
    "count(*) filter (where s.stage = 'factor' and (s.moves_money or s.strong_at is not null)) as halfway, "
    "count(*) filter (where s.moves_money and s.strong_at is null and not s.wire) as unproved, "
    "count(*) filter (where s.inside_id is not null and not s.moves_money) as guests, "
    "count(*) filter (where u.audience = 'staff' and not u.second_factor "
    "  and (s.moves_money or s.strong_at is not null)) as staffs "
    "from ipp.sign_in_session s join ipp.app_user u on u.tenant_id = s.tenant_id and u.id = s.user_id "
    "where s.ended_at is null"
)
_LOOSE = {
    "halfway": "sign-ins that still await their second factor may do something already",
    "unproved": "sign-ins of browsers move money without a second factor",
    "guests": "partners are in a customer's account without a second factor",
    "staffs": "sign-ins of staff count as proven though they have no second factor",
}


async def _switched_off(context: Context) -> list[str]:
    """Users who confirmed a second factor and are not asked for it."""
    count = 0
    for zone, purpose, tenants in (
        (Zone.CONSOLE, ACCOUNT, await everybody(context)), (Zone.DESK, STAFF_ACCOUNT, [PLATFORM]),
    ):  # fmt: skip
        async with context.under(zone, purpose, tenants=tenants) as tx:
            count += await tx.fetchval(
                "select count(*) from ipp.app_user u where not u.second_factor and u.status = 'active' and exists "
                "(select from ipp.second_factor f where f.tenant_id = u.tenant_id and f.user_id = u.id "
                "and f.confirmed_at is not null)"
            )
    return [f"{count} users have a second factor and are not asked for it"] if count else []


# --- BASIS-7 ---

_AT_THE_DOOR = (("sign-in", 200, ""), ("sign-in/factor", _LED_ON, "/sign-in"), ("account/events", _LED_ON, "/sign-in"))
_TOGETHER = timedelta(minutes=1)
_LATEST = timedelta(days=1)


async def identity_is_verified(context: Context) -> Finding:
    """BASIS-7: signing in asks for a password and, halfway, for the second factor; whoever's password was used in
    another browser than before was told by letter."""
    faults = []
    for face in ("console", "desk"):
        for path, status, to in _AT_THE_DOOR:
            answer = await context.ask(path, None, face)
            if answer.status != status or not answer.headers.get("location", "").startswith(to):
                faults.append(f"{face}/{path} answers a stranger with {answer.status}")
    told, untold, unknown = 0, 0, 0
    since = context.clock.now() - timedelta(days=MAIL_TERM.days or 0) + _LATEST
    for zone, purpose, tenants in (
        (Zone.CONSOLE, ACCOUNT, await everybody(context)), (Zone.DESK, STAFF_ACCOUNT, [PLATFORM]),
    ):  # fmt: skip
        async with context.under(zone, purpose, tenants=tenants) as tx:
            row = await tx.fetchrow(_NOTICES, Happened.NEW_DEVICE.value, since, Kind.NEW_DEVICE.value, _TOGETHER)
            unknown += await tx.fetchval(_UNKNOWN)
        if row is None:
            raise CannotCheck("the notices could not be counted")
        told, untold = told + row["told"], untold + row["untold"]
    faults += [f"{untold} sign-ins in another browser were told to nobody"] if untold else []
    faults += [f"{unknown} users are signed in with browsers that nobody wrote down"] if unknown else []
    return judge(
        faults=faults,
        proof="consoles and desk ask for a password and then for the second factor of whoever has one; "
        f"{told} sign-ins in a browser that was new to a user were each told by letter, and the browser of every live "
        "sign-in is known",
        surfaces=(Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


_NOTICES = (
    "select count(*) filter (where letter) as told, count(*) filter (where not letter) as untold from ("
    "  select exists (select from ipp.letter l where l.tenant_id = u.tenant_id and l.person_id = u.person_id "
    "    and l.kind = $3 and l.created_at between e.created_at - $4::interval and e.created_at + $4::interval) "
    "    as letter from ipp.sign_in_event e join ipp.app_user u on u.tenant_id = e.tenant_id and u.id = e.user_id "
    "  where e.what = $1 and e.created_at > $2) as each"
)
_UNKNOWN = (
    "select count(distinct s.user_id) from ipp.sign_in_session s where s.ended_at is null and not s.wire "
    "and s.stage = 'open' and not exists (select from ipp.known_device d where d.tenant_id = s.tenant_id "
    "and d.user_id = s.user_id)"
)
