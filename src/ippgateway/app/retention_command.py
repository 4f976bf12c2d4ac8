"""`ippgateway retention`: what has been kept long enough, and why; with `--run` it is removed, as the worker does.

Without `--run` nothing is changed. Exit codes: 0, and 3 when a run left something behind that no legal hold keeps.
"""

import asyncio
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights import holds
from ippgateway.privacy.rights.grounds import KEPT_FOR
from ippgateway.privacy.rights.retain import Due, Run, due, remove
from ippgateway.privacy.zones import Zone

BEHIND = 3
WIDTH = 100
_BAR = 40


def main(settings: Settings, *, run: bool, holds: bool, as_json: bool) -> int:
    """Show what is due, remove it, or list the holds. The exit code."""
    return asyncio.run(_listed(settings, as_json=as_json) if holds else _run(settings, run=run, as_json=as_json))


async def _run(settings: Settings, *, run: bool, as_json: bool) -> int:
    async with platform_for(Zone.WORKER, settings) as p:
        before = await due(p)
        done = await remove(p) if run else None
        after = await due(p) if run else before
    _say(document(before, done) if as_json else "\n".join(told(before, done)))
    return BEHIND if done is not None and any(each.count for each in after) else 0


async def _listed(settings: Settings, *, as_json: bool) -> int:
    async with platform_for(Zone.DESK, settings) as p:
        found = await holds.every(p)
        today = p.clock.now().date()
    if as_json:
        _say({"holds": [_hold_document(hold, stands=hold.stands(today)) for hold in found]})
    else:
        _say("\n".join(_told_holds(found, p)) if found else "there are no legal holds")
    return 0


# --- for people ---


def told(found: Sequence[Due], done: Run | None) -> Iterator[str]:
    """What is due, part by part with a bar for each, at most WIDTH columns."""
    due_now = [each for each in found if each.count or each.held]
    rows, held = sum(each.count for each in due_now), sum(each.held for each in due_now)
    yield f"{rows} rows are due, {held} more are kept by legal holds; {len(found)} terms were looked at"
    most = max((each.count + each.held for each in due_now), default=0)
    for each in due_now:
        yield ""
        yield f"{each.part:<36}{_bar(each, most)} {each.count}" + (f" + {each.held} held" if each.held else "")
        yield from _wrapped(f"{each.about.en}: {_why(each)}")
    if done is not None:
        yield ""
        removed, behind = sum(done.removed.values()), sum(done.behind.values())
        yield f"run {done.id}: {removed} rows removed, keys of {done.keys} persons destroyed, {behind} rows left behind"


def _bar(each: Due, most: int) -> str:
    free = -(-_BAR * each.count // most)
    return ("#" * free + "." * min(-(-_BAR * each.held // most), _BAR - free)).ljust(_BAR)


def _why(each: Due) -> str:
    statute = f" ({each.term.statute})" if each.term.statute else ""
    oldest = f"; the oldest is counted from {each.oldest:%Y-%m-%d}" if each.oldest else ""
    goes = "whole rows go" if each.deletes else f"emptied: {', '.join(each.columns)}"
    return f"kept {each.term.words.en}{statute}, counted from: {each.term.trigger}{oldest}; {goes}"


def _told_holds(found: Sequence[holds.Hold], p: Platform) -> Iterator[str]:
    today = p.clock.now().date()
    for hold in found:
        ended = f"released {hold.released_at:%Y-%m-%d}" if hold.released_at else "over"
        state = "stands" if hold.stands(today) else ended
        of = f" of {hold.tenant_id}" if hold.tenant_id else ""
        yield f"{hold.id}  {state}, until {hold.ends_on}: {hold.scope.value} {hold.named}{of}"
        yield from _wrapped(f"{KEPT_FOR[hold.reason].en}; case {hold.reference}; decided by {hold.owner_id}")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


# --- for programs ---


def document(found: Sequence[Due], done: Run | None) -> dict[str, Any]:
    """What is due: `due`, a list with `part`, `table`, `columns`, `term`, `counted` (the trigger), `rows`, `held`,
    `oldest`, `deletes`; and `run` (null without one) with `id`, `removed` and `behind` by part, `keys`."""
    return {
        "due": [
            {"part": each.part, "table": each.table, "columns": list(each.columns), "term": each.term.key,
             "counted": each.term.counted.value, "rows": each.count, "held": each.held, "deletes": each.deletes,
             "oldest": each.oldest.isoformat() if each.oldest else None}
            for each in found
        ],
        "run": None if done is None else {
            "id": done.id, "removed": done.removed, "behind": done.behind, "keys": done.keys,
        },
    }  # fmt: skip


def _hold_document(hold: holds.Hold, *, stands: bool) -> dict[str, Any]:
    return {
        "id": hold.id, "reason": hold.reason.value, "scope": hold.scope.value, "tenant_id": hold.tenant_id,
        "named": hold.named, "reference": hold.reference, "owner_id": hold.owner_id,
        "begins_at": hold.begins_at.isoformat(), "ends_on": hold.ends_on.isoformat(), "stands": stands,
        "released_at": hold.released_at.isoformat() if hold.released_at else None, "released_by": hold.released_by,
    }  # fmt: skip


def _say(what: dict[str, Any] | str) -> None:
    text = what if isinstance(what, str) else json.dumps(what, indent=2, ensure_ascii=False)
    sys.stdout.write(text + "\n")
