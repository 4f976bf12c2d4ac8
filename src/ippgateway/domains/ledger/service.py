"""Posting entries. `docs/reference/ledger.md` says which action posts what."""

from datetime import datetime
from enum import StrEnum

from ippgateway.core.database import Tx
from ippgateway.core.money import Money


class Account(StrEnum):
    """Accounts of a company's part of the ledger."""

    HOLDS_AT_ISSUERS = "holds_at_issuers"
    """What payers' banks hold for us; a memorandum account, as is the next."""
    AUTHORISED = "authorised"
    """What of those holds may still be captured."""
    DUE_FROM_ACQUIRER = "due_from_acquirer"
    DUE_TO_MERCHANT = "due_to_merchant"


_HOLD = (Account.HOLDS_AT_ISSUERS, Account.AUTHORISED)
_RELEASE = (Account.AUTHORISED, Account.HOLDS_AT_ISSUERS)
_TAKE = (Account.DUE_FROM_ACQUIRER, Account.DUE_TO_MERCHANT)
_GIVE_BACK = (Account.DUE_TO_MERCHANT, Account.DUE_FROM_ACQUIRER)

POSTINGS: dict[str, tuple[tuple[Account, Account], ...]] = {
    "AUTH": (_HOLD,),
    "INCREMENTAL": (_HOLD,),
    "SALE": (_TAKE,),
    "CAPTURE": (_RELEASE, _TAKE),
    "VOID": (_RELEASE,),
    "REFUND": (_GIVE_BACK,),
}
"""What each kind of action debits and credits, with its whole amount, when it is approved."""


async def post(tx: Tx, *, company_id: str, action_id: str, kind: str, amount: Money, at: datetime) -> None:
    """Post the entry of an approved action, in one statement so that the database can hold its balance."""
    accounts = [account.value for pair in POSTINGS[kind] for account in pair]
    amounts = [amount.amount_minor, -amount.amount_minor] * len(POSTINGS[kind])
    await tx.execute(
        "insert into ipp.ledger_line (company_id, entry_id, line, account, amount_minor, currency, action_id, at) "
        "select $1, $2, n, account, minor, $5, $2, $6 "
        "from unnest($3::text[], $4::bigint[]) with ordinality as line(account, minor, n)",
        company_id, action_id, accounts, amounts, amount.currency.code, at,
    )  # fmt: skip
