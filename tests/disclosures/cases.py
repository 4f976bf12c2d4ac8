"""Requests as staff enter them, and the staff."""

from dataclasses import replace
from datetime import date
from typing import Any

from ippgateway.domains.disclosures.kinds import KINDS, Form
from ippgateway.domains.disclosures.schemas import NewCase
from ippgateway.privacy.platform import Platform

ANNA, BENT, CARLA, DORTE = "Anna-0000-0001", "Bent-0000-0002", "Carl-0000-0003", "Dort-0000-0004"
SAID = "kendelse 17-4402/2026"


def request(kind: str = "authority", *subjects: str, **other: Any) -> NewCase:
    """A request that says all it must."""
    new = NewCase(
        kind=kind, organisation="Københavns Byret", place="DK", subjects=subjects or ("0000-0000-0000",),
        contents={c.key: "yes" if c.form is Form.YES else f"{c.key}: {SAID}" for c in KINDS[kind].contents},
        categories=("name", "purchase"), due_on=date(2031, 6, 30) if KINDS[kind].deadline else None,
    )  # fmt: skip
    return replace(new, **other)


async def row_of(desk: Platform, case_id: str) -> dict[str, Any]:
    """The case's row, as the desk may read it."""
    from ippgateway.privacy.catalogue import DISCLOSURE
    from ippgateway.privacy.zones import PLATFORM

    async with desk.db.begin(DISCLOSURE, tenants=[PLATFORM]) as tx:
        row = await tx.row("select * from ipp.disclosure_case where id = $1", case_id)
    assert row is not None
    return dict(row)
