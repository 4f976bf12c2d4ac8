"""Section 14: how soon somebody can begin, and under whose name it is all offered."""

import re
from datetime import datetime, timedelta
from html import unescape

from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, PAYMENT_RECORDS
from ippgateway.privacy.zones import PLATFORM, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge

# --- START-1 ---

_SIGN_UP, _REFUSED = "sign-up", 422
_ASKED = ("company", "country", "number", "name", "email", "password")
_FEW_MINUTES = timedelta(minutes=10)


async def one_starts_within_minutes(context: Context) -> Finding:
    """START-1: the sign-up page answers and asks for little, each shop has keys, and how soon the quickest of them
    came to an approved payment. Nothing is signed up for it: a form without an answer is refused."""
    page = await context.ask(_SIGN_UP, None, "console")
    faults = [] if page.status == 200 else [f"the sign-up page answers {page.status}"]
    faults += [f"the sign-up page does not ask for {name}" for name in _ASKED if f'name="{name}"' not in page.text]
    if (status := (await context.ask(_SIGN_UP, {}, "console")).status) != _REFUSED:
        faults.append(f"an empty form of the sign-up page is answered with {status}")
    async with context.under(Zone.CONSOLE, AUTHENTICATE, tenants=[PLATFORM]) as tx:
        keyless = await tx.fetchval(
            "select count(*) from ipp.company where status = 'active' "
            "and (octet_length(key1_digest) = 0 or octet_length(key2_digest) = 0)"
        )
    faults += [f"{keyless} shops have no keys"] if keyless else []
    shops, paid = await _begun(context)
    quickest = min(paid, default=None)
    seen = f"the quickest took {_minutes(quickest)}" if quickest is not None else "none came to a payment yet"
    return judge(
        faults=faults,
        proof=f"the sign-up page asks for {len(_ASKED)} things and no more, and each of {shops} shops has its keys "
        f"from the beginning; from its account to its first approved payment {seen}, and {_quick(paid)} of {len(paid)} "
        f"did it within {_FEW_MINUTES.seconds // 60} minutes",
        missing="a measure of the time before the account is there: that is a browser test's, at a person's speed",
        surfaces=(Surface.CONSOLES, Surface.PAYMENTS, Surface.MAIN_DATABASE),
    )


async def _begun(context: Context) -> tuple[int, list[timedelta]]:
    """How many shops there are, and how long each that did took from its account to its first approved payment."""
    tenants = await context.tenants()
    async with context.under(Zone.CONSOLE, ACCOUNT, tenants=tenants) as tx:
        made: dict[str, datetime] = {
            row["id"]: row["created_at"] for row in await tx.fetch("select id, created_at from ipp.company")
        }
    async with context.under(Zone.CONSOLE, PAYMENT_RECORDS, tenants=tenants) as tx:
        rows = await tx.fetch(
            "select company_id, min(created_at) as first from ipp.payment where state = 'APPROVED' group by company_id"
        )
    return len(made), [row["first"] - made[row["company_id"]] for row in rows if row["company_id"] in made]


def _quick(paid: list[timedelta]) -> int:
    return sum(took <= _FEW_MINUTES for took in paid)


def _minutes(took: timedelta) -> str:
    minutes = int(took.total_seconds() // 60)
    return "less than a minute" if minutes < 1 else f"{minutes} min"


# --- BRAND-1 ---

_OWN_NAME = "IPP"
_PAGES = (("site", "en"), ("console", "sign-in"), ("desk", "sign-in"), ("mine", ""), ("", "pay/terms?lang=en"))


async def it_stands_under_the_operators_name(context: Context) -> Finding:
    """BRAND-1: every face says the name that the settings give the operator, and no other of ours."""
    faults = []
    for face, path in _PAGES:
        shown = unescape((await context.ask(path, None, face)).text)
        if context.operator not in shown:
            faults.append(f"{face or 'the payment page'} does not say whose it is")
        if context.operator != _OWN_NAME and re.search(rf"\b{_OWN_NAME}\b", shown):
            faults.append(f"{face or 'the payment page'} says our own name besides")
    return judge(
        faults=faults,
        proof=f"{len(_PAGES)} faces stand under the name that is set for the operator, and so do letters; the domain "
        "and the sender of letters are settings too",
        missing="logos, and names, logos and domains of partners",
        surfaces=(Surface.CONSOLES, Surface.PAYMENTS),
    )
