"""Legal holds: what neither a term nor an erasure removes for now. Each has a ground of RETAIN-3, a scope, an owner and
a last day; who needs longer decides again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from ippgateway.core.database import Tx
from ippgateway.core.ids import is_id, is_tenant
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import LEGAL_HOLD
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.endings import endings
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import KeptFor

MOST_SHOWN = 200
_REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{0,39}", re.ASCII)
_STANDS = "released_at is null and begins_at <= $1 and ends_on >= $2"
_READ = "id, reason, scope, tenant_id, named, begins_at, ends_on, released_at"


class Scope(StrEnum):
    """What a hold keeps: all of a customer's or partner's, all of one person's (named by their id or their user's), all
    of whoever made a payment, or a whole table."""

    TENANT = "tenant"
    PERSON = "person"
    PAYMENT = "payment"
    TABLE = "table"


class BadHold(ValueError):
    """A hold that says too little, or something else than ids. `field`: which of its fields."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NoSuchHold(LookupError):
    """No hold of that id stands."""


class OnHold(Exception):
    """A legal hold keeps what was to be erased. `until`: its last day; `reason`: its ground."""

    def __init__(self, reason: KeptFor, until: date) -> None:
        super().__init__(f"{reason.value} until {until}")
        self.reason = reason
        self.until = until


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """One hold. `named`: an id, or a table's name; `reference`: the case's own number."""

    id: str
    reason: KeptFor
    scope: Scope
    tenant_id: str | None
    named: str
    reference: str
    owner_id: str
    begins_at: datetime
    ends_on: date
    released_at: datetime | None
    released_by: str | None

    def stands(self, today: date) -> bool:
        """Whether it keeps anything on that day."""
        return self.released_at is None and self.ends_on >= today


@dataclass(frozen=True, kw_only=True, slots=True)
class NewHold:
    """What is to be kept, and why. `tenant_id` is needed where `named` is a person's, user's or payment's id."""

    reason: KeptFor
    scope: Scope
    tenant_id: str | None
    named: str
    reference: str
    ends_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Keeping:
    """What all holds that stand keep together: tenants, persons (by their own id and that of their user), tables."""

    tenants: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.tenants or self.persons or self.tables)


# --- staff: placing and releasing ---


async def place(p: Platform, hold: NewHold, *, by: str) -> str:
    """Place a hold; its id. `by`: the user id of the member of staff who answers for it. Raises BadHold."""
    now = p.clock.now()
    check(hold, today=now.astimezone(UTC).date())
    async with p.db.begin(LEGAL_HOLD) as tx:
        return await placed(tx, p, hold, by=by)


async def placed(tx: Tx, p: Platform, hold: NewHold, *, by: str) -> str:
    """The same inside a transaction of a purpose that may place holds. Raises BadHold."""
    now, hold_id = p.clock.now(), p.ids.new()
    check(hold, today=now.astimezone(UTC).date())
    await tx.execute(
        "insert into ipp.legal_hold (id, reason, scope, tenant_id, named, reference, owner_id, begins_at, ends_on) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        hold_id, hold.reason.value, hold.scope.value, hold.tenant_id, hold.named, hold.reference, by, now, hold.ends_on,
    )  # fmt: skip
    await audit.record(tx, actor=f"{p.zone.value}/{by}", act="hold.placed", on=hold_id)
    return hold_id


async def release(p: Platform, hold_id: str, *, by: str) -> None:
    """End a hold now. Raises NoSuchHold, also of one that has ended."""
    now = p.clock.now()
    async with p.db.begin(LEGAL_HOLD) as tx:
        released = await tx.execute(
            "update ipp.legal_hold set released_at = $2, released_by = $3 where id = $1 and released_at is null",
            hold_id, now, by,
        )  # fmt: skip
        if not released:
            raise NoSuchHold
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="hold.released", on=hold_id)


async def released(tx: Tx, p: Platform, *, reference: str, by: str) -> None:
    """End every hold of a case, inside a transaction of a purpose that may place holds."""
    rows = await tx.fetch(
        "update ipp.legal_hold set released_at = $2, released_by = $3 where reference = $1 and released_at is null "
        "returning id",
        reference, p.clock.now(), by,
    )  # fmt: skip
    for row in rows:
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="hold.released", on=row["id"])


async def every(p: Platform) -> tuple[Hold, ...]:
    """The newest holds, released ones too, `MOST_SHOWN` at most."""
    async with p.db.begin(LEGAL_HOLD) as tx:
        rows = await tx.fetch(
            f"select {_READ}, reference, owner_id, released_by from ipp.legal_hold "
            f"order by (released_at is null) desc, begins_at desc, id limit {MOST_SHOWN}"
        )
    return tuple(Hold(**{**dict(row), "reason": KeptFor(row["reason"]), "scope": Scope(row["scope"])}) for row in rows)


def check(hold: NewHold, *, today: date) -> None:
    """Whether a hold says what it has to, in ids. Raises BadHold."""
    if hold.scope is Scope.TABLE:
        if hold.named not in {ending.table.name for ending in endings()}:
            raise BadHold("named")
    elif not (is_tenant(hold.named) if hold.scope is Scope.TENANT else is_id(hold.named)):
        raise BadHold("named")
    needs_tenant = hold.scope in (Scope.PERSON, Scope.PAYMENT)
    if needs_tenant != (hold.tenant_id is not None) or (hold.tenant_id is not None and not is_tenant(hold.tenant_id)):
        raise BadHold("tenant_id")
    if not _REFERENCE.fullmatch(hold.reference):
        raise BadHold("reference")
    if hold.ends_on < today:
        raise BadHold("ends_on")


# --- what holds keep ---


async def keeping(tx: Tx, now: datetime) -> Keeping:
    """What is on hold, for retention, which sees every tenant's ids."""
    rows = await tx.fetch(f"select {_READ} from ipp.legal_hold where {_STANDS}", now, now.astimezone(UTC).date())
    if not rows:
        return Keeping()
    by_scope = {scope: [row for row in rows if row["scope"] == scope.value] for scope in Scope}
    named = [row["named"] for row in by_scope[Scope.PERSON]]
    payments = by_scope[Scope.PAYMENT]
    named += [
        row["person_id"]
        for row in await tx.fetch(
            "select p.person_id from unnest($1::text[], $2::text[]) as h(tenant_id, id) "
            "join ipp.payment p on p.company_id = h.tenant_id and p.id = h.id",
            [row["tenant_id"] for row in payments], [row["named"] for row in payments],
        )
    ]  # fmt: skip
    users = await tx.fetch(
        "select id, person_id from ipp.app_user where id = any($1::text[]) or person_id = any($1::text[])", named
    )
    persons = {*named, *(row[name] for row in users for name in ("id", "person_id"))}
    return Keeping(
        tenants=tuple(sorted(row["named"] for row in by_scope[Scope.TENANT])), persons=tuple(sorted(persons)),
        tables=frozenset(row["named"] for row in by_scope[Scope.TABLE]),
    )  # fmt: skip


async def over_person(tx: Tx, person: Person, now: datetime) -> tuple[KeptFor, date] | None:
    """The ground and last day of the hold that keeps a person's data longest; None when there is none.

    Of a hold on a whole table nothing is said: it keeps rows from their terms, and nobody from an erasure.
    """
    row = await tx.row(
        f"select h.reason, h.ends_on from ipp.legal_hold h where {_STANDS} and ("
        "  (h.scope = 'tenant' and h.named = any($3::text[])) or (h.scope = 'person' and (h.named = $4 or exists ("
        "    select from ipp.app_user u where u.tenant_id = $5 and u.id = h.named and u.person_id = $4))) or "
        "  (h.scope = 'payment' and exists (select from ipp.payment p where p.company_id = $5 and p.id = h.named "
        "    and p.company_id = h.tenant_id and p.person_id = $4))) order by h.ends_on desc limit 1",
        now, now.astimezone(UTC).date(), sorted({person.controller, person.rows_of}), person.person_id, person.rows_of,
    )  # fmt: skip
    return None if row is None else (KeptFor(row["reason"]), row["ends_on"])


def spared(keeps: Keeping, *, tenant: str | None, owner: str | None, first: int) -> tuple[str, Sequence[object]]:
    """A condition for rows called `t` that no hold keeps, and what it asks with, from `$first` on."""
    conditions, asked = ["true"], list[object]()
    for column, ids in ((tenant, keeps.tenants), (owner, keeps.persons)):
        if column is not None and ids:
            conditions.append(f"not (t.{column} = any (${first + len(asked)}::text[]))")
            asked.append(list(ids))
    return " and ".join(conditions), asked
