"""Section 4: customers."""

from collections.abc import Mapping

from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, PAYMENT_RECORDS, STAFF_ACCOUNT
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PLATFORM, RIGHTS, Zone, purpose_role
from ippgateway.promises.checks.pages import payer_side
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge

_BUILT = ("payments/checkout_id", "payments/secure", "payments/authorize", "payments/status")
_LATER = {
    "capture": "company/payments/capture",
    "void": "company/payments/void",
    "refund": "company/payments/refund",
    "recurring": "payments/rebilling",
    "links": "company/payments/links/create",
    "payouts": "company/payouts/list",
    "disputes": "company/payments/disputes/list",
}
_REFUSED, _REFUSED_FIELDS, _ABSENT = 401, 400, 404

_CLOSED = ("company/data", "company/user", "company/payments/list", "partner/data")
_NOBODY = {"user_id": "0000-0000-0000", "session_id": "0" * 48}
_STRANGER = "0000-0000-0000"
_PAGES = {
    "console": ("payments", "customers", "users", "policies", "keys", "partner-access", "settings", "account/sessions"),
    "desk": ("audit", "staff", "account/sessions"),
}
_LED_ON, _SIGN_IN = 303, "/sign-in"


async def payments_are_processed(context: Context) -> Finding:
    """CUST-3: the payment endpoints answer, and every approved payment stands in a ledger that balances."""
    faults = [
        f"{path} answers {status}"
        for path in _BUILT
        if (status := (await context.ask(path, {})).status) not in (_REFUSED, _REFUSED_FIELDS)
    ]
    at_the_page, scripts = await payer_side(context)
    faults += at_the_page
    absent = await not_answering(context, *_LATER)
    counted = await _books(context)
    faults += [f"{n} approved payments are not in the ledger" for n in [counted["unbooked"]] if n]
    faults += [f"{n} entries of the ledger do not balance" for n in [counted["unbalanced"]] if n]
    return judge(
        faults=faults,
        proof=f"checkout, 3-D Secure, authorisation and status answer, and so does the payment page, whose {scripts} "
        f"scripts are those of its inventory; of {counted['payments']} payments "
        f"{counted['approved']} are approved and stand in a ledger that balances, {counted['unknown']} are unknown",
        missing=", ".join([*absent, "settlement"]),
        surfaces=(Surface.PAYMENTS, Surface.MAIN_DATABASE),
    )


async def not_answering(context: Context, *verbs: str) -> list[str]:
    """Those of the later verbs (capture, void, refund, ...) whose endpoint still answers "not found"."""
    return [verb for verb in verbs if (await context.ask(_LATER[verb], {})).status == _ABSENT]


async def _books(context: Context) -> Mapping[str, int]:
    tenants = await context.tenants()
    async with context.under(Zone.PAY, PAYMENT_RECORDS, tenants=tenants) as tx:
        row = await tx.fetchrow(
            "select count(*) as payments, count(*) filter (where state = 'APPROVED') as approved, "
            "count(*) filter (where state in ('SENT', 'UNKNOWN')) as unknown, "
            "count(*) filter (where state = 'APPROVED' and not exists ("
            "  select from ipp.payment_action a join ipp.ledger_line l on l.company_id = a.company_id"
            "  and l.action_id = a.id where a.company_id = p.company_id and a.payment_id = p.id)) as unbooked, "
            "(select count(*) from (select from ipp.ledger_line group by company_id, entry_id, currency"
            "  having sum(amount_minor) <> 0) odd) as unbalanced from ipp.payment p"
        )
    if row is None:
        raise CannotCheck("the payments could not be counted")
    return dict(row)


async def areas_are_closed(context: Context) -> Finding:
    """CUST-5: no session, no answer, on the wire and on every page; no purpose of the consoles sees rows of a tenant
    that it did not name; whoever has an access policy has one of their own tenant, and sign-ins can be ended."""
    faults = [
        f"{path} answers {status} to a session that nobody has"
        for path in _CLOSED
        if (status := (await context.ask(path, _NOBODY)).status) != _REFUSED
    ]
    faults += await _open_pages(context)
    borders = _borders(context)
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        for purpose, table in borders:
            async with context.acting(connection, purpose, [_STRANGER]):
                if await connection.fetchval(f"select exists (select from ipp.{table})"):
                    faults.append(f"rows of {table} are seen across tenants for {purpose.key}")
    faults += await _unendable(context)
    policies, live = await _roles(context)
    faults += [f"{policies['lost']} users have an access policy that is not their tenant's"] if policies["lost"] else []
    return judge(
        faults=faults,
        proof=f"{len(_CLOSED)} areas of the wire and {sum(map(len, _PAGES.values()))} pages of consoles and desk "
        f"refuse a session that nobody has, and {len(borders)} ways from the consoles to a table show a stranger "
        f"nothing; {policies['some']} users have an access policy, {policies['narrow']} others fewer rights than all; "
        f"{live} live sign-ins can be seen and ended by whose they are",
        surfaces=(Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


async def _open_pages(context: Context) -> list[str]:
    found = []
    for face, pages in _PAGES.items():
        for page in pages:
            answer = await context.ask(page, None, face)
            if answer.status != _LED_ON or not answer.headers.get("location", "").startswith(_SIGN_IN):
                found.append(f"{face}/{page} answers {answer.status} to a stranger")
    return found


async def _unendable(context: Context) -> list[str]:
    """Purposes that run accounts and can't end a sign-in."""
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        return [
            f"{purpose.key} can't end a sign-in"
            for purpose in (ACCOUNT, STAFF_ACCOUNT)
            if not await connection.fetchval(
                "select has_column_privilege($1, 'ipp.sign_in_session', 'ended_at', 'update')",
                purpose_role(context.role_prefix, purpose),
            )
        ]


async def _roles(context: Context) -> tuple[Mapping[str, int], int]:
    """Users with an access policy (`some`), with one that there is not (`lost`), with narrower rights of their own
    (`narrow`); and how many sign-ins are live."""
    async with context.under(Zone.CONSOLE, AUTHENTICATE, tenants=[PLATFORM]) as tx:
        row = await tx.fetchrow(
            "select count(*) filter (where u.policy_id is not null) as some, "
            "count(*) filter (where u.policy_id is not null and a.id is null) as lost, "
            "count(*) filter (where u.policy_id is null and not 'ALL' = any(u.rights)) as narrow "
            "from ipp.app_user u left join ipp.access_policy a on a.tenant_id = u.tenant_id and a.id = u.policy_id "
            "where u.status = 'active'"
        )
        live = await tx.fetchval("select count(*) from ipp.sign_in_session where ended_at is null")
    if row is None:
        raise CannotCheck("the access policies could not be counted")
    return dict(row), int(live or 0)


def _borders(context: Context) -> list[tuple[Purpose, str]]:
    """The tables that a purpose of the consoles reads tenant by tenant."""
    purposes = sorted(RIGHTS[Zone.CONSOLE].purposes & {ACCOUNT, PAYMENT_RECORDS}, key=lambda p: p.key)
    found = []
    for table in context.tables(MAIN):
        for purpose in purposes:
            access = declared(table).access_of(purpose)
            if access is not None and not access.across_tenants and declared(table).tenant is not None:
                found.append((purpose, table.name))
    return found
