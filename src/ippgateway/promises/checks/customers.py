"""Section 4: customers."""

from collections.abc import Mapping

from ippgateway.privacy.catalogue import ACCOUNT, PAYMENT_RECORDS
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import RIGHTS, Zone
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
    """CUST-5: no session, no answer; and no purpose of the consoles sees rows of a tenant that it did not name."""
    faults = [
        f"{path} answers {status} to a session that nobody has"
        for path in _CLOSED
        if (status := (await context.ask(path, _NOBODY)).status) != _REFUSED
    ]
    borders = _borders(context)
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        for purpose, table in borders:
            async with context.acting(connection, purpose, [_STRANGER]):
                if await connection.fetchval(f"select exists (select from ipp.{table})"):
                    faults.append(f"rows of {table} are seen across tenants for {purpose.key}")
    return judge(
        faults=faults,
        proof=f"{len(_CLOSED)} areas refuse a session that nobody has, and {len(borders)} ways from the consoles to a "
        "table show a stranger nothing",
        missing="consoles with roles, access policies per user, and sessions that can be seen and ended",
        surfaces=(Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


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
