"""A company's keys: showing one, replacing one while the old one still works for a while, further ones for one scope.

Key 1 is for data, key 2 for payments (wire contract, section 5). Bearer secrets are recognised by a keyed code; only
the two that the company's console shows are stored, sealed.
"""

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

import asyncpg

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.service.managing import By, recorded, tell_managers
from ippgateway.domains.companies.errors import BadKey, CompanyNotFound, NoSuchKey, TooManyKeys
from ippgateway.domains.companies.models import Company, CompanyKey
from ippgateway.domains.companies.schemas import KeyMatch, KeyScope, KeyView
from ippgateway.domains.companies.service.holder import person_of_active
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import PLATFORM

KEY1_LETTERS = 42
KEY2_LETTERS = 14
LONGEST_OVERLAP_S = 30 * 86_400
MOST_FURTHER_KEYS = 50
"""Every call of a shop is compared with all of them."""
_LONGEST_LABEL = 60

_SCOPES = {1: KeyScope.DATA, 2: KeyScope.PAYMENT}
_LETTERS = {KeyScope.DATA: KEY1_LETTERS, KeyScope.PAYMENT: KEY2_LETTERS, KeyScope.READ: KEY1_LETTERS}


def key_code(p: Platform, tenant_id: str, key: str) -> bytes:
    """What is stored of a key to recognise it: a keyed code."""
    return p.persons.index.code(tenant_id, "api_key", key)


async def match_keys(p: Platform, *, company_id: str, secrets: Collection[str]) -> KeyMatch | None:
    """Which of the company's keys are among `secrets`, in constant time; None when none is (contract, section 5).

    A key counts until its end and not at that moment any more.
    """
    async with p.db.begin(AUTHENTICATE) as tx:
        rows = await tx.fetch(
            "select c.status, c.key1_digest, c.key2_digest, k.scope, k.digest from ipp.company c "
            "left join ipp.company_key k on k.company_id = c.id and (k.ends_at is null or k.ends_at > $2) "
            "where c.id = $1",
            company_id, p.clock.now(),
        )  # fmt: skip
    codes = [key_code(p, company_id, secret) for secret in secrets]
    fitting = [scope for scope, digest in _known(rows) if any([hmac.compare_digest(c, digest) for c in codes])]
    if not rows or rows[0]["status"] != "active" or not fitting:
        return None
    data = KeyScope.DATA in fitting
    return KeyMatch(
        company_id=company_id, data_key=data or KeyScope.READ in fitting, payment_key=KeyScope.PAYMENT in fitting,
        reads_only=not data and KeyScope.READ in fitting,
    )  # fmt: skip


def _known(rows: list[asyncpg.Record]) -> list[tuple[KeyScope, bytes]]:
    """Every key that a company has now. Of one that isn't there two that nobody has, so that it takes as long."""
    if not rows:
        return [(KeyScope.DATA, bytes(16)), (KeyScope.PAYMENT, bytes(16))]
    first = rows[0]
    further = [(KeyScope(row["scope"]), row["digest"]) for row in rows if row["scope"] is not None]
    return [(KeyScope.DATA, first["key1_digest"]), (KeyScope.PAYMENT, first["key2_digest"]), *further]


async def rotate_key(p: Platform, *, company_id: str, which: int, overlap_s: int, by: By) -> Secret[str]:
    """A new key 1 or 2; the old one works for `overlap_s` seconds more, so that a shop can change over (0: it stops at
    once). Raises CompanyNotFound, BadKey (no such key, or an overlap longer than LONGEST_OVERLAP_S), TooManyKeys."""
    if which not in _SCOPES or not 0 <= overlap_s <= LONGEST_OVERLAP_S:
        raise BadKey("which key, or for how long")
    scope = _SCOPES[which]
    box = await p.persons.open(ACCOUNT, PLATFORM, await person_of_active(p, company_id))
    fresh = Secret(p.ids.letters(_LETTERS[scope]))
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        old = await _locked(tx, box, company_id, which)
        if overlap_s:
            await _room_for_one(tx, p, company_id)
            until = p.clock.now() + timedelta(seconds=overlap_s)
            await _keep(tx, p, box, company_id, scope, old, replaced=True, ends_at=until)
        await _put(tx, p, box, company_id, which, fresh)
        await recorded(tx, p, by, "company.key_rotated", company_id)
        await tell_managers(tx, p, company_id, Kind.KEYS_REPLACED)
    return fresh


async def replace_keys(p: Platform, *, company_id: str, key1: str | None, key2: str | None, by: By) -> None:
    """Replace the keys that are given, at once and by what the caller chose (wire contract 7.3). `by`: the session,
    or the company's id when a key did it. Raises BadKey when one does not fit the contract's 4.1."""
    for key, longest in ((key1, KEY1_LETTERS), (key2, KEY2_LETTERS)):
        if key is not None and not (0 < len(key) <= longest and key.isascii() and key.replace("-", "").isalnum()):
            raise BadKey("length or alphabet")
    box = await p.persons.open(ACCOUNT, PLATFORM, await person_of_active(p, company_id))
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        changed = False
        for which, key in ((1, key1), (2, key2)):
            if key is not None and (await _locked(tx, box, company_id, which)).open() != key:
                await _put(tx, p, box, company_id, which, Secret(key))
                changed = True
        if changed:
            await recorded(tx, p, by, "company.keys_replaced", company_id)
            await tell_managers(tx, p, company_id, Kind.KEYS_REPLACED)


async def add_key(
    p: Platform, *, company_id: str, scope: KeyScope, label: str, ends_at: datetime | None, by: By
) -> tuple[str, Secret[str]]:
    """A further key for one scope, for one program; its id, and the key, which is told this once. Raises
    CompanyNotFound, BadKey (a label that is none, an end that has been), TooManyKeys."""
    if not label.strip() or len(label) > _LONGEST_LABEL or (ends_at is not None and ends_at <= p.clock.now()):
        raise BadKey("label or end")
    box = await p.persons.open(ACCOUNT, PLATFORM, await person_of_active(p, company_id))
    fresh = Secret(p.ids.letters(_LETTERS[scope]))
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        await _lock(tx, company_id)
        await _room_for_one(tx, p, company_id)
        key_id = await _keep(tx, p, box, company_id, scope, fresh, replaced=False, ends_at=ends_at, label=label.strip())
        await recorded(tx, p, by, f"company.key_added.{scope.value}", company_id)
        await tell_managers(tx, p, company_id, Kind.KEYS_REPLACED)
    return key_id, fresh


async def keys(p: Platform, *, company_id: str) -> tuple[KeyView, ...]:
    """The further keys that work, newest first: those replaced a while ago, and those of programs."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        rows = await tx.fetch(
            "select id, person_id, scope, replaced, created_at, ends_at, label from ipp.company_key "
            "where company_id = $1 and (ends_at is null or ends_at > $2) order by id desc",
            company_id, p.clock.now(),
        )  # fmt: skip
    boxes = await p.persons.open_many(ACCOUNT, PLATFORM, {row["person_id"] for row in rows})
    return tuple(
        KeyView(
            id=row["id"], scope=KeyScope(row["scope"]), replaced=row["replaced"], created_at=row["created_at"],
            ends_at=row["ends_at"], label=boxes[row["person_id"]].open(CompanyKey.label, row["label"]).open(),
        )
        for row in rows
    )  # fmt: skip


async def end_key(p: Platform, *, company_id: str, key_id: str, by: By) -> None:
    """End a further key at once, whatever its end was. Raises NoSuchKey."""
    async with p.db.begin(ACCOUNT, tenants=[company_id]) as tx:
        gone = await tx.execute("delete from ipp.company_key where company_id = $1 and id = $2", company_id, key_id)
        if not gone:
            raise NoSuchKey
        await recorded(tx, p, by, "company.key_ended", company_id)


async def _lock(tx: Tx, company_id: str) -> None:
    """Changes of a company's keys come one after the other. Raises CompanyNotFound."""
    if not await tx.value("select 1 from ipp.company where id = $1 and status = 'active' for update", company_id):
        raise CompanyNotFound


async def _locked(tx: Tx, box: Box, company_id: str, which: int) -> Secret[str]:
    """The present key, which nobody else changes before this transaction ends. Raises CompanyNotFound."""
    sealed = await tx.value(
        f"select key{which} from ipp.company where id = $1 and status = 'active' for update", company_id
    )
    if sealed is None:
        raise CompanyNotFound
    return box.open(Company.key1 if which == 1 else Company.key2, sealed)


async def _put(tx: Tx, p: Platform, box: Box, company_id: str, which: int, key: Secret[str]) -> None:
    column = Company.key1 if which == 1 else Company.key2
    await tx.execute(
        f"update ipp.company set key{which} = $2, key{which}_digest = $3 where id = $1",
        company_id, box.seal(column, key.open()), key_code(p, company_id, key.open()),
    )  # fmt: skip


async def _room_for_one(tx: Tx, p: Platform, company_id: str) -> None:
    """Forget the keys that have ended, and see that one more is not too many."""
    await tx.execute("delete from ipp.company_key where company_id = $1 and ends_at <= $2", company_id, p.clock.now())
    if await tx.value("select count(*) from ipp.company_key where company_id = $1", company_id) >= MOST_FURTHER_KEYS:
        raise TooManyKeys


async def _keep(
    tx: Tx, p: Platform, box: Box, company_id: str, scope: KeyScope, key: Secret[str], *,
    replaced: bool, ends_at: datetime | None, label: str = "",
) -> str:  # fmt: skip
    key_id = p.ids.new()
    await tx.execute(
        "insert into ipp.company_key (company_id, id, person_id, scope, replaced, created_at, ends_at, label, digest) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        company_id, key_id, box.person_id, scope.value, replaced, p.clock.now(), ends_at,
        box.seal(CompanyKey.label, label), key_code(p, company_id, key.open()),
    )  # fmt: skip
    return key_id
