"""Emitting events, inside the transaction that made them true."""

from datetime import datetime

from ippgateway.core.database import Tx
from ippgateway.core.ids import Ids


async def emit(tx: Tx, ids: Ids, *, company_id: str, kind: str, subject_id: str, at: datetime) -> None:
    """Write that `kind` happened to `subject_id`. Ids only; whoever reacts reads what it may."""
    await tx.execute(
        "insert into ipp.event (company_id, id, kind, subject_id, at) values ($1, $2, $3, $4, $5)",
        company_id, ids.new(), kind, subject_id, at,
    )  # fmt: skip
