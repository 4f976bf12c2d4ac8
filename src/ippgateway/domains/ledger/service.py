"""Posting entries. `docs/reference/ledger.md` says which action posts what."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

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


class Approved(NamedTuple):
    """An approved action: its kind is a key of `POSTINGS`."""

    company_id: str
    action_id: str
    kind: str
    amount: Money
    at: datetime


async def post(tx: Tx, *, company_id: str, action_id: str, kind: str, amount: Money, at: datetime) -> None:
    """Post the entry of an approved action."""
    await post_all(tx, [Approved(company_id, action_id, kind, amount, at)])


async def post_all(tx: Tx, approved: Sequence[Approved]) -> None:
    """Post the entries of approved actions, in one statement so that the database can hold their balance."""
    lines = [
        (action.company_id, action.action_id, 2 * n + side, account.value, sign * action.amount.amount_minor,
         action.amount.currency.code, action.at)
        for action in approved
        for n, pair in enumerate(POSTINGS[action.kind])
        for side, (account, sign) in enumerate(zip(pair, (1, -1), strict=True), start=1)
    ]  # fmt: skip
    await tx.execute(
        "insert into ipp.ledger_line (company_id, entry_id, line, account, amount_minor, currency, action_id, at) "
        "select company_id, action_id, line, account, minor, currency, action_id, at "
        "from unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[]) "
        "as line(company_id, action_id, line, account, minor, currency, at)",
        *zip(*lines, strict=True),
    )
