"""Section 13, RETAIN-2: somebody asks to be erased, or to have the account closed."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ippgateway.core.secret import Secret
from ippgateway.domains.requests.errors import NoSuchStep
from ippgateway.domains.requests.states import Act, State, after, due_on, may_extend, overdue
from ippgateway.privacy.catalogue import ERASURE, OWN_DATA, REQUESTS, RETENTION
from ippgateway.privacy.declare import KEYS, MAIN, declared
from ippgateway.privacy.lifetimes import Lifetimes
from ippgateway.privacy.rights import certificate
from ippgateway.privacy.rights.held import Held, HeldField, Shown
from ippgateway.privacy.rights.plan import Line, plan_of
from ippgateway.privacy.rights.reach import Reached, reached
from ippgateway.privacy.vocabulary import KeptFor
from ippgateway.privacy.zones import Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.knocking import open_to_strangers
from ippgateway.promises.looking import differences
from ippgateway.promises.madeup import SOMEBODY
from ippgateway.promises.rules import let_through

_PAGES = ("account/data", "account/data/requests", "account/data/leave/erase", "account/data/leave/close")
_SOON = timedelta(hours=1)
_MOST_ERASED = 1_000


async def erasure_can_be_asked_for(context: Context) -> Finding:
    """RETAIN-2: whoever is signed in asks by themselves; it is shown who asks; a clock runs, and nobody waits past it;
    a plan says what goes and what stays, it is carried out, and a certificate says so."""
    counts = await _counted(context)
    planned, plan_faults = _planned(context)
    left, erased = await _left(context)
    faults = [
        *await open_to_strangers(context, "console", *_PAGES),
        *await open_to_strangers(context, "desk", "requests"),
        *_clock_is_wrong(),
        *_steps_are_wrong(),
        *await _requests_taken(context),
        *_removed_by_others(),
        *plan_faults,
        *_uncertified(context),
        *(f"{counts[name]} requests {what}" for name, what in _WRONG.items() if counts[name]),
        *left,
        *await differences(context),
    ]
    late = counts["late_of_shops"]
    return judge(
        faults=faults,
        proof="the account's own pages take a request to erase or to close it, and are shut to strangers; an answer is "
        f"due within a month, once extended within three, and none of {counts['all']} requests waits longer, "
        f"{counts['open']} are open; nothing is granted to somebody of whom it is not shown who they are; of each of "
        f"{planned} fields the plan says what becomes of it; {counts['certified']} erasures were carried out and "
        f"certified, and of {erased} persons erased no key is in use and no row is left that goes",
        missing=f"answers of shops to {late} requests of their payers, which are past their day" if late else "",
        surfaces=(Surface.OWN_PAGES, Surface.CONSOLES, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


# --- the clock and the steps ---


def _clock_is_wrong() -> list[str]:
    """What the program says of a day, and should not (GDPR Article 12(3))."""
    asked, due, longer = date(2030, 1, 31), date(2030, 2, 28), date(2030, 4, 30)
    over = longer + timedelta(days=1)
    tried = (
        ("the last day", due_on(asked), due),
        ("the last day once extended", due_on(asked, extended=True), longer),
        ("an extension in the first month", may_extend(State.OPEN, today=due, due=due, extended=False), True),
        ("a second extension", may_extend(State.OPEN, today=due, due=due, extended=True), False),
        ("an extension after it", may_extend(State.OPEN, today=date(2030, 3, 1), due=due, extended=False), False),
        ("the last day's being late", overdue(State.OPEN, today=due, due=due, extended_to=None), False),
        ("the day after's", overdue(State.OPEN, today=date(2030, 3, 1), due=due, extended_to=None), True),
        ("the day after an extension's", overdue(State.ASKED, today=over, due=due, extended_to=longer), True),
    )  # fmt: skip
    return [f"the clock says {found} of {words}" for words, found, wanted in tried if found != wanted]


_NOT_BEFORE = frozenset({(State.ASKED, Act.GRANT), (State.ASKED, Act.CARRY_OUT), (State.OPEN, Act.CARRY_OUT)})
"""What is not shown to be somebody's is not granted, and what is not granted is not carried out."""


def _steps_are_wrong() -> list[str]:
    steps = itertools.product(State, Act)
    shut = {step for step in steps if step in _NOT_BEFORE or step[0].ended}
    return [f"a request that is {state.value} takes the step {act.value}"
            for state, act in sorted(shut) if _goes(state, act)]  # fmt: skip


def _goes(state: State, act: Act) -> bool:
    try:
        after(state, act)
    except NoSuchStep:
        return False
    return True


async def _requests_taken(context: Context) -> list[str]:
    """What the table of requests would take."""
    whole = {
        "kind": "erasure", "state": "OPEN", "identity": "strong", "payer": False, "extended_to": None,
        "extension": None, "ended_at": None, "reason": None,
    }  # fmt: skip
    moment = "2030-06-01T12:00:00Z"
    return await let_through(context, Zone.CONSOLE, "data_request", whole, {
        "a request without a day when it was asked": {"asked_at": None},
        "a request without a last day": {"due_on": None},
        "a request of which nobody knows how it was shown who asks": {"identity": "hearsay"},
        "a kind of request that there is not": {"kind": "curiosity"},
        "a state that there is not": {"state": "FORGOTTEN"},
        "more time without a reason": {"extended_to": "2030-08-01"},
        "an end without a moment": {"state": "DONE"},
        "a moment of an end without one": {"ended_at": moment},
        "a refusal without a reason": {"state": "REFUSED", "ended_at": moment},
    })  # fmt: skip


def _removed_by_others() -> list[str]:
    """Who is declared to remove a request before its term, or to move its clock."""
    return [
        f"{access.purpose.key} may remove requests or move their clock"
        for access in declared(MAIN.tables["ipp.data_request"]).access
        if (access.delete and access.purpose != RETENTION) or {"asked_at", "due_on", "kind"} & set(access.update)
    ]


# --- the plan and the certificate ---


def _planned(context: Context) -> tuple[int, list[str]]:
    """How many fields there are about people, and those of which the plan says something else than is declared."""
    everything = tuple(field for each in reached() for field in _fields_of(each))
    plan = plan_of(_held(context, everything))
    goes, stays = set(_names(plan.goes)), set(_names(plan.stays))
    wanted = {f"{field.table}.{field.column}": field.said.stays for field in everything}
    faults = [f"the plan forgets {name}" for name in wanted.keys() - goes - stays]
    faults += [f"the plan keeps {name}" for name, keeps in wanted.items() if name in stays and not keeps]
    faults += [f"the plan lets {name} go" for name, keeps in wanted.items() if name in goes and keeps]
    faults += [f"the plan keeps something of {line.table} on no ground" for line in plan.stays if line.why is None]
    held_back = plan_of(_held(context, everything, on_hold=(KeptFor.INVESTIGATION, date(2030, 12, 31))))
    if held_back.goes or any(line.why is None or line.until is None for line in held_back.stays):
        faults.append("the plan lets something go that a legal hold keeps, or does not say until when")
    return len(everything), sorted(faults)


def _fields_of(each: Reached) -> Iterator[HeldField]:
    for column, said in each.personal:
        yield HeldField(
            table=each.table.name, about=each.said.about, column=column.name, said=said, row_goes=each.said.goes,
            row=(), since=None, ends_on=None, shown=Shown.TOLD, value=Secret(""),
        )  # fmt: skip


def _held(context: Context, fields: tuple[HeldField, ...], **other: Any) -> Held:
    return Held(person=SOMEBODY, at=context.clock.now(), fields=fields, more=(), erased=None, **other)


def _names(lines: tuple[Line, ...]) -> Iterator[str]:
    return (f"{line.table}.{column}" for line in lines for column in line.columns)


def _uncertified(context: Context) -> list[str]:
    """What a certificate of an invented person's erasure lacks."""
    plan = plan_of(_held(context, tuple(field for each in reached() for field in _fields_of(each))))
    before = certificate.planned("made-up-0000", plan)
    done = certificate.completed(before, erased_at=context.clock.now(), lifetimes=Lifetimes())
    lines = [*done["went"], *done["stays"]]
    faults = ["a certificate claims an erasure before there was one"] if before["erased_at"] else []
    if not (done["erased_at"] and done["key_dies_by"] and done["key_dies_by"] > done["erased_at"]):
        faults.append("a certificate does not say when it was done, and when the last copy of the key dies")
    if len(lines) != len(plan.goes) + len(plan.stays) or not all(line["how"] for line in lines):
        faults.append("a certificate leaves out what went or what stays")
    if not all(line["why"] for line in done["stays"]) or not done["authority"]:
        faults.append("a certificate names no ground of what stays, or not the authority")
    return faults + (["a certificate names somebody"] if SOMEBODY.person_id in certificate.encoded(done) else [])


# --- the requests that there are ---

_WRONG = {
    "late": "are past their day and unanswered",
    "long": "have more time than the law gives",
    "unknown": "are granted to nobody knows whom",
    "stuck": "are granted and not carried out",
    "uncertified": "erased somebody without a whole certificate",
}
_COUNTED = """
select count(*) as all, count(*) filter (where ended_at is null) as open,
    count(*) filter (where not payer and state in ('ASKED', 'OPEN') and coalesce(extended_to, due_on) < $1) as late,
    count(*) filter (where payer and state in ('ASKED', 'OPEN') and coalesce(extended_to, due_on) < $1)
        as late_of_shops,
    count(*) filter (where due_on > (asked_at at time zone 'UTC')::date + 31
        or extended_to > (asked_at at time zone 'UTC')::date + 92) as long,
    count(*) filter (where identity = 'none' and state in ('GRANTED', 'DONE')) as unknown,
    count(*) filter (where state = 'GRANTED' and coalesce(next_at, decided_at, asked_at) < $2) as stuck,
    count(*) filter (where kind = 'erasure' and state = 'DONE' and certificate::jsonb ->> 'erased_at' is not null
        and certificate::jsonb ->> 'key_dies_by' is not null) as certified,
    count(*) filter (where kind = 'erasure' and state = 'DONE' and (certificate is null
        or certificate::jsonb ->> 'erased_at' is null or certificate::jsonb ->> 'key_dies_by' is null)) as uncertified
from ipp.data_request
"""


async def _counted(context: Context) -> Mapping[str, int]:
    now = context.clock.now()
    async with context.under(Zone.DESK, REQUESTS) as tx:
        row = await tx.fetchrow(_COUNTED, now.date(), now - _SOON)
    if row is None:
        raise CannotCheck("the requests could not be counted")
    return dict(row)


async def _left(context: Context) -> tuple[list[str], int]:
    """What is left of persons whose erasure is over: keys in use, and rows of tables where an erasure deletes them. How
    many persons were looked at, the newest first."""
    async with context.under(Zone.CONSOLE, ERASURE) as tx:
        rows = await tx.fetch(
            "select coalesce(nullif(tenant, ''), controller) as tenant, person_id from ipp.erasure "
            "where state = 'LOOKED_AFTER' order by erased_at desc limit $1", _MOST_ERASED,
        )  # fmt: skip
    persons, tenants = [row["person_id"] for row in rows], sorted({row["tenant"] for row in rows})
    faults = []
    async with context.under(Zone.CONSOLE, OWN_DATA, tenants=tenants) as tx:
        for each in reached():
            if each.said.goes and each.where.endswith(f"{each.said.owner} = $2"):
                sql = f"select count(*) from {each.name} where {each.said.owner} = any($1::text[])"
                count = await tx.fetchval(sql, persons)
                faults += [f"{count} rows of {each.table.name} are left of persons who were erased"] if count else []
    async with context.under(Zone.WORKER, RETENTION, of=KEYS) as tx:
        in_use = await tx.fetchval(
            "select count(*) from ipp.person_key where restricted_at is null and person_id = any($1::text[])", persons
        )
    return [*faults, *([f"{in_use} keys of persons who were erased are in use"] if in_use else [])], len(rows)
