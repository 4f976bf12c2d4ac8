"""The ledger's lines."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import BOOKS, PAYMENT, PAYMENT_RECORDS, PAYMENT_RECOVERY
from ippgateway.privacy.declare import ID, Access, Declares, Table, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class LedgerLine(Table):
    """One side of an entry, debit positive, credit negative. No role may change or delete a line; the lines of one
    statement balance per entry and currency, which a trigger of the database holds."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "action_id"], ["ipp.payment_action.company_id", "ipp.payment_action.id"]),
        CheckConstraint("amount_minor <> 0"),
        Index("ix_ledger_account", "company_id", "account", "currency"),
    )
    __declares__ = Declares(
        about=Words(en="ledger lines", da="posteringer"),
        tenant="company_id",
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(PAYMENT, insert=True),
            Access(PAYMENT_RECOVERY, insert=True),
            Access(PAYMENT_RECORDS),
            Access(BOOKS),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    entry_id: Mapped[str] = plain(ID, primary_key=True)
    line: Mapped[int] = plain(SmallInteger(), primary_key=True)
    account: Mapped[str] = plain(String(30))
    amount_minor: Mapped[int] = plain(BigInteger())
    currency: Mapped[str] = plain(String(3))
    action_id: Mapped[str] = plain(ID)
    at: Mapped[datetime] = plain(DateTime(timezone=True))
