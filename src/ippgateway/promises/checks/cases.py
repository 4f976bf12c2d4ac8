"""Section 8, DISC-3 to DISC-10: what goes to somebody outside in a single case, which two people have approved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ippgateway.domains.disclosures.errors import BadCase
from ippgateway.domains.disclosures.schemas import Kind, NewCase
from ippgateway.domains.disclosures.service import disclosable, kinds
from ippgateway.domains.disclosures.service.entering import require
from ippgateway.domains.disclosures.service.export import Scope, about
from ippgateway.privacy.catalogue import (
    AUDIT_REVIEW,
    DEVICE,
    DISCLOSURE,
    ERASURE,
    FREE_TEXT,
    HAND_OVER,
    IP_ADDRESS,
    REGISTERS,
    RETENTION,
)
from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.disclosure.register import CATEGORIES
from ippgateway.privacy.vocabulary import Identifies, Place
from ippgateway.privacy.zones import PLATFORM, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck, Finding, Surface, judge
from ippgateway.promises.knocking import open_to_strangers
from ippgateway.promises.looking import differences
from ippgateway.promises.madeup import SOMEBODY, Rows, word
from ippgateway.promises.rules import let_through

_AT_MOST = timedelta(days=30)
_SOON = timedelta(hours=1)
_EU, _ANYWHERE = frozenset({Place.EU}), frozenset(Place)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Promised:
    """What the policy promises of one kind of case: what it says before anybody may approve it, where its recipient may
    be, and what it does unless somebody decides otherwise. `missing`: what it does not do yet."""

    kind: str
    says: frozenset[str]
    places: frozenset[Place] = _EU
    codes: bool = False
    holds: bool = False
    told: bool = True
    deadline: bool = False
    missing: str = ""


_DISC = {
    "DISC-3": _Promised(kind="adviser", says=frozenset({"who", "engagement", "reason"})),
    "DISC-4": _Promised(
        kind="regulator", says=frozenset({"who", "ground", "reason"}),
        missing="reports in the form that a particular statute prescribes",
    ),
    "DISC-5": _Promised(
        kind="purchaser", says=frozenset({"who", "advisers", "part", "secrecy"}), places=_ANYWHERE, codes=True,
        told=False, missing="a data room of a whole part of the business: a case names at most fifty people",
    ),
    "DISC-6": _Promised(
        kind="crime", says=frozenset({"who", "ground", "alleged", "police", "reason"}), holds=True, told=False
    ),
    "DISC-7": _Promised(
        kind="own_rights", says=frozenset({"who", "ground", "right", "reason"}), places=_ANYWHERE, holds=True
    ),
    "DISC-8": _Promised(
        kind="rights_holder", says=frozenset({"who", "right", "location", "explanation", "good_faith", "assessment"}),
        places=_ANYWHERE, missing="a public form for notices, and the forum that they would be about",
    ),
    "DISC-9": _Promised(
        kind="authority", says=frozenset({"who", "instrument", "ground", "scope", "verified"}), holds=True,
        deadline=True,
    ),
    "DISC-10": _Promised(kind="by_law", says=frozenset({"who", "ground", "reason"})),
}  # fmt: skip


async def to_advisers(context: Context) -> Finding:
    """DISC-3: an adviser in the EU gets named fields for a reason and a limited time."""
    return await _case(context, "DISC-3")


async def to_regulators(context: Context) -> Finding:
    """DISC-4: a regulator gets what a statute asks for, by its paragraph, and it is on record."""
    return await _case(context, "DISC-4")


async def to_purchasers(context: Context) -> Finding:
    """DISC-5: a purchaser and named advisers get the part concerned, in codes unless somebody says why not."""
    return await _case(context, "DISC-5")


async def about_crimes(context: Context) -> Finding:
    """DISC-6: whoever alleges a crime is referred to the police, unless a reason stands up."""
    return await _case(context, "DISC-6")


async def for_our_rights(context: Context) -> Finding:
    """DISC-7: the right to be enforced or the risk is stated."""
    return await _case(context, "DISC-7")


async def to_rights_holders(context: Context) -> Finding:
    """DISC-8: a notice has the contents of Article 16(2) of the Digital Services Act, and is assessed."""
    return await _case(context, "DISC-8")


async def to_authorities(context: Context) -> Finding:
    """DISC-9: instrument, ground, scope and deadline; a hold; the person is told unless it is forbidden."""
    return await _case(context, "DISC-9")


async def where_a_law_says_so(context: Context) -> Finding:
    """DISC-10: somebody else gets something only where a law is named."""
    return await _case(context, "DISC-10")


async def _case(context: Context, promise: str) -> Finding:
    promised = _DISC[promise]
    kind = kinds().get(promised.kind)
    if kind is None:
        raise CannotCheck("there is no such kind of case")
    on_record = await _on_record(context, kind)
    faults = [
        *_declared_otherwise(kind, promised),
        *_entered_without(kind, promised),
        *await _taken_by_the_database(context, promised),
        *_written_by_others(),
        *await differences(context),
        *await _handed_besides(context, pseudonymised=promised.codes),
        *await open_to_strangers(context, "desk", "disclosures", f"disclosures/new/{kind.key}"),
        *on_record,
    ]
    words = [
        *(["goes out in codes unless it says why not"] if promised.codes else []),
        *(["holds back every erasure from the day it is entered"] if promised.holds else []),
        "tells the people concerned" + ("" if promised.told else " once somebody decides so"),
    ]
    return judge(
        faults=faults,
        proof=f"such a case says {len(promised.says)} things"
        f"{', its deadline' if promised.deadline else ''} and which categories of data about whom, or is not entered; "
        "the database demands two approvers and keeps whoever entered it apart from both; what goes out was tried on "
        f"an invented person, category by category, and is what was asked for and no more; it {', '.join(words)}; "
        "whatever was put together has its entry in the register for thirty days at most and a line for each person",
        missing=promised.missing,
        surfaces=(Surface.DECLARATIONS, Surface.CONSOLES, Surface.MAIN_DATABASE),
    )


# --- what a case must say ---


def _declared_otherwise(kind: Kind, promised: _Promised) -> list[str]:
    faults = [f"{kind.key} need not say {key}" for key in promised.says - {each.key for each in kind.needed}]
    live = (kind.pseudonymised, kind.holds, not kind.silent, kind.deadline, kind.recipient.places)
    wanted = (promised.codes, promised.holds, promised.told, promised.deadline, promised.places)
    if live != wanted:
        faults.append(f"{kind.key} has other codes, holds, silence, deadline or places than promised")
    if not kind.recipient.by_case:
        faults.append(f"{kind.recipient.key} may receive data without a case")
    return faults


def _entered_without(kind: Kind, promised: _Promised) -> list[str]:
    """What the program would enter though something is missing."""
    whole = NewCase(
        kind=kind.key, organisation="made up", place="DK", subjects=("made-up-0000",), categories=("name",),
        contents={each.key: "yes" if each.form == "yes" else "made up" for each in kind.contents},
        due_on=date(2030, 6, 1),
    )  # fmt: skip
    lacking = {key: replace(whole, contents={**whole.contents, key: " "}) for key in promised.says}
    lacking |= {
        "organisation": replace(whole, organisation=" "), "categories": replace(whole, categories=()),
        "subjects": replace(whole, subjects=()), "card numbers": replace(whole, categories=("card_number",)),
        **({"due_on": replace(whole, due_on=None)} if promised.deadline else {}),
    }  # fmt: skip
    if promised.codes:
        unsaid = {**whole.contents, "identified": ""}
        lacking["why names"] = replace(whole, pseudonymised=False, contents=unsaid)
    faults = [] if _is_entered(whole) else [f"{kind.key} is refused with everything that it must say"]
    return faults + [f"{kind.key} is entered as if {what} were right" for what, new in lacking.items()
                     if _is_entered(new)]  # fmt: skip


def _is_entered(new: NewCase) -> bool:
    try:
        require(new)
    except BadCase:
        return False
    return True


# --- who decides ---

_ENTERED, _ONE, _TWO = "made-up-0001", "made-up-0002", "made-up-0003"


async def _taken_by_the_database(context: Context, promised: _Promised) -> list[str]:
    whole: dict[str, Any] = {
        "kind": promised.kind, "state": "APPROVED", "organisation": "made up", "place": "DK", "categories": ["name"],
        "transfer_tool": "", "measures": "", "requested_by": _ENTERED, "first_by": _ONE, "second_by": _TWO,
        "due_on": "2030-06-01",
    }  # fmt: skip
    abroad = {"place": "US", "transfer_tool": "clauses", "measures": "codes alone"}
    wrong: dict[str, Mapping[str, Any]] = {
        "the requester as first approver": {"first_by": _ENTERED},
        "the requester as second approver": {"second_by": _ENTERED},
        "one approver twice": {"second_by": _ONE},
        "one approval": {"second_by": None},
        "no approval": {"first_by": None, "second_by": None},
        "a file that one approved": {"state": "READY", "second_by": None},
        "a second approval before the first": {"state": "OPEN", "first_by": None},
        "a case of nobody's": {"requested_by": None},
        "an end without a moment": {"state": "DONE"},
        "a case for nobody": {"organisation": ""},
        "a case about nothing": {"categories": []},
        "a kind that there is not": {"kind": "curiosity"},
        "a recipient beyond the EEA without a tool": {**abroad, "transfer_tool": ""},
        "a recipient beyond the EEA without measures": {**abroad, "measures": ""},
        **({"a recipient beyond the EEA": abroad} if promised.places == _EU else {}),
        **({"no deadline": {"due_on": None}} if promised.deadline else {}),
    }
    return await let_through(context, Zone.DESK, "disclosure_case", whole, wrong)


_NOT_CHANGED = frozenset({
    "asker_id", "kind", "organisation", "place", "transfer_tool", "measures", "begins", "ends", "pseudonymised",
    "due_on", "silent", "requested_by", "created_at",
})  # fmt: skip
_ASKED_FOR = frozenset({"contents", "subjects"})
_DECIDED = frozenset({"first_by", "first_at", "second_by", "second_at"})


def _written_by_others() -> list[str]:
    """Who is declared to write what they should not. (That the database allows what is declared: `differences`.)"""
    case, record = (MAIN.tables[f"ipp.{name}"] for name in ("disclosure_case", "disclosure"))
    faults = []
    for access in declared(case).access:
        key, changes = access.purpose.key, set(access.update)
        faults += [f"{key} may change {name} of a case" for name in changes & (_NOT_CHANGED | {"categories"})]
        if changes & _ASKED_FOR and access.purpose not in (ERASURE, RETENTION):
            faults.append(f"{key} may change what a case asks for")
        if (changes & _DECIDED or access.insert) and access.purpose != DISCLOSURE:
            faults.append(f"{key} may enter or approve cases")
        if access.delete and access.purpose != RETENTION:
            faults.append(f"{key} may remove cases")
    for access in declared(record).access:
        ends = access.purpose in (ERASURE, RETENTION)
        mine = {"fields"} if ends else {"silenced_at"} if access.purpose == HAND_OVER else set()
        if set(access.update) - mine or (access.delete and access.purpose != RETENTION):
            faults.append(f"{access.purpose.key} may change who got what")
    for purpose, home in ((DISCLOSURE, Zone.DESK), (HAND_OVER, Zone.CONSOLE)):
        faults += [
            f"zone {zone.value} may work for {purpose.key}"
            for zone, rights in RIGHTS.items() if purpose in rights.purposes and zone is not home
        ]  # fmt: skip
    return faults


# --- what goes out ---

_SAYS_WHO = frozenset({FREE_TEXT, IP_ADDRESS, DEVICE})


async def _handed_besides(context: Context, *, pseudonymised: bool) -> list[str]:
    """What leaves besides what was asked for, tried on somebody invented who has every field that there is."""
    faults, asked = set(), {category.key for category in disclosable()}
    for key in sorted(asked):
        faults |= {f"{other} leaves where {key} is asked for" for other in await _leaves(context, {key}) - {key}}
    everything = await _leaves(context, set(CATEGORIES))
    faults |= {f"{key} leaves for somebody outside" for key in everything - asked}
    if pseudonymised:
        named = {key for key in await _leaves(context, asked, codes=True) if _says_who(key)}
        faults |= {f"{key} leaves where codes are to" for key in named}
    if not everything:
        raise CannotCheck("nothing leaves at all, so that nothing can be compared")
    return sorted(faults)


def _says_who(key: str) -> bool:
    category = CATEGORIES[key]
    return category.identifies is Identifies.DIRECTLY or category in _SAYS_WHO


async def _leaves(context: Context, asked: set[str], *, codes: bool = False) -> set[str]:
    """The categories of which a word can be read in the file."""
    rows = Rows(context.randomness)
    scope = Scope(case_id="made-up-0000", categories=frozenset(asked), begins=None, ends=None, pseudonymised=codes)
    file = json.dumps(await about(rows, rows.index, SOMEBODY, scope, rows.box))
    return {key for key in CATEGORIES if word(key) in file}


# --- the cases that there are ---


async def _on_record(context: Context, kind: Kind) -> list[str]:
    """What is wrong with the cases of a kind. How many there are is nobody's to know: a number that goes from none to
    one on the public page would warn whoever is looked into, and say what a court may forbid us to say."""
    now = context.clock.now()
    async with context.under(Zone.DESK, DISCLOSURE, tenants=[PLATFORM]) as tx:
        cases = await tx.fetch(
            "select c.id, c.state, c.found, c.state = 'DONE' as handed, c.due_on < $2 and c.ended_at "
            "is null as late, c.hold and c.held_at is null and c.ended_at is null and c.created_at < $3 as unheld, "
            "c.state = 'DONE' and not c.silent and coalesce(c.silent_until < $2, true) "
            "and c.told_at is null and c.ended_at < $3 as untold, "
            "coalesce(r.valid_to <= r.valid_from + $4, false) as entered from ipp.disclosure_case c "
            "left join ipp.recipient r on r.id = c.id and r.kind = $5 where c.kind = $1",
            kind.key, now.date(), now - _SOON, _AT_MOST, kind.recipient.key,
        )  # fmt: skip
    approved = [row["id"] for row in cases if row["state"] in ("APPROVED", "READY", "DONE")]
    handed = [row for row in cases if row["handed"]]
    async with context.under(Zone.DESK, REGISTERS) as tx:
        rows = await tx.fetch(
            "select recipient_id, count(*) as persons from ipp.disclosure where recipient_id = any($1::text[]) "
            "group by recipient_id", [row["id"] for row in handed],
        )  # fmt: skip
    async with context.under(Zone.DESK, AUDIT_REVIEW) as tx:
        trail = await tx.fetch(
            "select object, count(distinct actor) as actors from ipp.audit_entry where act = 'disclosure.approved' "
            "and object = any($1::text[]) group by object", approved,
        )  # fmt: skip
    persons = {row["recipient_id"]: row["persons"] for row in rows}
    actors = {row["object"]: row["actors"] for row in trail}
    wrong = {
        "past their deadline": [row for row in cases if row["late"]],
        "not held back though they should be": [row for row in cases if row["unheld"]],
        "whose people are not told though they may be": [row for row in cases if row["untold"]],
        "put together without an entry in the register that ends": [row for row in handed if not row["entered"]],
        "without a line for each person": [row for row in handed if persons.get(row["id"], 0) < row["found"]],
        "without two approvals on the audit trail": [each for each in approved if actors.get(each) != 2],
    }
    return [f"{len(found)} cases {what}" for what, found in wrong.items() if found]
