"""Section 10, SEC-2, and section 14, LIMIT-1: the registers of paper files and of breaches."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ippgateway.domains.registers.schemas import NOTIFY_WITHIN, BreachView, Clock, Risk, Said
from ippgateway.domains.registers.service import missing_of
from ippgateway.privacy.catalogue import ERASURE, REGISTERS, RETENTION
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.zones import PLATFORM, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.knocking import open_to_strangers
from ippgateway.promises.looking import differences
from ippgateway.promises.rules import let_through

_NOW, _EARLIER, _LATER = "2030-06-01T12:00:00Z", "2030-05-01T12:00:00Z", "2030-06-02T12:00:00Z"


# --- SEC-2 ---


async def paper_is_registered(context: Context) -> Finding:
    """SEC-2: of each paper file where it is, in the EEA, what is in it, until when; two people destroy it."""
    async with context.under(Zone.DESK, REGISTERS) as tx:
        row = await tx.fetchrow(
            "select count(*) as all, count(*) filter (where confirmed_at is not null) as gone, "
            "count(*) filter (where confirmed_at is null and destroy_by < $1) as overdue from ipp.paper_file",
            context.clock.now().date(),
        )
    if row is None:
        raise CannotCheck("the paper files could not be counted")
    faults = [
        *await _files_taken(context),
        *(f"{access.purpose.key} may change what a paper file is, or remove it"
          for access in declared(MAIN.tables["ipp.paper_file"]).access
          if access.delete or set(access.update) - _OF_THE_END),
        *([f"{row['overdue']} paper files are past their last day"] if row["overdue"] else []),
        *await differences(context),
        *await open_to_strangers(context, "desk", "paper", "paper/new"),
    ]  # fmt: skip
    return judge(
        faults=faults,
        proof=f"the register's table takes no file without its place, its kinds of data and its last day, none outside "
        "the EEA, and no destruction that one person alone vouches for, tried on invented ones; nobody changes what "
        f"was entered or removes it; of {row['all']} files {row['gone']} are destroyed and none is past its last day",
        surfaces=(Surface.DECLARATIONS, Surface.DESK, Surface.MAIN_DATABASE),
    )


_OF_THE_END = frozenset({"destroyed_at", "destroyed_by", "how", "confirmed_at", "confirmed_by"})


async def _files_taken(context: Context) -> list[str]:
    whole = {
        "country": "DK", "destroyed_at": _NOW, "destroyed_by": "made-up-0001", "how": "shredded",
        "confirmed_at": _NOW, "confirmed_by": "made-up-0002",
    }  # fmt: skip
    return await let_through(context, Zone.DESK, "paper_file", whole, {
        "a paper file outside the EEA": {"country": "US"},
        "a paper file in no place": {"place": None},
        "a paper file without kinds of data": {"categories": None},
        "a paper file without a last day": {"destroy_by": None},
        "a destruction that one person vouches for": {"confirmed_by": "made-up-0001"},
        "a destruction that nobody did": {"destroyed_by": None},
        "a destruction without its way": {"how": None},
        "a way that destroys nothing": {"how": "lost"},
        "a confirmation of what was not destroyed": {"destroyed_at": None, "destroyed_by": None, "how": None},
        "a confirmation of nobody's": {"confirmed_by": None},
    })  # fmt: skip


# --- LIMIT-1 ---

_HOURS = 72
_REASONED = {"assessment": "made up", "measures": "made up"}


async def breaches_are_registered(context: Context) -> Finding:
    """LIMIT-1: a breach has its assessment and a clock of 72 hours; whatever was entered stays; it is not closed before
    the authority, and where the risk is high the persons, have heard of it."""
    counts = await _counted(context)
    faults = [
        *_clock_is_wrong(),
        *_closed_too_early(),
        *await _entries_taken(context),
        *_changed(),
        *(f"{counts[name]} breaches {what}" for name, what in _WRONG.items() if counts[name]),
        *await differences(context),
        *await open_to_strangers(context, "desk", "breaches", "breaches/new"),
    ]
    return judge(
        faults=faults,
        proof=f"each breach runs against {_HOURS} hours from when we became aware of it, and none is past "
        "them with the authority untold; the register's table takes no closing "
        "without an assessment, nor one of a risk that the authority has not heard of; each step is another line, "
        "which nobody changes or removes before its term; the desk counts who is concerned by ids alone, and drafts "
        "the notices to the authority and to the persons",
        missing="sending the notices, which our staff do themselves from the drafts",
        surfaces=(Surface.DECLARATIONS, Surface.DESK, Surface.MAIN_DATABASE),
    )


_AWARE = datetime(2030, 6, 1, tzinfo=UTC)
_IN_TIME, _TOO_LATE = _AWARE + timedelta(hours=_HOURS), _AWARE + timedelta(hours=_HOURS, seconds=1)


def _made_up(
    risk: Risk | None = None, *, texts: Mapping[str, str] | None = None, notified_at: datetime | None = None,
    told_at: datetime | None = None,
) -> BreachView:  # fmt: skip
    return BreachView(
        id="made-up-0000", number=1, said=Said(aware_at=_AWARE, risk=risk, texts=texts or {}), persons=None,
        records=None, notified_at=notified_at, told_at=told_at, closed_at=None,
    )  # fmt: skip


def _clock_is_wrong() -> list[str]:
    """What the program says of the clock at a moment, and should not."""
    tried = (
        ("the last moment", Clock.RUNNING, _made_up(), _IN_TIME),
        ("a second after it", Clock.OVERDUE, _made_up(), _TOO_LATE),
        ("a risk a second after it", Clock.OVERDUE, _made_up(Risk.RISK), _TOO_LATE),
        ("a notice in time", Clock.IN_TIME, _made_up(Risk.RISK, notified_at=_IN_TIME), _TOO_LATE),
        ("a notice too late", Clock.LATE, _made_up(Risk.RISK, notified_at=_TOO_LATE), _TOO_LATE),
        ("no risk", Clock.NOT_NEEDED, _made_up(Risk.UNLIKELY), _TOO_LATE),
    )
    faults = [f"the clock says {found} of {words}" for words, wanted, breach, now in tried
              if (found := breach.clock(now)) is not wanted]  # fmt: skip
    return faults + ([] if timedelta(hours=_HOURS) == NOTIFY_WITHIN else ["the clock runs for another time"])


def _closed_too_early() -> list[str]:
    """What the program would close though something has to come before."""
    tried = (
        ("whose risk nobody assessed", _made_up(None, texts=_REASONED)),
        ("whose assessment is not written", _made_up(Risk.UNLIKELY, texts={"measures": "made up"})),
        ("against which nothing was done", _made_up(Risk.UNLIKELY, texts={"assessment": "made up"})),
        ("that the authority has not heard of", _made_up(Risk.RISK, texts=_REASONED)),
        ("that the persons have not heard of", _made_up(Risk.HIGH, texts=_REASONED, notified_at=_IN_TIME)),
    )
    return [f"a breach is closed {words}" for words, breach in tried if missing_of(breach) is None]


async def _entries_taken(context: Context) -> list[str]:
    """What the table of breaches would take."""
    whole = {
        "number": 1, "aware_at": _EARLIER, "at": _LATER, "began_at": _EARLIER, "ended_at": _NOW, "risk": "high",
        "notified_at": _NOW, "told_at": _NOW, "closed_at": _LATER, "act": "closed",
    }  # fmt: skip
    return await let_through(context, Zone.DESK, "breach_entry", whole, {
        "a breach of which nobody became aware": {"aware_at": None},
        "a breach that we became aware of later than we say so": {"aware_at": "2031-01-01T00:00:00Z"},
        "a notice from before we became aware": {"notified_at": "2030-01-01T00:00:00Z"},
        "a breach that ended before it began": {"ended_at": "2030-01-01T00:00:00Z"},
        "a risk that there is not": {"risk": "some"},
        "a line before the first": {"number": 0},
        "a line of nobody's": {"by_id": None},
        "a closing without an assessment": {"risk": None},
        "a closing that the authority has not heard of": {"notified_at": None},
        "the same where there is some risk": {"risk": "risk", "notified_at": None},
    })  # fmt: skip


def _changed() -> list[str]:
    """Who is declared to change or remove what was entered, but for the end of its term and an erasure."""
    faults = []
    for access in declared(MAIN.tables["ipp.breach_entry"]).access:
        ends = access.purpose in (RETENTION, ERASURE)
        if set(access.update) - ({"contents"} if ends else set()) or (access.delete and access.purpose != RETENTION):
            faults.append(f"{access.purpose.key} may change or remove what was entered about a breach")
        if access.insert and access.purpose != REGISTERS:
            faults.append(f"{access.purpose.key} may enter something about a breach")
    faults += [f"zone {zone.value} keeps the registers" for zone, rights in RIGHTS.items()
               if REGISTERS in rights.purposes and zone is not Zone.DESK]  # fmt: skip
    return faults


_WRONG = {
    "late": "are past their 72 hours, and the authority has not heard of them",
    "closed_early": "are closed without an assessment or the authority's having heard of them",
    "torn": "lack a line of their log",
}
_COUNTED = f"""
with lines as (
    select breach_id, count(*) <> max(number) - min(number) + 1 as torn from ipp.breach_entry group by breach_id
), newest as (
    select distinct on (breach_id) breach_id, aware_at, risk, notified_at, closed_at from ipp.breach_entry
    order by breach_id, number desc
)
select count(*) as all, count(*) filter (where closed_at is null) as open, count(*) filter (where torn) as torn,
    count(*) filter (where closed_at is null and notified_at is null and risk is distinct from 'unlikely'
        and aware_at < $1::timestamptz - interval '{_HOURS} hours') as late,
    count(*) filter (where closed_at is not null and (risk is null or (risk <> 'unlikely' and notified_at is null)))
        as closed_early
from newest join lines using (breach_id)
"""


async def _counted(context: Context) -> Mapping[str, int]:
    async with context.under(Zone.DESK, REGISTERS, tenants=[PLATFORM]) as tx:
        row = await tx.fetchrow(_COUNTED, context.clock.now())
    if row is None:
        raise CannotCheck("the breaches could not be counted")
    return dict(row)
