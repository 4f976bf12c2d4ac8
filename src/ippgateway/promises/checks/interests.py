"""Section 7, BASIS-2 and BASIS-11 to BASIS-20: legitimate interests, weighed and open to objection.

An interest of the policy that no purpose rests on is not built: there is nothing to weigh, and nothing that uses data
for it.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from ippgateway.domains.requests import service as requests
from ippgateway.privacy import interests
from ippgateway.privacy.catalogue import ERASURE, PAYMENT
from ippgateway.privacy.declare import KEYS, MAIN, declared, readable
from ippgateway.privacy.interests import BalancingTest, NotBalanced
from ippgateway.privacy.papers.versions import today
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Basis, Purpose
from ippgateway.privacy.wanted import bare
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import differences, fields, in_one_line, text_of
from ippgateway.promises.report import Check

_POLICY, _LANGUAGES = "privacy", ("en", "da")
_BINDS_WITHIN = timedelta(minutes=5)
_KEY = KEYS.tables["ipp.person_key"]

# --- BASIS-2 ---


async def interests_are_weighed(context: Context) -> Finding:
    """BASIS-2: each purpose on a legitimate interest says whose it is and what was weighed, where people read it; they
    may object, and what they object to no longer sees them."""
    used = {purpose for field in fields(context) for purpose in field.said.uses} | set(PURPOSES)
    resting = sorted((p for p in used if p.basis is Basis.LEGITIMATE_INTEREST), key=lambda p: p.key)
    faults = ["an interest that nobody has weighed can be claimed"] if _claimable() else []
    faults += await _wrong(context, resting)
    hindered = [p for p in resting if _opens_keys(p) or _stopping(p)]
    faults += await _unhindered(context, hindered)
    made, loose = await _objections(context)
    faults += [f"{loose} objections do not bind"] if loose else []
    return judge(
        faults=faults,
        proof=f"{len(resting)} purposes rest on a legitimate interest; of each the policy says, in both languages, "
        "whose it is, why it is needed, what was weighed and how to object; a purpose without that stops the program; "
        f"{made} objections stand, and both databases hide whoever made one from what it was made to",
        missing=f"a border in the database for the {len(resting) - len(hindered)} of them that say who calls or note "
        "what happened: there our staff carries an objection out",
        surfaces=(Surface.DECLARATIONS, Surface.SITE, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _claimable() -> bool:
    try:
        interests.require_balanced([replace(PAYMENT, key="unweighed", basis=Basis.LEGITIMATE_INTEREST)])
    except NotBalanced:
        return False
    return True


def _opens_keys(purpose: Purpose) -> bool:
    access = declared(_KEY).access_of(purpose)
    return access is not None and "wrapped" in readable(_KEY, access)


def _stopping(purpose: Purpose) -> list[str]:
    """Tables of the main database whose rows hide from the purpose when somebody objected to it."""
    return [
        table.name for table in tables(MAIN)
        if (access := declared(table).access_of(purpose)) is not None and access.stops
    ]  # fmt: skip


async def _unhindered(context: Context, purposes: Collection[Purpose]) -> list[str]:
    """Purposes from which a database does not hide what somebody objected to, as its own catalogue has it."""
    shown = []
    for of, by in ((KEYS, f"any ({declared(_KEY).objected})"), (MAIN, "any (s.objected)")):
        async with context.connect(Zone.SITE, of) as connection:
            rows = await connection.fetch(
                "select tablename, policyname, qual from pg_policies where schemaname = 'ipp'"
            )
        conditions = {(row["tablename"], row["policyname"]): bare(row["qual"] or "") for row in rows}
        for purpose in purposes:
            hiding = _stopping(purpose) if of is MAIN else [_KEY.name] if _opens_keys(purpose) else []
            shown += [
                f"an objection to {purpose.key} hides nothing of {name} from it"
                for name in hiding
                if bare(f"'{purpose.key}' = {by}") not in conditions.get((name, purpose.key), "")
            ]
    return shown


async def _objections(context: Context) -> tuple[int, int]:
    """Objections that stand, and how many of them do not bind though they were made minutes ago."""
    before = context.clock.now() - _BINDS_WITHIN
    tenants = await context.tenants()
    async with context.under(Zone.CONSOLE, ERASURE, tenants=tenants) as tx:
        rows = await tx.fetch(
            "select r.person_id, r.purpose, coalesce(r.purpose = any (s.objected), false) as stops "
            "from ipp.data_request r left join ipp.stop s on s.tenant_id = r.tenant_id and s.person_id = r.person_id "
            "where r.kind = 'objection' and r.state in ('OPEN', 'GRANTED', 'DONE') and r.asked_at < $1",
            before,
        )
    async with context.under(Zone.CONSOLE, ERASURE, of=KEYS, tenants=tenants) as tx:
        loose = await tx.fetchval(
            "select count(distinct (k.controller, k.person_id)) from ipp.person_key k "
            "join unnest($1::text[], $2::text[]) as said(person_id, purpose) on said.person_id = k.person_id "
            "where k.restricted_at is null and not said.purpose = any (k.objected)",
            [row["person_id"] for row in rows], [row["purpose"] for row in rows],
        )  # fmt: skip
    return len(rows), int(loose or 0) + sum(not row["stops"] for row in rows)


# --- BASIS-11 to BASIS-20 ---

_MISSING = {
    "BASIS-15": "rules that look for fraud, or for use against the terms, in these records",
    "BASIS-17": "the risks of what people publish: nobody can publish anything yet",
}


def interest(promise: str) -> Check:
    """The check of one interest of the policy: the purposes whose balancing test says that they serve it."""

    async def served(context: Context) -> Finding:
        serving = [purpose for purpose, test in interests.BALANCED.items() if test.promise == promise]
        faults = [] if serving else ["no purpose serves it"]
        faults += [
            f"{p.key} rests on an interest that nobody has weighed"
            for p in PURPOSES
            if p.basis is Basis.LEGITIMATE_INTEREST and p not in interests.BALANCED
        ]
        faults += [f"{p.key} does not rest on an interest" for p in serving
                   if p.basis is not Basis.LEGITIMATE_INTEREST]  # fmt: skip
        faults += [f"no process works under {p.key}" for p in serving if not _zones_of(p)]
        faults += await _wrong(context, serving)
        faults += await differences(context)
        zones = {zone for purpose in serving for zone in _zones_of(purpose)}
        reads = [str(f) for f in fields(context) if f.said.category is not None and f.said.uses & set(serving)]
        return judge(
            faults=faults,
            proof=f"it is served by {_named(serving)}, in {len(zones)} of {len(Zone)} kinds of processes; the database "
            f"shows {_columns(context, serving)} columns for it, {len(reads)} of them personal, and no other; what was "
            "weighed stands in the policy in both languages, and people may object",
            missing=_MISSING.get(promise, ""),
            surfaces=(Surface.DECLARATIONS, Surface.SITE, Surface.MAIN_DATABASE),
        )

    return served


def _named(purposes: Collection[Purpose]) -> str:
    names = " and ".join(purpose.key.replace("_", " ") for purpose in purposes)
    return f"the purpose{'s' if len(purposes) > 1 else ''} {names}"


def _zones_of(purpose: Purpose) -> list[Zone]:
    return [zone for zone, rights in RIGHTS.items() if purpose in rights.purposes]


def _columns(context: Context, purposes: Collection[Purpose]) -> int:
    accesses = (
        (table, access) for table in context.tables(MAIN) for access in declared(table).access
        if access.purpose in purposes
    )  # fmt: skip
    return len({(table.name, name) for table, access in accesses for name in readable(table, access)})


# --- what both look at ---


async def _wrong(context: Context, purposes: Collection[Purpose]) -> list[str]:
    """What is wrong with the balancing tests of these purposes, and with how people are told of them."""
    tests = {purpose: interests.BALANCED.get(purpose) for purpose in purposes}
    faults = [f"{p.key} rests on an interest that nobody has weighed" for p, test in tests.items() if test is None]
    weighed = {purpose: test for purpose, test in tests.items() if test is not None}
    faults += [f"{p.key} was weighed on a day to come" for p, test in weighed.items()
               if test.weighed_on > today(context.clock.now())]  # fmt: skip
    faults += [f"nothing protects people from {p.key}" for p, test in weighed.items() if not test.safeguards]
    faults += [f"nobody may object to {p.key}" for p in purposes if p not in requests.objectable()]
    for language in _LANGUAGES:
        page = text_of(await context.ask(f"{language}/{_POLICY}", None, "site"))
        for purpose, test in weighed.items():
            if any(line not in page for line in _lines(purpose, test, language)):
                faults.append(f"the policy in {language} does not say what was weighed for {purpose.key}")
    return faults


def _lines(purpose: Purpose, test: BalancingTest, language: str) -> list[str]:
    said = (purpose.words, test.whose, test.need, test.balance, *test.safeguards, test.objection)
    return [in_one_line(getattr(words, language)) for words in said]
