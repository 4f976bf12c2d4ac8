"""Paper files: entered, destroyed by one person, confirmed by another."""

import re
from datetime import UTC

import asyncpg

from ippgateway.domains.registers.errors import BadEntry, NoSuchFile, NotNow, NotYours
from ippgateway.domains.registers.schemas import FileView, How, NewFile
from ippgateway.domains.registers.service.kinds import categories
from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import REGISTERS
from ippgateway.privacy.disclosure.places import EEA
from ippgateway.privacy.platform import Platform

_MOST_SHOWN = 500
_WRITTEN = re.compile(r"[^\x00-\x1f\x7f]{2,120}")
_TWO_PEOPLE = "ck_paper_file_two_people"
_SHOWN = (
    "id, label, country, place, categories, destroy_by, entered_by, created_at, destroyed_at, destroyed_by, how, "
    "confirmed_at, confirmed_by"
)


async def enter(p: Platform, new: NewFile, *, by: str) -> str:
    """Enter a file; its id. Raises BadEntry: also of a place outside the EEA, where none is kept (SEC-2)."""
    _require(p, new)
    file_id = p.ids.new()
    async with p.db.begin(REGISTERS) as tx:
        await tx.execute(
            "insert into ipp.paper_file (id, label, country, place, categories, destroy_by, entered_by, created_at) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8)",
            file_id, new.label.strip(), new.country, new.place.strip(), list(new.categories), new.destroy_by, by,
            p.clock.now(),
        )  # fmt: skip
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act="paper.entered", on=file_id)
    return file_id


def _require(p: Platform, new: NewFile) -> None:
    if not _WRITTEN.fullmatch(new.label.strip()):
        raise BadEntry("label")
    if new.country not in EEA:
        raise BadEntry("country")
    if not _WRITTEN.fullmatch(new.place.strip()):
        raise BadEntry("place")
    if not new.categories or not set(new.categories) <= {category.key for category in categories()}:
        raise BadEntry("categories")
    if new.destroy_by <= p.clock.now().astimezone(UTC).date():
        raise BadEntry("destroy_by")


async def destroy(p: Platform, *, file_id: str, how: How, by: str) -> None:
    """Write down that `by` destroyed it; it counts once somebody else confirms. Raises NoSuchFile, NotNow."""
    await _step(
        p, file_id, by, "paper.destroyed", "destroyed_at = $2, destroyed_by = $3, how = $4", "destroyed_at is null",
        how.value,
    )  # fmt: skip


async def confirm(p: Platform, *, file_id: str, by: str) -> None:
    """Write down that `by` saw it destroyed. Raises NoSuchFile, NotNow, NotYours."""
    try:
        await _step(
            p, file_id, by, "paper.confirmed", "confirmed_at = $2, confirmed_by = $3",
            "destroyed_at is not null and confirmed_at is null",
        )  # fmt: skip
    except asyncpg.CheckViolationError as broken:
        if broken.constraint_name == _TWO_PEOPLE:
            raise NotYours from None
        raise


async def _step(p: Platform, file_id: str, by: str, act: str, changed: str, when: str, *more: object) -> None:
    async with p.db.begin(REGISTERS) as tx:
        if not await tx.execute(
            f"update ipp.paper_file set {changed} where id = $1 and {when}", file_id, p.clock.now(), by, *more
        ):
            known = await tx.value("select 1 from ipp.paper_file where id = $1", file_id)
            raise NotNow if known else NoSuchFile
        await audit.record(tx, actor=f"{p.zone.value}/{by}", act=act, on=file_id)


async def files(p: Platform) -> tuple[FileView, ...]:
    """Every file, those that are still there first, by their last day."""
    return await _files(p, f"order by confirmed_at is not null, destroy_by, id limit {_MOST_SHOWN}")


async def file(p: Platform, *, file_id: str) -> FileView:
    """One of them. Raises NoSuchFile."""
    found = await _files(p, "where id = $1", file_id)
    if not found:
        raise NoSuchFile
    return found[0]


async def _files(p: Platform, which: str, *asked: object) -> tuple[FileView, ...]:
    async with p.db.begin(REGISTERS) as tx:
        rows = await tx.fetch(f"select {_SHOWN} from ipp.paper_file {which}", *asked)
    return tuple(
        FileView(**dict(row) | {"categories": tuple(row["categories"]), "how": How(row["how"]) if row["how"] else None})
        for row in rows
    )
