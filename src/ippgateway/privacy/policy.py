"""What each kind of person is told, read from the declarations: what is kept, why, who receives it, where, how long.

A payer is told before paying, and agrees to a version. It names exactly what is told: it changes when, and only when,
that changes or the date is set anew. It is not written by hand, so nobody can agree to a version that says something
else than what runs (PLACE-1, COLLECT-5).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256

from sqlalchemy import Table as SqlTable

from ippgateway.privacy.catalogue import (
    ACCESS_RECORDING,
    ACCOUNT,
    CARD_NUMBER,
    DEVICE,
    DIRECTORY_SERVER,
    IP_ADDRESS,
    STAFF_ACCOUNT,
)
from ippgateway.privacy.declare import MAIN, Declares, declared, names_people
from ippgateway.privacy.inventory import Field, data_map
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Category, HeldAs, Place, Purpose, Recipient, Term
from ippgateway.privacy.zones import PLATFORM

IN_FORCE_SINCE = date(2026, 11, 24)
STORED_IN: frozenset[Place] = frozenset({Place.EU})
"""Where we store: hosting is in the EU and nowhere else (DISC-2)."""
PASSED_ON: Mapping[Category, frozenset[Recipient]] = {
    IP_ADDRESS: frozenset({DIRECTORY_SERVER}),
    DEVICE: frozenset({DIRECTORY_SERVER}),
}
"""What a request brings and somebody receives without our storing it with the payment: 3-D Secure tells the card's bank
which browser asks, from where (EMV 3-D Secure 2.2.0, browser fields of the AReq)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One category of what is kept about a payer: how long, and who else receives it, stored or passed on."""

    category: Category
    terms: tuple[Term, ...]
    recipients: tuple[Recipient, ...]

    @property
    def longest(self) -> Term:
        """The term after which nothing of this category is left."""
        return self.terms[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The policy towards payers that is in force. `version`: at most 24 letters, digits and hyphens."""

    version: str
    told: tuple[Told, ...]

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody who receives anything about a payer."""
        return _recipients(told.recipients for told in self.told)

    @property
    def card_recipients(self) -> tuple[Recipient, ...]:
        """Everybody who receives the card number."""
        return _recipients(told.recipients for told in self.told if told.category == CARD_NUMBER)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place where a payer's data may be handled, ours first."""
        return _places(self.recipients)


class People(StrEnum):
    """Kinds of people whom a policy tells of what is kept about them (SCOPE-2)."""

    VISITORS = "visitors"
    PAYERS = "payers"
    USERS = "users"  # of customers, partners and resellers, and members of the public
    STRANGERS = "strangers"  # who tried a name, or asked what is held about an address
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One category of what is kept about a kind of people: why, how long, who else gets it, and whether all of it is
    sealed."""

    category: Category
    uses: tuple[Purpose, ...]
    terms: tuple[Term, ...]
    recipients: tuple[Recipient, ...]
    sealed: bool


@cache
def kept_about(people: People) -> tuple[Kept, ...]:
    """What is kept about a kind of people, by category, in the order of the tables."""
    fields: dict[str, list[Field]] = {}
    named = {table.name: declared(table) for table in tables(MAIN) if people in people_in(table, declared(table))}
    for database in data_map():
        for store in database.tables:
            for field in store.fields:
                if store.name in named and field.category is not None:
                    of_them = replace(field, purposes=_of(people, field.purposes, named[store.name]))
                    fields.setdefault(field.category.key, []).append(of_them)
    return tuple(_kept(people, alike) for _, alike in sorted(fields.items()))


def receiving(people: People) -> tuple[Recipient, ...]:
    """Everybody who receives anything about a kind of people."""
    return _recipients(kept.recipients for kept in kept_about(people))


def places_of(people: People) -> tuple[Place, ...]:
    """Every place where data about a kind of people may be handled, ours first (PLACE-1)."""
    return _places(receiving(people))


def _places(recipients: Iterable[Recipient]) -> tuple[Place, ...]:
    return tuple(sorted(STORED_IN.union(*(each.places for each in recipients)), key=list(Place).index))


def _of(people: People, purposes: tuple[Purpose, ...], about: Declares) -> tuple[Purpose, ...]:
    """The purposes that see rows of these people: our staff's are seen apart from everybody else's. Where that leaves
    none the rows are our own records, whoever they are about."""
    found = []
    for purpose in purposes:
        access = about.access_of(purpose)
        apart = access is not None and (access.never_of if people is People.STAFF else access.only_of) == PLATFORM
        found += [] if apart else [purpose]
    return tuple(found) or purposes


def people_in(table: SqlTable, about: Declares) -> frozenset[People]:
    """Whom a table's personal fields can be about. It follows from whom it is held for and who works with it; a table
    of tomorrow is about users when nothing says otherwise."""
    if about.owner is None:
        return frozenset()
    if about.about_payers:
        visited = about.access_of(ACCESS_RECORDING) is not None
        return frozenset({*((People.VISITORS,) if visited else ()), People.PAYERS, People.USERS})
    if about.held_as is HeldAs.PROCESSOR:
        return frozenset({People.PAYERS})
    if not names_people(table, about):
        return frozenset({People.STRANGERS})
    staff = about.access_of(STAFF_ACCOUNT) is not None
    users = about.access_of(ACCOUNT) is not None or not staff
    return frozenset({*((People.STAFF,) if staff else ()), *((People.USERS,) if users else ())})


def _kept(people: People, fields: list[Field]) -> Kept:
    told = _told(fields, PASSED_ON if people is People.PAYERS else {})
    uses = {purpose.key: purpose for field in fields for purpose in field.purposes}
    return Kept(
        category=told.category, uses=tuple(uses[key] for key in sorted(uses)), terms=told.terms,
        recipients=told.recipients, sealed=all(field.sealed is not None for field in fields),
    )  # fmt: skip


@cache
def for_payers() -> Policy:
    """The policy as this program's declarations make it. Payers are their shop's people, whom we serve as processor;
    of what we hold as controller, the records of visits are about them as well."""
    fields: dict[str, list[Field]] = {}
    about_payers = {table.name for table in tables(MAIN) if declared(table).about_payers}
    for database in data_map():
        for store in database.tables:
            if store.owner is not None and (store.held_as == HeldAs.PROCESSOR or store.name in about_payers):
                for field in store.fields:
                    if field.category is not None:
                        fields.setdefault(field.category.key, []).append(field)
    told = tuple(_told(alike, PASSED_ON) for alike in fields.values())
    return Policy(version=f"{IN_FORCE_SINCE:%Y-%m-%d}-{_mark(told)}", told=told)


def _told(fields: list[Field], passed_on: Mapping[Category, frozenset[Recipient]]) -> Told:
    category, terms = fields[0].category, {f.keep.key: f.keep for f in fields if f.keep is not None}
    assert category is not None  # noqa: S101 - the caller took personal fields only
    return Told(
        category=category, terms=tuple(sorted(terms.values(), key=lambda term: term.days)),
        recipients=_recipients([*(f.recipients for f in fields), passed_on.get(category, frozenset())]),
    )  # fmt: skip


def _recipients(groups: Iterable[Iterable[Recipient]]) -> tuple[Recipient, ...]:
    return tuple(sorted({each for group in groups for each in group}, key=lambda each: each.key))


def _mark(told: tuple[Told, ...]) -> str:
    said = [
        [t.category.key, [[term.key, term.days] for term in t.terms], [[r.key, sorted(r.places)] for r in t.recipients]]
        for t in told
    ]
    return sha256(json.dumps([said, sorted(STORED_IN)]).encode()).hexdigest()[:8]
