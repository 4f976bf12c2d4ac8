"""What looks after keys and backups while the Platform runs: a process of its own, which nobody can reach.

Every minute it looks: an epoch that has reached its age is replaced, and so is one under which a destroyed key may
still lie in the log; what is superseded is destroyed, and nothing is left of it. Backups past their term go, and the
data server's log is copied for as long as backups of the data are made. It acts as the owner, as the set-up does.
"""

import asyncio
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ippgateway.app.backup import places, programs
from ippgateway.app.backup.replay import journal_kept
from ippgateway.app.keys import epochs, masters, numbers, schedule
from ippgateway.app.keys.ways import keys_owner
from ippgateway.app.local import bonds, postgres
from ippgateway.app.local.cluster import Server
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock
from ippgateway.core.ids import Randomness
from ippgateway.core.log import Log

_EVERY_S = 60.0
_COPIES_EVERY_S = 1.0
_SHARE = 100
"""At most a hundredth of its time goes into wrapping keys anew because somebody was erased."""
_SETTLED = timedelta(minutes=3)
"""After an erasure it is looked at once more (`privacy.rights.erase`); only then an epoch is replaced for it."""

_log = Log("keys")


@dataclass(slots=True)
class State:
    """What a round leaves to the next. `rest_until`: not before then for an erasure's sake. `daily_at`: when what is
    done once a day is next done."""

    rest_until: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))
    daily_at: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))


async def run(settings: Settings, *, clock: Clock, randomness: Randomness) -> None:
    """Until a signal ends it."""
    ending = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ending.set)
    working = [
        asyncio.create_task(_rounds(settings, clock, randomness)),
        asyncio.create_task(_copies(settings, clock)),
    ]
    await ending.wait()
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)


async def _rounds(settings: Settings, clock: Clock, randomness: Randomness) -> None:
    state = State()
    while True:
        try:
            await look(settings, state, clock=clock, randomness=randomness)
        except Exception as error:  # the database may be away; the next round finds the same
            _log.error("keys.not_looked_after", error)
        await clock.sleep(_EVERY_S)


async def look(settings: Settings, state: State, *, clock: Clock, randomness: Randomness) -> None:
    """One round."""
    aged = await _aged(settings, clock)
    if aged or (clock.now() >= state.rest_until and await _waits(settings, clock)):
        await numbers.prepare(settings, clock=clock, randomness=randomness)  # it waits, which is no work
        begun = clock.now()
        await schedule.rotate(settings, clock=clock, randomness=randomness)
        state.rest_until = clock.now() + max(epochs.UNUSED_FOR, _SHARE * (clock.now() - begun))
    if await _superseded(settings, clock.now() - epochs.UNUSED_FOR):
        await schedule.retire(settings, clock=clock, randomness=randomness)
    if clock.now() >= state.daily_at:
        await _daily(settings, clock=clock, randomness=randomness)
        state.daily_at = clock.now() + timedelta(days=1)


async def _daily(settings: Settings, *, clock: Clock, randomness: Randomness) -> None:
    """Old generations of the master keys go, and old backups; the journal forgets whom no backup knows any more."""
    await masters.retire(settings, clock=clock, randomness=randomness)
    async with keys_owner(settings) as keys:
        await keys.execute("delete from ipp.destroyed_key where last_at < $1", clock.now() - journal_kept(settings))
    note = places.noted(settings)
    if note is not None and await asyncio.to_thread(note.directory.exists):
        await asyncio.to_thread(places.remove_old, settings, note.directory, now=clock.now())


async def _aged(settings: Settings, clock: Clock) -> bool:
    """Whether the newest epoch has reached its age."""
    async with keys_owner(settings) as keys:
        made_at: datetime = await keys.fetchval("select max(created_at) from ipp.wrapping_key where kind = 'epoch'")
    return clock.now() - made_at >= timedelta(days=settings.key_epoch_days)


async def _superseded(settings: Settings, before: datetime) -> bool:
    """Whether there is a key that had a successor before that moment already."""
    async with keys_owner(settings) as keys:
        return bool(
            await keys.fetchval(
                "with k as (select kind, id, created_at from ipp.wrapping_key where kind = 'epoch' "
                "union all select kind, id, created_at from ipp.vault_key where kind = 'number') "
                "select exists (select 1 from k join k n on n.kind = k.kind and n.id > k.id and n.created_at < $1)",
                before,
            )
        )


async def _waits(settings: Settings, clock: Clock) -> bool:
    """Whether the newest epoch may have wrapped a key that was destroyed a while ago."""
    async with keys_owner(settings) as keys:
        return bool(
            await keys.fetchval(
                "select exists (select 1 from ipp.destroyed_key where last_at < $1 "
                "and epoch >= (select max(id) from ipp.wrapping_key where kind = 'epoch'))",
                clock.now() - _SETTLED,
            )
        )


# --- the log ---


async def _copies(settings: Settings, clock: Clock) -> None:
    """Copy the data server's log as it is written, for as long as a note says where to."""
    while Server.DATA in postgres.servers(settings):
        note = places.noted(settings)
        if note is not None and note.folder.exists():
            await _copy(settings, note, clock)
        await clock.sleep(_COPIES_EVERY_S)


async def _copy(settings: Settings, note: places.Note, clock: Clock) -> None:
    argv, environment = programs.receiver(settings, note.folder)
    child = await asyncio.create_subprocess_exec(
        *argv, env=environment, cwd="/", stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, start_new_session=True, preexec_fn=bonds.bound(signal.SIGTERM),
    )  # fmt: skip
    ended = asyncio.create_task(child.wait())
    try:
        while not ended.done() and places.noted(settings) == note:
            await asyncio.wait({ended}, timeout=_COPIES_EVERY_S)
        if ended.done():
            _log.warning("log.not_copied", code=child.returncode)
            await clock.sleep(_COPIES_EVERY_S)
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()
