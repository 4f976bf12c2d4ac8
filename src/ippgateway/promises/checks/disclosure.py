"""Section 8: disclosure."""

from collections.abc import Callable
from dataclasses import replace

from ippgateway.domains.accounts.rights import ROLES
from ippgateway.privacy import catalogue
from ippgateway.privacy.catalogue import STAFF_ACCOUNT
from ippgateway.privacy.vocabulary import Purpose, Recipient, SaleOfPersonalData
from ippgateway.privacy.zones import PLATFORM, PURPOSES, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.looking import differences, fields, staff_seen_elsewhere

# --- DISC-1 ---


async def staff_see_by_role(context: Context) -> Finding:
    """DISC-1: each member of staff has an employer, a country and one role; a role opens purposes that the desk has,
    which reads our staff's rows alone, and for support customers' alone."""
    desk = RIGHTS[Zone.DESK].purposes
    faults = [f"the role {role.key} opens more than the desk has" for role in ROLES.values() if role.purposes - desk]
    async with context.under(Zone.DESK, STAFF_ACCOUNT, tenants=[PLATFORM]) as tx:
        row = await tx.fetchrow(
            "select count(*) as all, count(*) filter (where employment is null or octet_length(employment) = 0) "
            "as nowhere, count(*) filter (where cardinality(rights) <> 1 or not rights::text[] <@ $1::text[]) as odd "
            "from ipp.app_user where status = 'active'",
            list(ROLES),
        )
    if row is None:
        raise CannotCheck("our staff could not be counted")
    faults += [f"{row['nowhere']} of our staff have no employer and country on record"] if row["nowhere"] else []
    faults += [f"{row['odd']} of our staff have no role, or another than there is"] if row["odd"] else []
    seen, ways = await staff_seen_elsewhere(context)
    working = [role.key for role in ROLES.values() if role.purposes]
    return judge(
        faults=[*faults, *seen],
        proof=f"{row['all']} members of staff each have an employer and a country, sealed, and one of {len(ROLES)} "
        f"roles; the role decides for which purposes they may start work, and of {ways} ways to rows the desk's lead "
        "to our staff's alone, and support's to customers' alone; what counts rows or ends them reads nothing they say",
        missing=f"work for other roles than {', '.join(working)}",
        surfaces=(Surface.DECLARATIONS, Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


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
