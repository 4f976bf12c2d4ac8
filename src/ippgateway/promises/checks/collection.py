"""Section 2: what is collected."""

from datetime import datetime, timedelta

from ippgateway.privacy.catalogue import (
    ACCESS,
    ACCESS_RECORDING,
    ACCESS_RECORDS,
    ACCOUNT,
    CARD_DETAILS,
    CARD_NUMBER,
    DEVICE,
    EMAIL,
    FREE_TEXT,
    HAND_OVER,
    IP_ADDRESS,
    OWN_DATA,
    PHONE,
    PSEUDONYM,
    RETENTION,
    SERVICE,
    VISIT_TERM,
)
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.zones import RIGHTS, Zone, purpose_role
from ippgateway.promises.checks.confidentiality import looks_sealed
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import StoredField, differences, fields, sealed_values, tried
from ippgateway.promises.rules import let_through

# --- COLLECT-5 ---

_NAMED = (PSEUDONYM, EMAIL, PHONE, CARD_NUMBER, CARD_DETAILS, FREE_TEXT)


async def categories_say_all(context: Context) -> Finding:
    """COLLECT-5: each personal field names purposes and a term, and the policy's categories are among them."""
    personal = [field for field in fields(context) if field.said.category is not None]
    held = {field.said.category for field in personal}
    faults = await differences(context)
    faults += [f"{field} names no purpose" for field in personal if not field.said.uses]
    faults += [f"{field} names no term" for field in personal if field.said.keep is None]
    faults += [f"nothing is declared as {category.key}" for category in _NAMED if category not in held]
    return judge(
        faults=faults,
        proof=f"{len(personal)} personal fields of {len(held)} categories name their purposes with basis, their term "
        "and their recipients; text that shops send along is a category of its own",
        missing="where each field comes from is not declared, and postal address, forum comments and web "
        "analytics are not collected yet",
        surfaces=(Surface.DECLARATIONS,),
    )


# --- COLLECT-6 ---

_TABLES = ("visit", "visit_page")
_COLLECTED = frozenset({IP_ADDRESS, DEVICE, ACCESS})
_READERS = {ACCESS_RECORDS: Zone.CONSOLE, OWN_DATA: Zone.CONSOLE, HAND_OVER: Zone.CONSOLE}
"""Who looks into attacks and faults, who answers the person whom a record is about, who puts together what two people
have approved; and the only zone where each of them works."""
_HOMES = {**_READERS, RETENTION: Zone.WORKER}
_MOMENTS = {"visit": "began_at", "visit_page": "at"}
"""What whoever ends a record may read of what it says: from when its term is counted, and nothing else."""
_STRANGER = "0000-0000-0000"
_TRIES = 40
_PAUSE_S = 0.25
_LATE = timedelta(days=1)


async def accesses_are_recorded(context: Context) -> Finding:
    """COLLECT-6: an access leaves a record with every field, for its own term, and few may read it: whoever looks into
    attacks and faults, the person, and what two people have approved; whoever ends records reads their moments."""
    records = [field for field in fields(context) if field.table.name in _TABLES and field.said.category is not None]
    faults = [*_declared_otherwise(records), *await _read_by_others(context, records), *await _removable(context)]
    faults += [*await differences(context), *await _seen_of_others(context), *await _approved_by_fewer(context)]
    faults += await _hidden_from_its_person(context, records)
    asked_at = context.clock.now()
    await context.ask("version", None)
    if not await _written_since(context, asked_at):
        faults.append("an access left no record")
    kept, overdue, incomplete = await _counted(context)
    faults += [f"{overdue} records are older than their term"] if overdue else []
    faults += [f"{incomplete} records name no address, browser or system"] if incomplete else []
    return judge(
        faults=faults,
        proof=f"a request just made left its record, as {kept} visits of the last {VISIT_TERM.days} days did, with "
        "address, time, length, browser and system, and pages with their time; the purpose that writes them can't "
        "read or remove one, and those alone read one who look into attacks, answer its person, or hand over what two "
        "have approved, each within the tenants they name; whoever paid can be told every field of their visits",
        missing="a page of the consoles that shows companies and their users their own visits; of real payments the "
        "payer's page tells the kinds alone, because the shop holds its key too",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.CONSOLES),
    )


def _declared_otherwise(records: list[StoredField]) -> list[str]:
    absent = _COLLECTED - {field.said.category for field in records}
    return [
        *(f"nothing is declared as {category.key}" for category in absent if category is not None),
        *(f"{field} has another use than {ACCESS_RECORDS.key}" for field in records
          if field.said.uses != {ACCESS_RECORDS}),
        *(f"{field} has another term than its own" for field in records if field.said.keep != VISIT_TERM),
    ]  # fmt: skip


async def _read_by_others(context: Context, records: list[StoredField]) -> list[str]:
    """Tried as every zone and purpose on every field: only the readers reach one, each in its own zone, and retention
    the moment alone."""
    found = []
    for zone, rights in RIGHTS.items():
        found += [f"zone {zone.value} works for {purpose.key}" for purpose, home in _HOMES.items()
                  if purpose in rights.purposes and zone is not home]  # fmt: skip
        for field in records:
            readers = {*_READERS, *({RETENTION} if field.column.name == _MOMENTS[field.table.name] else ())}
            statement = f"select {field.column.name} from ipp.{field.table.name} limit 1"
            async for purpose, _, allowed in tried(context, zone, [None, *rights.purposes - readers], [statement]):
                if allowed:
                    by = f"for {purpose.key}" if purpose else "without a purpose"
                    found.append(f"zone {zone.value} may read {field} {by}")
    return found


async def _seen_of_others(context: Context) -> list[str]:
    """Readers that see records of tenants which they did not name: nobody looks through everybody's."""
    found = []
    for purpose, zone in _READERS.items():
        accesses = ((table, declared(MAIN.tables[f"ipp.{table}"]).access_of(purpose)) for table in _TABLES)
        found += [f"{purpose.key} is declared to see {table} across tenants" for table, access in accesses
                  if access is not None and access.across_tenants]  # fmt: skip
        async with context.under(zone, purpose, tenants=[_STRANGER]) as tx:
            found += [
                f"{purpose.key} sees records of {table} across tenants"
                for table in _TABLES if await tx.fetchval(f"select exists (select from ipp.{table})")
            ]  # fmt: skip
    return found


async def _approved_by_fewer(context: Context) -> list[str]:
    """Whether the database would let a case be put together that fewer than two others have approved."""
    whole = {
        "kind": "authority", "state": "APPROVED", "organisation": "made up", "place": "DK", "categories": ["access"],
        "due_on": "2030-06-01", "requested_by": "made-up-0001", "first_by": "made-up-0002",
        "second_by": "made-up-0003", "ended_at": None,
    }  # fmt: skip
    return await let_through(context, Zone.DESK, "disclosure_case", whole, {
        "access records handed over on one approval": {"second_by": None},
        "access records handed over on the requester's approval": {"second_by": "made-up-0001"},
        "access records handed over on one person's two approvals": {"second_by": "made-up-0002"},
    })  # fmt: skip


async def _removable(context: Context) -> list[str]:
    role = purpose_role(context.role_prefix, ACCESS_RECORDING)
    async with context.connect(Zone.PAY, MAIN) as connection:
        return [
            f"{ACCESS_RECORDING.key} may remove records of {table}"
            for table in _TABLES
            if await connection.fetchval("select has_table_privilege($1, $2, 'delete, truncate')", role, f"ipp.{table}")
        ]


async def _hidden_from_its_person(context: Context, records: list[StoredField]) -> list[str]:
    """What the purpose that answers people can't read, the purchase that a visit was for included."""
    role = purpose_role(context.role_prefix, OWN_DATA)
    wanted = [(f"ipp.{field.table.name}", field.column.name) for field in records]
    wanted += [(f"ipp.{table}", "checkout_id") for table in _TABLES]
    async with context.connect(Zone.CONSOLE, MAIN) as connection:
        return [
            f"{OWN_DATA.key} can't read {table}.{column}, so nobody can be told of it"
            for table, column in wanted
            if not await connection.fetchval("select has_column_privilege($1, $2, $3, 'select')", role, table, column)
        ]


async def _written_since(context: Context, moment: datetime) -> bool:
    """Whether there is a record as young; they are written every other second."""
    tenants = await context.tenants()
    for _ in range(_TRIES):
        async with context.under(Zone.CONSOLE, ACCESS_RECORDS, tenants=tenants) as tx:
            if await tx.fetchval("select exists (select from ipp.visit where last_at >= $1)", moment):
                return True
        await context.clock.sleep(_PAUSE_S)
    return False


async def _counted(context: Context) -> tuple[int, int, int]:
    """Records: all, those past their term, those that lack something."""
    async with context.under(Zone.CONSOLE, ACCESS_RECORDS, tenants=await context.tenants()) as tx:
        row = await tx.fetchrow(
            "select count(*) as all, count(*) filter (where began_at < $1) as overdue, "
            "count(*) filter (where '' in (address, browser, system)) as incomplete from ipp.visit",
            context.clock.now() - timedelta(days=VISIT_TERM.days) - _LATE,
        )
    return (row["all"], row["overdue"], row["incomplete"]) if row is not None else (0, 0, 0)


# --- COLLECT-7 ---

_ACCOUNTS = {
    "app_user.name": "full names", "app_user.email": "addresses", "app_user.phone": "telephone numbers",
    "company.name": "companies' names", "company.meta": "companies' numbers",
    "partner.name": "partners' names", "partner.meta": "partners' numbers",
}  # fmt: skip


async def accounts_are_complete(context: Context) -> Finding:
    """COLLECT-7: what a customer's account holds is declared and sealed, and so are the numbers that identify it."""
    held = {str(field): field for field in fields(context) if str(field) in _ACCOUNTS}
    faults = [f"nothing is declared for {words}" for name, words in _ACCOUNTS.items() if name not in held]
    faults += [f"{name} is not sealed for its person" for name, field in held.items() if field.said.sealed != SERVICE]
    bad, looked_at = set(), 0
    async for field, value in sealed_values(context):
        if str(field) in _ACCOUNTS:
            looked_at += 1
            bad |= set() if looks_sealed(value) else {str(field)}
    faults += [f"{name} holds a value that is not sealed" for name in sorted(bad)]
    async with context.under(Zone.CONSOLE, ACCOUNT, tenants=await context.tenants()) as tx:
        nobody = await tx.fetchval(
            "select count(*) from ipp.app_user where status <> 'closed' and octet_length(email) = 0"
        )
    faults += [f"{nobody} users have no address"] if nobody else []
    return judge(
        faults=faults,
        proof=f"{', '.join(_ACCOUNTS.values())} are declared with purpose and term, and all {looked_at} values that "
        "are stored of them lie sealed",
        missing="the identification of owners and directors, and data for billing",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE),
    )
