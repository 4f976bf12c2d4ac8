"""A request is entered: by staff, with everything that its kind must say, or not at all."""

import json
import re

from ippgateway.domains.disclosures.errors import BadCase, NotAllowed
from ippgateway.domains.disclosures.kinds import KINDS, LONGEST, Content, Form, Kind
from ippgateway.domains.disclosures.models import DisclosureCase
from ippgateway.domains.disclosures.schemas import MOST_SUBJECTS, NewCase
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import DISCLOSURE, HAND_OVER
from ippgateway.privacy.declare import MAIN, declaration_of, unshown
from ippgateway.privacy.disclosure.register import Entry, could_receive
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Category
from ippgateway.privacy.zones import PLATFORM

_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBJECT = re.compile(r"\S{1,254}( \S{1,254})?")
_LONGEST_NAME = 120
_LONGEST_MEASURES = 400


def disclosable() -> tuple[Category, ...]:
    """Every category that a case may ask for: what is stored about people, but for card numbers and what proves who
    somebody is, which leave for nobody."""
    found = {
        said.category.key: said.category
        for table in tables(MAIN) for said in map(declaration_of, table.c) if said.category and not unshown(said)
    }  # fmt: skip
    return tuple(found[key] for key in sorted(found))


async def add(p: Platform, new: NewCase, *, by: str) -> str:
    """Enter a request; the case's id. `by`: the member of staff's user id. Raises BadCase, NotAllowed."""
    kind = require(new)
    _require_recipient(p, new, kind)
    box = await p.persons.create(DISCLOSURE, PLATFORM, p.ids.new())
    case_id, now = p.ids.new(), p.clock.now()
    contents = {each.key: new.contents.get(each.key, "").strip() for each in kind.contents}
    async with p.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        await tx.execute(
            "insert into ipp.disclosure_case (tenant_id, id, asker_id, kind, state, organisation, "
            "place, transfer_tool, measures, categories, begins, ends, pseudonymised, due_on, silent, silent_until, "
            "hold, requested_by, "
            "created_at, contents, subjects) "
            "values ($1, $2, $3, $4, 'OPEN', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
            "$20)",
            PLATFORM, case_id, box.person_id, kind.key, new.organisation.strip(), new.place, new.transfer_tool,
            new.measures.strip(), list(new.categories), new.begins, new.ends,
            _or(new.pseudonymised, kind.pseudonymised), new.due_on, _or(new.silent, kind.silent),
            new.silent_until, _or(new.hold, kind.holds), by, now,
            box.seal(DisclosureCase.contents, json.dumps(contents)),
            box.seal(DisclosureCase.subjects, "\n".join(new.subjects)),
        )  # fmt: skip
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="disclosure.entered", on=case_id)
    return case_id


def _or(said: bool | None, otherwise: bool) -> bool:
    return otherwise if said is None else said


def require(new: NewCase) -> Kind:
    """The kind of a request that says everything it must; whoever receives it is asked about apart. Raises BadCase."""
    kind = KINDS.get(new.kind)
    if kind is None:
        raise BadCase("kind")
    if not 0 < len(new.organisation.strip()) <= _LONGEST_NAME:
        raise BadCase("organisation")
    if not _COUNTRY.fullmatch(new.place):
        raise BadCase("place")
    if len(new.measures) > _LONGEST_MEASURES:
        raise BadCase("measures")
    for content in kind.contents:
        _require_content(content, new.contents.get(content.key, "").strip())
    if not new.categories or not set(new.categories) <= {category.key for category in disclosable()}:
        raise BadCase("categories")
    if not 0 < len(new.subjects) <= MOST_SUBJECTS or not all(map(_SUBJECT.fullmatch, new.subjects)):
        raise BadCase("subjects")
    if new.begins and new.ends and new.begins > new.ends:
        raise BadCase("ends")
    if kind.deadline and new.due_on is None:
        raise BadCase("due_on")
    _require_reasons(new, kind)
    return kind


def _require_content(content: Content, said: str) -> None:
    if len(said) > LONGEST or (content.needed and not said) or (content.form is Form.YES and said != "yes"):
        raise BadCase(content.key)


def _require_reasons(new: NewCase, kind: Kind) -> None:
    """What is stricter than it need be is nobody's business; what is laxer than its kind says why."""
    if kind.pseudonymised and new.pseudonymised is False and not new.contents.get("identified", "").strip():
        raise BadCase("identified")
    if kind.holds and new.hold is False and not new.contents.get("unheld", "").strip():
        raise BadCase("unheld")
    forbidden = new.silent is True and not kind.silent
    if (forbidden or new.silent_until) and kind.key == "authority" and not new.contents.get("silence", "").strip():
        raise BadCase("silence")


def entry_of(case_id: str, kind: Kind, new: NewCase, *, begins: "object", ends: "object" = None) -> Entry:
    """The entry that the case puts into the register for as long as it lasts."""
    return Entry(
        id=case_id, kind=kind.recipient.key, name=new.organisation.strip(), place=new.place, purposes=(HAND_OVER.key,),
        categories=new.categories, contract=f"case {case_id}", transfer_tool=new.transfer_tool,
        measures=new.measures.strip(), valid_from=begins, valid_to=ends,  # type: ignore[arg-type]
    )  # fmt: skip


def _require_recipient(p: Platform, new: NewCase, kind: Kind) -> None:
    why = could_receive(entry_of("", kind, new, begins=p.clock.now()))
    if why is not None:
        raise NotAllowed(why.value)
