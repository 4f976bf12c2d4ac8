"""Saying yes and no, and asking whether a yes stands (BASIS-3, CHOICE-1, CHOICE-2; GDPR Articles 7 and 21).

A yes needs the text that was shown; a no needs nothing. Whatever waits to be sent is void in the same transaction, and
whoever is about to send asks once more.
"""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import product

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.consents.errors import NothingShown, NotMarketing
from ippgateway.domains.consents.schemas import (
    COVERED,
    MARKETING,
    Channel,
    How,
    Line,
    Linked,
    Said,
    Shown,
    What,
    Whose,
)
from ippgateway.domains.consents.states import objecting, standing
from ippgateway.domains.mail import service as mail
from ippgateway.privacy.catalogue import CONSENT, NEWS
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest
from ippgateway.privacy.vocabulary import Basis, Category, Purpose
from ippgateway.privacy.zones import PLATFORM

UNSUBSCRIBE = "unsubscribe"
"""The first part of the path of a letter's link, at the origin where people ask about themselves."""

_EXPORTED_AT_ONCE = 500


def code_of(p: Platform, email: str) -> bytes:
    """The keyed code of an address, by which the proof of what its owner said is found."""
    return p.persons.index.code(PLATFORM, "consent.who", email.strip().casefold())


async def give(
    p: Platform, whose: Whose, *, purpose: Purpose, shown: Shown, how: How, channel: Channel = Channel.EMAIL
) -> None:
    """A yes. Raises NothingShown, NotMarketing."""
    if not shown.text.strip():
        raise NothingShown(purpose.key)
    if purpose.basis is not Basis.CONSENT:
        raise NotMarketing(purpose.key)
    async with p.db.begin(CONSENT, tenants=[whose.tenant_id]) as tx:
        text = await _keep(tx, p, shown)
        await _add(tx, p, whose, Said.GIVEN, purpose.key, channel.value, how, text)


async def withdraw(p: Platform, whose: Whose, *, purpose: Purpose, how: How, channel: Channel = Channel.EMAIL) -> None:
    """A no, as easily as the yes was said. It counts at once, and a second time changes nothing."""
    async with p.db.begin(CONSENT, tenants=[whose.tenant_id]) as tx:
        await _add(tx, p, whose, Said.WITHDRAWN, purpose.key, channel.value, how)
        await mail.void_news(tx, tenant_id=whose.tenant_id, person_id=whose.person_id)


async def object_to_marketing(p: Platform, whose: Whose, *, how: How) -> None:
    """A no to all marketing, by every way. Nothing is weighed against it (GDPR Article 21(3)); a second time changes
    nothing."""
    async with p.db.begin(CONSENT, tenants=[whose.tenant_id]) as tx:
        for purpose, channel in product(MARKETING, Channel):
            if not await _objected(tx, whose.tenant_id, whose.person_id, purpose.key, channel.value):
                await _add(tx, p, whose, Said.OBJECTED, purpose.key, channel.value, how)
        await mail.void_news(tx, tenant_id=whose.tenant_id, person_id=whose.person_id)


async def stands(
    p: Platform, *, tenant_id: str, person_id: str, purpose: Purpose, channel: Channel = Channel.EMAIL
) -> bool:
    """Whether somebody's yes counts at this moment. For whoever is about to send (`news`)."""
    async with p.db.begin(NEWS, tenants=[tenant_id]) as tx:
        return await _stands(tx, p, tenant_id, person_id, purpose.key, channel.value)


async def given(
    p: Platform, *, tenant_id: str, person_id: str, purpose: Purpose, categories: frozenset[Category]
) -> bool:
    """Whether somebody's yes counts at this moment and covers all of this. For the gate."""
    if not categories <= COVERED.get(purpose, frozenset()):
        return False
    return await stands(p, tenant_id=tenant_id, person_id=person_id, purpose=purpose)


async def lines(p: Platform, whose: Whose) -> list[Line]:
    """What somebody said, the newest first, with the texts they were shown."""
    async with p.db.begin(CONSENT, tenants=[whose.tenant_id]) as tx:
        rows = await tx.fetch(
            f"{_LINES} where c.tenant_id = $1 and c.person_id = $2 order by c.created_at desc, c.id desc",
            whose.tenant_id, whose.person_id,
        )  # fmt: skip
    return [_line(dict(row)) for row in rows]


# --- the letters' own way ---


@dataclass(frozen=True, kw_only=True, slots=True)
class NewsDesk:
    """Says of a letter of news whether it may go, and by which address it is stopped (`mail.ports.Permits`).

    `origin`: where people ask about themselves, no slash at its end."""

    p: Platform
    origin: str

    async def __call__(self, *, tenant_id: str, person_id: str) -> Secret[str] | None:
        """The address that stops it; None when nobody said yes, or somebody said no since."""
        if not await stands(self.p, tenant_id=tenant_id, person_id=person_id, purpose=NEWS):
            return None
        token = _token(self.p, tenant_id, person_id, NEWS.key, Channel.EMAIL.value)
        return Secret(f"{self.origin}/{UNSUBSCRIBE}/{token}")


async def linked(p: Platform, token: Secret[str]) -> Linked | None:
    """What a letter's link is about; None when it is none of ours, or its lines are gone."""
    async with p.db.begin(CONSENT) as tx:
        row = await tx.row(
            "select tenant_id, person_id, purpose, channel from ipp.consent where link_digest = $1 limit 1",
            digest(token.open()),
        )
        if row is None:
            return None
        return Linked(**row, stands=await _stands(tx, p, **row), objected=await _objected(tx, **row))


async def stop(p: Platform, token: Secret[str], *, how: How) -> bool:
    """Withdraw what a letter's link is about, without anybody signing in. Whether there was such a link."""
    found = await _behind(p, token)
    if found is None:
        return False
    whose, row = found
    async with p.db.begin(CONSENT, tenants=[whose.tenant_id]) as tx:
        # Mail programs ask more than once; one no is enough.
        if await _stands(tx, p, whose.tenant_id, whose.person_id, row["purpose"], row["channel"]):
            await _add(tx, p, whose, Said.WITHDRAWN, row["purpose"], row["channel"], how)
        await mail.void_news(tx, tenant_id=whose.tenant_id, person_id=whose.person_id)
    return True


async def stop_all(p: Platform, token: Secret[str], *, how: How) -> bool:
    """The objection of whoever has a letter's link, without anybody signing in. Whether there was such a link."""
    found = await _behind(p, token)
    if found is not None:
        await object_to_marketing(p, found[0], how=how)
    return found is not None


async def _behind(p: Platform, token: Secret[str]) -> tuple[Whose, Mapping[str, str]] | None:
    """Whose letters a link stops, and of which kind."""
    async with p.db.begin(CONSENT) as tx:
        row = await tx.row(
            "select tenant_id, person_id, purpose, channel, who_code from ipp.consent where link_digest = $1 limit 1",
            digest(token.open()),
        )
    if row is None:
        return None
    whose = Whose(tenant_id=row["tenant_id"], person_id=row["person_id"], code=row["who_code"])
    return whose, {"purpose": row["purpose"], "channel": row["channel"]}


# --- proof ---


async def proof(p: Platform, *, code: bytes | None = None) -> AsyncIterator[dict[str, object]]:
    """Every line as it is stored, with the text that was shown, the oldest first; of one address by its `code`, else of
    everybody. Ids and codes alone say whose it is. Keys: `id`, `tenant`, `person`, `at`, `said`, `purpose`, `channel`,
    `how`, `who_code` (hexadecimal), `shown` (`version`, `language`, `text`, `sha256`; null of a no)."""
    after = ("", "")
    while True:
        async with p.db.begin(CONSENT) as tx:
            rows = await tx.fetch(
                f"{_LINES} where ($1::bytea is null or c.who_code = $1) and (c.id, c.tenant_id) > ($2, $3) "
                "order by c.id, c.tenant_id limit $4",
                code, *after, _EXPORTED_AT_ONCE,
            )  # fmt: skip
        for row in rows:
            yield _proof(dict(row))
        if len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1]["id"], rows[-1]["tenant_id"])


# --- terms ---


async def record(
    tx: Tx, p: Platform, *, tenant_id: str, user_id: str, what: What, paper: str, version: str, language: str, how: How
) -> bool:
    """That a user was told of a version of a paper, or accepted it, in the transaction that runs the account. Whether
    it is new: once for each user and version."""
    return bool(await tx.execute(
        "insert into ipp.acceptance (tenant_id, id, user_id, created_at, paper, what, version, language, how) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        tenant_id, p.ids.new(), user_id, p.clock.now(), paper, what.value, version, language, how.value,
    ))  # fmt: skip


async def has_accepted(tx: Tx, *, tenant_id: str, user_id: str, paper: str, version: str) -> bool:
    """Whether a user accepted a version."""
    return await tx.value(
        "select 1 from ipp.acceptance where tenant_id = $1 and user_id = $2 and paper = $3 and version = $4 "
        "and what = 'accepted'",
        tenant_id, user_id, paper, version,
    ) is not None  # fmt: skip


# --- rows ---


async def _keep(tx: Tx, p: Platform, shown: Shown) -> bytes:
    """The text, once; what it is found by."""
    found = sha256(f"{shown.version}\0{shown.language}\0{shown.text}".encode()).digest()
    await tx.execute(
        "insert into ipp.consent_text (digest, version, language, text, created_at) values ($1, $2, $3, $4, $5) "
        "on conflict do nothing",
        found, shown.version, shown.language, shown.text, p.clock.now(),
    )  # fmt: skip
    return found


async def _add(
    tx: Tx, p: Platform, whose: Whose, said: Said, purpose: str, channel: str, how: How, text: bytes | None = None
) -> None:
    token = _token(p, whose.tenant_id, whose.person_id, purpose, channel)
    await tx.execute(
        "insert into ipp.consent (tenant_id, id, person_id, created_at, text_digest, said, purpose, channel, how, "
        "who_code, link_digest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        whose.tenant_id, p.ids.new(), whose.person_id, p.clock.now(), text, said.value, purpose, channel, how.value,
        whose.code, digest(token),
    )  # fmt: skip


async def _stands(tx: Tx, p: Platform, tenant_id: str, person_id: str, purpose: str, channel: str) -> bool:
    return standing(await _said(tx, tenant_id, person_id, purpose, channel), now=p.clock.now())


async def _objected(tx: Tx, tenant_id: str, person_id: str, purpose: str, channel: str) -> bool:
    return objecting(await _said(tx, tenant_id, person_id, purpose, channel))


async def _said(tx: Tx, tenant_id: str, person_id: str, purpose: str, channel: str) -> list[tuple[datetime, Said]]:
    rows = await tx.fetch(
        "select created_at, said from ipp.consent where tenant_id = $1 and person_id = $2 and purpose = $3 "
        "and channel = $4",
        tenant_id, person_id, purpose, channel,
    )  # fmt: skip
    return [(row["created_at"], Said(row["said"])) for row in rows]


def _token(p: Platform, tenant_id: str, person_id: str, purpose: str, channel: str) -> str:
    """128 bits that follow from whose letters of which kind they stop, so that nothing has to be stored for a letter,
    and a link in an old one still works."""
    code = p.persons.index.code(PLATFORM, "consent.link", f"{tenant_id}|{person_id}|{purpose}|{channel}")
    return urlsafe_b64encode(code).decode().rstrip("=")


_LINES = (
    "select c.tenant_id, c.id, c.person_id, c.created_at, c.said, c.purpose, c.channel, c.how, c.who_code, "
    "c.text_digest, t.version, t.language, t.text "
    "from ipp.consent c left join ipp.consent_text t on t.digest = c.text_digest"
)


def _shown(row: dict[str, object]) -> Shown | None:
    if row["text_digest"] is None:
        return None
    return Shown(version=str(row["version"]), language=str(row["language"]), text=str(row["text"]))


def _line(row: dict[str, object]) -> Line:
    return Line(
        at=row["created_at"], said=Said(str(row["said"])), purpose=str(row["purpose"]), channel=str(row["channel"]),  # type: ignore[arg-type]
        how=str(row["how"]), shown=_shown(row),
    )  # fmt: skip


def _proof(row: dict[str, object]) -> dict[str, object]:
    shown, found = _shown(row), row["text_digest"]
    told = shown and {
        "version": shown.version, "language": shown.language, "text": shown.text,
        "sha256": found.hex() if isinstance(found, bytes) else "",
    }  # fmt: skip
    code = row["who_code"]
    return {
        "id": row["id"], "tenant": row["tenant_id"], "person": row["person_id"],
        "at": row["created_at"].isoformat(),  # type: ignore[attr-defined]
        "said": row["said"], "purpose": row["purpose"], "channel": row["channel"], "how": row["how"],
        "who_code": code.hex() if isinstance(code, bytes) else "", "shown": told or None,
    }  # fmt: skip
