"""What an erasure will do, before it is done: what goes and how, what stays, on which ground, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ippgateway.privacy.catalogue import VAULT
from ippgateway.privacy.rights.grounds import KEPT_FOR
from ippgateway.privacy.rights.held import Held, HeldField
from ippgateway.privacy.vocabulary import Category, Ground, Words

KEY_DESTROYED = Words(
    en="Its key is destroyed and it is emptied: no running part of the Platform can open it. Copies of the key in "
    "backups die with them.",
    da="Nøglen destrueres, og feltet tømmes: intet i den kørende platform kan åbne det. Kopier af nøglen i "
    "sikkerhedskopier forsvinder med dem.",
)
EMPTIED = Words(en="It is emptied.", da="Feltet tømmes.")
ROW_DELETED = Words(en="The whole record is deleted.", da="Hele posten slettes.")
RESTRICTED = Words(
    en="It is kept and locked: it may be read for this ground alone.",
    da="Det gemmes og låses: det må kun læses af denne grund.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Fields of one category in one table that end alike. `why` and `until`: the ground of RETAIN-3 on which it stays,
    and its last day; None of what goes. `ground`: the key that keeps it, None where a legal hold keeps everything."""

    table: str
    about: Words
    category: Category
    columns: tuple[str, ...]
    count: int
    how: Words
    why: Words | None = None
    ground: Ground | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What goes and what stays."""

    goes: tuple[Line, ...]
    stays: tuple[Line, ...]


def plan_of(held: Held) -> Plan:
    """The plan for what is held. The same declarations, and the same holds, decide what `erase` does."""
    if held.on_hold is not None:
        return Plan(goes=(), stays=_all_on_hold(held))
    together: dict[tuple[object, ...], list[HeldField]] = {}
    for field in held.fields:
        together.setdefault((field.table, field.said.category, _how(field), field.said.stays), []).append(field)
    lines = [_line(fields) for fields in together.values()]
    return Plan(
        goes=tuple(line for line in lines if line.why is None),
        stays=tuple(line for line in lines if line.why is not None),
    )


def _all_on_hold(held: Held) -> tuple[Line, ...]:
    """What a hold keeps: everything, at least until its last day."""
    assert held.on_hold is not None  # noqa: S101 - whoever asks has looked
    reason, until = held.on_hold
    together: dict[tuple[object, ...], list[HeldField]] = {}
    for field in held.fields:
        together.setdefault((field.table, field.said.category), []).append(field)
    return tuple(
        replace(_line(fields), how=RESTRICTED, why=KEPT_FOR[reason], ground=None, until=until)
        for fields in together.values()
    )


def _line(fields: list[HeldField]) -> Line:
    first = fields[0]
    ground = first.said.sealed if first.said.stays else None
    assert first.said.category is not None  # noqa: S101 - only personal fields are held
    return Line(
        table=first.table, about=first.about, category=first.said.category,
        columns=tuple(dict.fromkeys(f.column for f in fields)), count=len(fields), how=_how(first),
        ground=ground, why=ground.retained if ground is not None else None,
        until=_latest(f.ends_on for f in fields) if first.said.stays else None,
    )  # fmt: skip


def _how(field: HeldField) -> Words:
    if field.said.stays:
        return RESTRICTED
    if field.row_goes:
        return ROW_DELETED
    return KEY_DESTROYED if field.said.sealed not in (None, VAULT) else EMPTIED


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)
