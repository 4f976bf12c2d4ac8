"""Section 8, DISC-1 and DISC-11: what our staff see, and that nothing is sold. (Single cases: `cases`.)"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ippgateway.domains.accounts.rights import IN_EMERGENCIES, ROLES
from ippgateway.domains.emergency.schemas import REVIEWED_WITHIN
from ippgateway.privacy import catalogue
from ippgateway.privacy.catalogue import STAFF_ACCOUNT, SUPPORT, SUPPORT_SEARCH
from ippgateway.privacy.vocabulary import Purpose, Recipient, SaleOfPersonalData
from ippgateway.privacy.zones import PLATFORM, PURPOSES, RIGHTS, Zone
from ippgateway.promises.checks import looks
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.knocking import open_to_strangers
from ippgateway.promises.looking import differences, fields
from ippgateway.promises.rules import let_through
from ippgateway.promises.staff import seen_elsewhere

# --- DISC-1 ---


async def staff_see_by_role(context: Context) -> Finding:
    """DISC-1: each member of staff has an employer, a country and one role; a role opens purposes that the desk has,
    which read our staff's rows alone, and for support customers' alone; a look is on record before it shows anything;
    what opens more in an emergency ends by itself and is reviewed by somebody else."""
    people = await _people(context)
    seen, ways = await seen_elsewhere(context)
    emergencies = await _emergencies(context)
    faults = [
        *_roles_open_too_much(),
        *([f"{people['nowhere']} of our staff have no employer and country on record"] if people["nowhere"] else []),
        *([f"{people['odd']} of our staff have no role, or another than there is"] if people["odd"] else []),
        *seen,
        *await looks.unrecorded(context),
        *await _emergencies_taken(context),
        *([f"{emergencies['unreviewed']} emergency accesses were not reviewed in time"]
          if emergencies["unreviewed"] else []),
        *await differences(context),
        *await open_to_strangers(context, "desk", "people", "reviews", "emergency"),
    ]  # fmt: skip
    idle = [role.key for role in ROLES.values() if not role.purposes]
    return judge(
        faults=faults,
        proof=f"{people['all']} members of staff each have an employer and a country, sealed, and one of {len(ROLES)} "
        f"roles; the role decides for which purposes they may start work, and of {ways} ways to rows the desk's lead "
        "to our staff's alone, and support's to customers' alone; what counts rows or ends them reads ids and moments; "
        "a look at an invented person was noted with everything that it showed, and showed nothing when it could not "
        f"be noted; {emergencies['all']} emergency accesses lasted an hour at most and none waits for its review",
        missing="a record when staff read what a request or a case says, or run each other's accounts"
        + (f"; work for the roles {', '.join(idle)}" if idle else ""),
        surfaces=(Surface.DECLARATIONS, Surface.DESK, Surface.MAIN_DATABASE),
    )


def _roles_open_too_much() -> list[str]:
    desk = RIGHTS[Zone.DESK].purposes
    faults = [f"the role {role.key} opens more than the desk has" for role in ROLES.values() if role.purposes - desk]
    faults += [f"an emergency opens {purpose.key}" for purpose in IN_EMERGENCIES - {SUPPORT, SUPPORT_SEARCH}]
    return faults


async def _people(context: Context) -> Mapping[str, int]:
    async with context.under(Zone.DESK, STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        row = await tx.fetchrow(
            "select count(*) as all, count(*) filter (where employment is null or octet_length(employment) = 0) "
            "as nowhere, count(*) filter (where cardinality(rights) <> 1 or not rights::text[] <@ $1::text[]) as odd "
            "from ipp.app_user where status = 'active'",
            list(ROLES),
        )
    if row is None:
        raise CannotCheck("our staff could not be counted")
    return dict(row)


async def _emergencies(context: Context) -> Mapping[str, int]:
    async with context.under(Zone.DESK, STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        row = await tx.fetchrow(
            "select count(*) as all, count(*) filter (where reviewed_at is null and coalesce(ended_at, ends_at) <= $1) "
            "as unreviewed from ipp.emergency_access",
            context.clock.now() - REVIEWED_WITHIN,
        )
    if row is None:
        raise CannotCheck("the emergency accesses could not be counted")
    return dict(row)


async def _emergencies_taken(context: Context) -> list[str]:
    """What the table of emergency accesses would take."""
    whole = {
        "user_id": "made-up-0001", "began_at": "2030-06-01T12:00:00Z", "ends_at": "2030-06-01T13:00:00Z",
        "ended_at": None, "reviewed_by": "made-up-0002", "reviewed_at": "2030-06-02T12:00:00Z", "verdict": "justified",
    }  # fmt: skip
    return await let_through(context, Zone.DESK, "emergency_access", whole, {
        "an emergency of two hours": {"ends_at": "2030-06-01T14:00:00Z"},
        "an emergency without an end": {"ends_at": None},
        "an emergency that belongs to no sign-in": {"session_id": None},
        "a review by whoever used it": {"reviewed_by": "made-up-0001"},
        "a review of nobody's": {"reviewed_by": None},
        "a review before it is over": {"reviewed_at": "2030-06-01T12:30:00Z"},
        "a review without a verdict": {"verdict": None},
    })  # fmt: skip


# --- DISC-11 ---

_VALUE = "money"


async def nothing_is_sold(context: Context) -> Finding:
    """DISC-11: declaring something for value is refused, nothing in the catalogue is, and nobody else reads."""
    words: set[Purpose | Recipient] = {
        word for word in vars(catalogue).values() if isinstance(word, Purpose | Recipient)
    }
    for field in fields(context):
        words |= field.said.uses | field.said.to
    words |= set(PURPOSES)
    faults = [f"{word.key} is declared in return for something" for word in words if word.in_return_for]
    if _accepted(lambda: replace(catalogue.PAYMENT, in_return_for=_VALUE)):
        faults.append("a purpose for value can be declared")
    if _accepted(lambda: replace(catalogue.SHOP, in_return_for=_VALUE)):
        faults.append("a recipient for value can be declared")
    faults += await differences(context)
    purposes = sum(isinstance(word, Purpose) for word in words)
    return judge(
        faults=faults,
        proof=f"none of {purposes} purposes and {len(words) - purposes} recipients is for value, declaring one is "
        "refused, and the databases grant nothing to anybody but the declared purposes",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _accepted(declare: Callable[[], object]) -> bool:
    try:
        declare()
    except SaleOfPersonalData:
        return False
    return True
