"""The record of processing activities (GDPR Article 30), read from the declarations: as controller, and as processor.

One activity is one purpose. What the article asks for and no declaration can know (who we are, who is spoken to) is
given; the security measures are a description of ours (Article 32(1)).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ippgateway.privacy.declare import MAIN, declared
from ippgateway.privacy.inventory import data_map
from ippgateway.privacy.policy import People, people_in
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Category, HeldAs, Place, Purpose, Recipient, Term
from ippgateway.privacy.zones import PURPOSES

WHO = {
    People.VISITORS: "visitors",
    People.PAYERS: "payers of shops",
    People.USERS: "users of customers, partners and resellers; members of the public",
    People.STRANGERS: "people without an account who try a name or ask about an address",
    People.STAFF: "our own staff",
}
SECURITY = (
    "column privileges and row security per purpose in the database, each process with a login of its own",
    "fields sealed with AES-256-GCM under a key per person and ground; card numbers under keys of a vault apart",
    "wrapped keys in a database of their own, backed up apart; a destroyed key makes every copy unreadable",
    "TLS on every way that leaves a machine; logs without personal data; a hash-chained audit trail",
    "the database's rights compared with the declarations at each start; promises checked over the running system",
)
COLUMNS = (
    "role", "activity", "purpose", "legal basis", "categories of data subjects", "categories of personal data",
    "categories of recipients", "transfers to third countries", "time limits for erasure", "security measures",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """What is done for one purpose in one part. `people`, `categories`, `recipients`, `terms`: in a fixed order."""

    role: HeldAs
    purpose: Purpose
    people: tuple[People, ...]
    categories: tuple[Category, ...]
    recipients: tuple[Recipient, ...]
    terms: tuple[Term, ...]

    @property
    def transfers(self) -> tuple[Recipient, ...]:
        """Those that may be outside the European Union, where a transfer tool has to be on record first (PLACE-2)."""
        return tuple(each for each in self.recipients if each.places - {Place.EU})


def activities() -> tuple[Activity, ...]:
    """Every activity: first what we do for ourselves, then what we do for customers."""
    people = {table.name: people_in(table, declared(table)) for table in tables(MAIN)}
    found: dict[tuple[HeldAs, str], list[tuple[str, Category, tuple[Recipient, ...], Term]]] = {}
    for database in data_map():
        for store in database.tables:
            for field in store.fields:
                if field.category is None or field.keep is None:
                    continue
                for purpose in field.purposes:
                    place = found.setdefault((HeldAs(store.held_as), purpose.key), [])
                    place.append((store.name, field.category, field.recipients, field.keep))
    return tuple(
        _activity(role, purpose, found[role, purpose.key], people)
        for role in (HeldAs.CONTROLLER, HeldAs.PROCESSOR)
        for purpose in PURPOSES
        if (role, purpose.key) in found
    )


def _activity(
    role: HeldAs, purpose: Purpose, fields: list[tuple[str, Category, tuple[Recipient, ...], Term]],
    people: dict[str, frozenset[People]],
) -> Activity:  # fmt: skip
    concerned = frozenset[People]().union(*(people.get(table, frozenset()) for table, *_ in fields))
    if role is HeldAs.PROCESSOR:
        concerned &= {People.PAYERS}
    return Activity(
        role=role, purpose=purpose, people=tuple(each for each in People if each in concerned),
        categories=_keyed(category for _, category, _, _ in fields),
        recipients=_keyed(each for _, _, recipients, _ in fields for each in recipients),
        terms=_keyed(term for *_, term in fields),
    )  # fmt: skip


_Keyed = TypeVar("_Keyed", Category, Recipient, Term)


def _keyed(words: Iterable[_Keyed]) -> tuple[_Keyed, ...]:
    return tuple(value for _, value in sorted({each.key: each for each in words}.items()))


def as_rows() -> Iterator[dict[str, str]]:
    """One row for each activity, its cells in English, several values with semicolons between them."""
    for each in activities():
        yield dict(zip(COLUMNS, (
            each.role.value, each.purpose.key, each.purpose.words.en, each.purpose.basis.value,
            _list(WHO[person] for person in each.people), _list(c.words.en for c in each.categories),
            _list(map(_recipient, each.recipients)) or "none",
            _list(f"{r.words.en}: only with a recorded transfer tool" for r in each.transfers) or "none",
            _list(_term(term) for term in each.terms), _list(SECURITY),
        ), strict=True))  # fmt: skip


def as_csv() -> str:
    """The record for spreadsheets and programs (RFC 4180)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(as_rows())
    return out.getvalue()


def as_markdown(*, operator: str, support: str, customers: Iterable[str] = ()) -> str:
    """The record as a document. `customers`: the controllers we act for, a line each; none where it is published."""
    named = list(customers)
    return "\n".join([
        "# Record of processing activities", "",
        "GDPR Article 30, paragraphs 1 and 2. Written by `ippgateway record` from the declarations of the program; not",
        "edited by hand.", "",
        f"Controller, and processor for its customers: {operator}. Contact, also for data protection: {support}.", "",
        "## As controller", "", *_section(HeldAs.CONTROLLER),
        "## As processor", "",
        "For each customer (the controllers are the shops that take payments through us; `ippgateway record",
        "--customers` names them):", "",
        *(f"- {each}" for each in named), *([""] if named else []),
        *_section(HeldAs.PROCESSOR),
        "## Security measures (Article 32(1))", "", *(f"- {each}" for each in SECURITY),
    ]) + "\n"  # fmt: skip


def dpia_table() -> str:
    """What the assessment of impact has to weigh, as a table: each activity with its reach (GDPR Article 35(7)(a))."""
    rows = [
        f"| `{each.purpose.key}` | {each.role.value} | {each.purpose.basis.value.removeprefix('dpv:')} | "
        f"{_list(person.value for person in each.people)} | {_list(c.key for c in each.categories)} | "
        f"{_list(r.key for r in each.recipients) or 'none'} | {_list(r.key for r in each.transfers) or 'nobody'} |"
        for each in activities()
    ]
    return "\n".join([
        "| purpose | part | basis | people | categories | recipients | outside the EU |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]) + "\n"  # fmt: skip


def _section(role: HeldAs) -> Iterator[str]:
    for each in activities():
        if each.role is not role:
            continue
        yield from (
            f"### {each.purpose.words.en.capitalize()}", "",
            f"`{each.purpose.key}`, {each.purpose.basis.value}, {each.purpose.promise}", "",
            "| | |", "|---|---|",
            f"| data subjects | {_list(WHO[person] for person in each.people)} |",
            f"| personal data | {_list(c.words.en for c in each.categories)} |",
            f"| recipients | {_list(map(_recipient, each.recipients)) or 'none'} |",
            f"| outside the EU | {_list(r.words.en for r in each.transfers) or 'nobody'} |",
            f"| time limits | {_list(map(_term, each.terms))} |", "",
        )  # fmt: skip


def _list(words: Iterable[str]) -> str:
    return "; ".join(words)


def _recipient(recipient: Recipient) -> str:
    return f"{recipient.words.en} ({', '.join(sorted(place.value for place in recipient.places))})"


def _term(term: Term) -> str:
    return f"{term.words.en} ({term.statute})" if term.statute else term.words.en
