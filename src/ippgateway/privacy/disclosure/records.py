"""The record that answers "who got my data": one line for each hand-over about somebody (Articles 15(1)(c) and 19).

It costs no round trip of its own. Where a statement records how a hand-over ended, the line is another part of that
statement: `INSERT` begins it, `IN_FORCE` names the entry of the register that was in force.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ippgateway.core.database import Tx
from ippgateway.privacy.catalogue import OWN_DATA
from ippgateway.privacy.disclosure.register import KINDS
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Category, Recipient

INSERT = (
    "insert into ipp.disclosure "
    "(tenant_id, person_id, subject_id, recipient_id, recipient, purpose, at, fields) "
)  # fmt: skip
ONCE = " on conflict (tenant_id, person_id, subject_id, recipient_id) do nothing"
"""A repeat of the same message to the same recipient is the same hand-over."""
_MOST, _MOST_NAMED = 500, 100


def in_force(kind: Recipient, at: str) -> str:
    """SQL for the id of the entry of this kind that was in force at the moment `at` names."""
    return (
        f"coalesce((select r.id from ipp.recipient r where r.kind = '{kind.key}' and r.valid_from <= {at} "
        f"and (r.valid_to is null or r.valid_to > {at}) order by r.valid_from desc limit 1), '')"
    )


def named(categories: Iterable[Category]) -> str:
    """Categories as a record has them."""
    return ",".join(sorted(category.key for category in categories))


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One hand-over. `name` and `place` are empty when the register no longer knows the recipient."""

    at: datetime
    recipient_id: str
    kind: Recipient
    name: str
    place: str
    purpose: str
    categories: tuple[str, ...]
    subject_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """Somebody who got something about a person, however often. `subject_ids`: the newest rows that were handed over, a
    hundred at most."""

    kind: Recipient
    recipient_id: str
    categories: frozenset[str]
    subject_ids: tuple[str, ...]


async def receivers(tx: Tx, person: Person, *, since: datetime | None = None) -> tuple[Receiver, ...]:
    """Everybody who got something about `person` after `since`, each once: for whoever tells them (Article 19)."""
    rows = await tx.fetch(
        "select recipient, recipient_id, string_agg(distinct fields, ',') as fields, "
        f"(array_agg(subject_id order by at desc, subject_id))[1:{_MOST_NAMED}] as subjects from ipp.disclosure "
        "where tenant_id = $1 and person_id = $2 and ($3::timestamptz is null or at > $3) "
        "group by recipient, recipient_id order by recipient, recipient_id",
        person.rows_of, person.person_id, since,
    )  # fmt: skip
    return tuple(
        Receiver(
            kind=KINDS[row["recipient"]], recipient_id=row["recipient_id"], subject_ids=tuple(row["subjects"]),
            categories=frozenset(filter(None, (row["fields"] or "").split(","))),
        )
        for row in rows
    )  # fmt: skip


async def recipients_of(p: Platform, person: Person, *, of: frozenset[str] | None = None) -> tuple[Received, ...]:
    """Everybody who got something about `person`, the newest first, at most five hundred.

    `of`: only what belongs to rows with these ids.
    """
    async with p.db.begin(OWN_DATA, tenants=[person.rows_of]) as tx:
        return await received(tx, person, of=of)


async def received(tx: Tx, person: Person, *, of: frozenset[str] | None = None) -> tuple[Received, ...]:
    """The same in a transaction that is open already, under a purpose that answers people or erases them."""
    rows = await tx.fetch(
        "select d.at, d.recipient_id, d.recipient, d.purpose, d.fields, d.subject_id, r.name, r.place "
        "from ipp.disclosure d left join ipp.recipient r on r.id = d.recipient_id "
        "where d.tenant_id = $1 and d.person_id = $2 and ($3::text[] is null or d.subject_id = any($3)) "
        "order by d.at desc, d.subject_id limit $4",
        person.rows_of, person.person_id, None if of is None else sorted(of), _MOST,
    )  # fmt: skip
    return tuple(
        Received(
            at=row["at"], recipient_id=row["recipient_id"], kind=KINDS[row["recipient"]], name=row["name"] or "",
            place=row["place"] or "", purpose=row["purpose"], subject_id=row["subject_id"],
            categories=tuple(filter(None, (row["fields"] or "").split(","))),
        )
        for row in rows
    )  # fmt: skip
