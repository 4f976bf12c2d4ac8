"""The key database: wrapped keys, and nothing else."""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped

from ippgateway.core.ids import OWN_TENANT
from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUTHENTICATE,
    BOOKS,
    DISCLOSURE,
    ERASURE,
    HAND_OVER,
    MAIL,
    NOTIFY,
    OWN_DATA,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    REGISTERS,
    REQUESTS,
    RETENTION,
    STAFF_ACCOUNT,
    SUPPORT,
    SUPPORT_SEARCH,
)
from ippgateway.privacy.declare import ID, Access, Declares, KeyTable, linking, plain
from ippgateway.privacy.vocabulary import HeldAs, Words

_EVERYONE = (
    AUTHENTICATE, PAYMENT, PAYMENT_RECOVERY, PAYMENT_RECORDS, ACCOUNT, NOTIFY, OWN_DATA, ERASURE, BOOKS, STAFF_ACCOUNT,
    MAIL, DISCLOSURE, HAND_OVER, REQUESTS, SUPPORT_SEARCH, SUPPORT, REGISTERS,
)  # fmt: skip


class PersonKey(KeyTable):
    """A person's key for one ground, wrapped under an epoch. Deleting the row makes the fields unreadable for good;
    a restricted one is seen by the purpose alone that its ground is kept for, until `kept_until`."""

    __tablename__ = "person_key"
    __table_args__ = (
        CheckConstraint("turn in ('PREPARED', 'TURNED')"),
        Index("ix_person_key_epoch", "epoch"),
        Index("ix_person_key_turn", "turn", postgresql_where=text("turn is not null")),
        Index("ix_person_key_outlived", "kept_until", postgresql_where=text("restricted_at is not null")),
    )
    __declares__ = Declares(
        about=Words(en="keys of persons, wrapped", da="personers nøgler, indpakket"),
        tenant="controller",
        held_as=HeldAs.CONTROLLER,
        restricted="restricted_at",
        paused="paused_at",
        objected="objected",
        access=(
            Access(PAYMENT, insert=True),
            Access(ACCOUNT, insert=True),
            Access(STAFF_ACCOUNT, insert=True),
            Access(MAIL),
            Access(PAYMENT_RECOVERY),
            Access(PAYMENT_RECORDS),
            Access(NOTIFY),
            Access(OWN_DATA, insert=True),
            Access(DISCLOSURE, insert=True, only_of=OWN_TENANT),
            Access(HAND_OVER),
            Access(REQUESTS, only_of=OWN_TENANT),
            Access(SUPPORT, only_of=OWN_TENANT),
            Access(REGISTERS, insert=True, only_of=OWN_TENANT),
            Access(
                ERASURE,
                only=("controller", "person_id", "ground", "epoch", "other_epoch", "restricted_at", "kept_until",
                      "paused_at", "objected"),
                update=("restricted_at", "kept_until", "paused_at", "objected"), delete=True, restricted=True,
            ),
            Access(
                RETENTION,
                only=("controller", "person_id", "ground", "epoch", "other_epoch", "created_at", "restricted_at",
                      "kept_until"),
                delete=True, restricted=True, across_tenants=True,
            ),
            Access(BOOKS, restricted=True),
        ),
    )  # fmt: skip
    controller: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID, primary_key=True)
    ground: Mapped[str] = plain(String(20), primary_key=True)
    epoch: Mapped[int] = plain(Integer(), nullable=False)
    wrapped: Mapped[bytes] = plain(LargeBinary(), nullable=False)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True), nullable=False)
    restricted_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    kept_until: Mapped[date | None] = plain(Date())
    paused_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """Since when the person has it restricted (Article 18): nothing but duties by law sees it until it is lifted."""
    objected: Mapped[list[str]] = plain(ARRAY(String(40)), server_default="{}")
    """Keys of purposes that the person objected to (Article 21), which don't see it."""
    other: Mapped[bytes | None] = plain(LargeBinary())
    """While the key is replaced: the next one before the turn, the former one after it. Both open."""
    other_epoch: Mapped[int | None] = plain(Integer())
    turn: Mapped[str | None] = plain(String(8))
    turned_at: Mapped[datetime | None] = plain(DateTime(timezone=True))


class DestroyedKey(KeyTable):
    """The journal of erasures: whose keys were destroyed, and when. It lies with the keys, so that data that is
    restored from before an erasure hears of it. `epoch`: the newest that can have wrapped a destroyed key; once all
    epochs up to it are destroyed themselves, nothing opens what is left of that key in files and log."""

    __tablename__ = "destroyed_key"
    __declares__ = Declares(
        about=Words(en="the journal of erasures", da="journalen over sletninger"),
        tenant="controller",
        held_as=HeldAs.CONTROLLER,
        access=tuple(
            Access(purpose, insert=True, update=("epoch", "last_at", "erased")) for purpose in (ERASURE, RETENTION)
        ),
    )
    controller: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID, primary_key=True)
    tenant: Mapped[str] = plain(ID, nullable=False)
    """Whose rows are about the person, when not the controller's; else empty."""
    epoch: Mapped[int] = plain(Integer(), nullable=False)
    first_at: Mapped[datetime] = plain(DateTime(timezone=True), nullable=False)
    last_at: Mapped[datetime] = plain(DateTime(timezone=True), nullable=False)
    erased: Mapped[bool] = plain(Boolean(), nullable=False)
    """Whether it was an erasure, which a restored database hears of; else nothing of theirs had been left to keep."""


class WrappingKey(KeyTable):
    """Epochs, under which persons' keys are wrapped, and the key of the blind indexes; wrapped under the master key."""

    __tablename__ = "wrapping_key"
    __table_args__ = (CheckConstraint("kind in ('epoch', 'index')"),)
    __declares__ = Declares(
        about=Words(en="wrapping keys, wrapped themselves", da="indpakningsnøgler, selv indpakket"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=tuple(Access(purpose) for purpose in _EVERYONE),
    )
    id: Mapped[int] = plain(Integer(), primary_key=True, autoincrement=False)
    kind: Mapped[str] = plain(String(10), nullable=False)
    wrapped: Mapped[bytes] = plain(LargeBinary(), nullable=False)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True), nullable=False)


class VaultKey(KeyTable):
    """Keys of the card vault, wrapped under the vault's own master key, which only the payment zone holds."""

    __tablename__ = "vault_key"
    __table_args__ = (CheckConstraint("kind in ('number', 'fingerprint')"),)
    __declares__ = Declares(
        about=Words(en="card vault keys, wrapped", da="kortboksens nøgler, indpakket"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=(Access(PAYMENT), Access(PAYMENT_RECOVERY)),
    )
    id: Mapped[int] = plain(Integer(), primary_key=True, autoincrement=False)
    kind: Mapped[str] = plain(String(12), nullable=False)
    wrapped: Mapped[bytes] = plain(LargeBinary(), nullable=False)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True), nullable=False)
