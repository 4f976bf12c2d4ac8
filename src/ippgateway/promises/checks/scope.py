"""Section 1: scope."""

import re

from sqlalchemy import Column, String
from sqlalchemy import Table as SqlTable

from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, STAFF_ACCOUNT
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.inventory import data_map
from ippgateway.privacy.papers import versions as papers
from ippgateway.privacy.papers.versions import PRIVACY
from ippgateway.privacy.registry import LIBRARY_TABLES
from ippgateway.privacy.vocabulary import Undeclared
from ippgateway.privacy.zones import PLATFORM, Zone
from ippgateway.promises.checks import post
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import differences, fields
from ippgateway.promises.staff import seen_elsewhere

_MOST_PARTNERS = 20

# --- SCOPE-1 ---

_PAGES = {
    "site": ("{language}", "{language}/terms", "{language}/nowhere"),
    "console": ("sign-in?lang={language}", "sign-up?lang={language}"),
    "desk": ("sign-in?lang={language}",),
    "mine": ("?lang={language}", "unsubscribe/of-nobody?lang={language}"),
    "": ("?checkout_id=none&lang={language}", "pay/terms?lang={language}"),
}
_LINK = re.compile(r'href="([^"]*)/(en|da)/privacy"')


async def one_policy_and_one_inventory(context: Context) -> Finding:
    """SCOPE-1: a page of each face and each letter, in both languages, leads to the policy, whose address shows the
    version in force; the inventory holds every field of both databases, and these hold nothing else."""
    faults, addresses, pages = [], set[str](), 0
    for language in post.LANGUAGES:
        for face, paths in _PAGES.items():
            for path in (path.format(language=language) for path in paths):
                pages += 1
                found = [at for at, spoken in _LINK.findall((await context.ask(path, None, face)).text)
                         if spoken == language]  # fmt: skip
                faults += [] if found else [f"{face or 'the payment page'}/{path} does not lead to the policy"]
                addresses |= {at for at in found if at}
        policy = await context.ask(f"{language}/{PRIVACY}", None, "site")
        if _in_force(context) not in policy.text:
            faults.append(f"the policy in {language} is not the version in force")
    faults += [f"pages lead to {len(addresses)} policies"] if len(addresses) > 1 else []
    faults += [f"the letter {kind.value} in {language} does not lead to the policy"
               for kind, language, letter in post.every_letter(context) if post.POLICY not in letter.text]  # fmt: skip
    faults += ["the newest policy does not say what the program does"] if PRIVACY in papers.behind() else []
    listed = {f"{table.name}.{field.name}" for store in data_map() for table in store.tables for field in table.fields}
    stored = {str(field) for field in fields(context)}
    faults += [f"{name} is not in the inventory" for name in sorted(stored - listed)]
    faults += await differences(context)
    return judge(
        faults=faults,
        proof=f"{pages} pages of {len(_PAGES)} faces and every letter, in both languages, lead to one policy, which "
        f"shows the version in force, {_in_force(context)}; one inventory holds all {len(stored)} fields of both "
        "databases, and nothing else is stored in them",
        missing="a link in what programs are answered and notified of",
        surfaces=(Surface.SITE, Surface.CONSOLES, Surface.DESK, Surface.OWN_PAGES, Surface.PAYMENTS, Surface.LETTERS,
                  Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )  # fmt: skip


def _in_force(context: Context) -> str:
    return papers.in_force(PRIVACY, papers.today(context.clock.now())).name


# --- SCOPE-2 ---

_KINDS = {"shop": "customers", "partner": "partners", "reseller": "resellers", "person": "visitors"}
_CONSOLES = {"payments": "customers", "customers": "partners and resellers", "account/data": "everybody"}
_SIGN_IN, _LED_ON = "/sign-in", 303


async def each_kind_has_an_account(context: Context) -> Finding:
    """SCOPE-2: each kind signs up for itself, our staff is invited, a partner sees no rows but its own and what its
    customers are, and the desk alone sees staff."""
    faults = []
    for kind, words in _KINDS.items():
        answer = await context.ask(f"sign-up?kind={kind}", None, "console")
        if answer.status != 200 or f'name="kind" value="{kind}"' not in answer.text:
            faults.append(f"{words} can't sign up: {answer.status}")
    for path, words in _CONSOLES.items():
        answer = await context.ask(path, None, "console")
        if answer.status != _LED_ON or not answer.headers.get("location", "").startswith(_SIGN_IN):
            faults.append(f"{words} have no page {path}, or anybody has: {answer.status}")
    if (status := (await context.ask("sign-up", None, "desk")).status) == 200:
        faults.append(f"anybody can sign up at the desk: {status}")
    strange, borders = await _of_other_tenants(context)
    staff, ways = await seen_elsewhere(context)
    counts = await _counted(context)
    return judge(
        faults=[*faults, *strange, *staff],
        proof=f"{', '.join(_KINDS.values())} each sign up for an account of their own kind, our staff by invitation "
        f"alone; there are {', '.join(f'{count} {kind}' for kind, count in counts.items()) or 'none'}; {borders} ways "
        f"from the consoles to a partner's or customer's rows show no other's, and of {ways} to our staff's only the "
        "desk's show any",
        surfaces=(Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


async def _of_other_tenants(context: Context) -> tuple[list[str], int]:
    """For each partner, newest first, what running its account shows of other tenants; how many ways were tried."""
    tables = [
        (table.name, declared(table).tenant)
        for table in context.tables(MAIN)
        if (access := declared(table).access_of(ACCOUNT)) is not None
        and not access.across_tenants and declared(table).tenant is not None
    ]  # fmt: skip
    faults, ways = [], 0
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        async with context.acting(connection, AUTHENTICATE, [PLATFORM]):
            rows = await connection.fetch(f"select id from ipp.partner order by id desc limit {_MOST_PARTNERS}")
        for partner in (row["id"] for row in rows):
            async with context.acting(connection, ACCOUNT, [partner]):
                for table, tenant in tables:
                    ways += 1
                    if await connection.fetchval(
                        f"select exists (select from ipp.{table} where {tenant} <> $1)", partner
                    ):
                        faults.append(f"a partner sees rows of {table} that are not its own")
    return sorted(set(faults)), ways


async def _counted(context: Context) -> dict[str, int]:
    """How many active users there are of each kind."""
    found: dict[str, int] = {}
    for zone, purpose in ((Zone.CONSOLE, AUTHENTICATE), (Zone.DESK, STAFF_ACCOUNT)):
        async with context.under(zone, purpose, tenants=[PLATFORM]) as tx:
            rows = await tx.fetch(
                "select audience, count(*) as users from ipp.app_user where status = 'active' "
                "group by audience order by audience"
            )
        found |= {row["audience"]: row["users"] for row in rows}
    return found


# --- SCOPE-4 ---

_TRIED = "promise_scope_4"


async def every_field_is_classified(context: Context) -> Finding:
    """SCOPE-4: the live databases hold exactly the declared columns, and none can be added without a declaration."""
    faults = await differences(context)
    if _can_ship_undeclared():
        faults.append("a column without a declaration was accepted")
    found = list(fields(context))
    personal = sum(field.said.category is not None for field in found)
    return judge(
        faults=faults,
        proof=f"both databases hold exactly the {len(found)} declared fields, {personal} of them personal; a field "
        f"without a declaration is refused at import; {len(LIBRARY_TABLES)} tables or schemas of libraries are listed "
        "with a reason",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _can_ship_undeclared() -> bool:
    try:
        SqlTable(_TRIED, MAIN, Column("anything", String()))
    except Undeclared:
        return False
    MAIN.remove(MAIN.tables[f"ipp.{_TRIED}"])
    return True
