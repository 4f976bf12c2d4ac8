"""Posting entries. `docs/reference/ledger.md` says which action posts what."""

from datetime import datetime
from enum import StrEnum

from ippgateway.core.database import Tx
from ippgateway.core.money import Money


class Account(StrEnum):
    """Accounts of a company's part of the ledger."""

    HOLDS_AT_ISSUERS = "holds_at_issuers"
    AUTHORISED = "authorised"
    DUE_FROM_ACQUIRER = "due_from_acquirer"
    DUE_TO_MERCHANT = "due_to_merchant"


ENTRIES: dict[str, tuple[Account, Account]] = {
    "AUTH": (Account.HOLDS_AT_ISSUERS, Account.AUTHORISED),
    "SALE": (Account.DUE_FROM_ACQUIRER, Account.DUE_TO_MERCHANT),
}
"""What is debited and credited when an action is approved."""


async def post(tx: Tx, *, company_id: str, action_id: str, kind: str, amount: Money, at: datetime) -> None:
    """Post the entry of an approved action, in one statement so that the database can hold its balance."""
    debit, credit = ENTRIES[kind]
    await tx.execute(
        "insert into ipp.ledger_line (company_id, entry_id, line, account, amount_minor, currency, action_id, at) "
        "values ($1, $2, 1, $3, $5, $6, $2, $7), ($1, $2, 2, $4, -$5::bigint, $6, $2, $7)",
        company_id, action_id, debit.value, credit.value, amount.amount_minor, amount.currency.code, at,
    )  # fmt: skip
