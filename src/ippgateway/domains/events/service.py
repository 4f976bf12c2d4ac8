"""Emitting events, inside the transaction that made them true."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ippgateway.core.database import Tx
from ippgateway.core.ids import Ids


class Happened(NamedTuple):
    """Something that happened to `subject_id`. Ids only; whoever reacts reads what it may."""

    company_id: str
    id: str
    kind: str
    subject_id: str
    at: datetime


async def emit(tx: Tx, ids: Ids, *, company_id: str, kind: str, subject_id: str, at: datetime) -> None:
    """Write that `kind` happened to `subject_id`."""
    await emit_all(tx, [Happened(company_id, ids.new(), kind, subject_id, at)])


async def emit_all(tx: Tx, happened: Sequence[Happened]) -> None:
    """Write everything that happened."""
    await tx.execute(
        "insert into ipp.event (company_id, id, kind, subject_id, at) "
        "select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])",
        *zip(*happened, strict=True),
    )
