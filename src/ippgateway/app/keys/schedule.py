"""Epoch and vault key are replaced together, and superseded ones destroyed together.

Backups of the data still have card numbers under a superseded key of the vault. So the keys are backed up once more
before it is destroyed: a restore finds it there for as long as any of those backups is kept, and nobody finds it in the
running system.
"""

from ippgateway.app.backup import keyfile, places
from ippgateway.app.keys import epochs, numbers
from ippgateway.app.settings import Settings
from ippgateway.core.clock import Clock
from ippgateway.core.ids import Randomness


async def rotate(settings: Settings, *, clock: Clock, randomness: Randomness) -> list[str]:
    """Make a new epoch and new keys of the vault and seal everything anew; what was done, in sentences."""
    await numbers.prepare(settings, clock=clock, randomness=randomness)
    epoch = await epochs.new_epoch(settings, clock=clock, randomness=randomness)
    number = await numbers.new_number_key(settings, clock=clock, randomness=randomness)
    return [
        f"epoch {epoch}: {await epochs.rewrap(settings, randomness=randomness)} person keys wrapped anew",
        f"vault key {number}: {await numbers.reseal(settings, number, randomness=randomness)} values sealed anew",
    ]


async def retire(settings: Settings, *, clock: Clock, randomness: Randomness) -> list[str]:
    """Destroy what is superseded and leave nothing of it; what was done, in sentences.

    Processes that had not noticed the newest keys may have used older ones since; so everything is looked at once more.
    """
    await epochs.rewrap(settings, randomness=randomness)
    await numbers.reseal(settings, await numbers.newest(settings), randomness=randomness)
    note = places.noted(settings)
    if note is not None:
        now = clock.now()
        await keyfile.dump(settings, places.key_file(note.directory, now), at=now, randomness=randomness)
    gone = await epochs.retire(settings, clock=clock)
    vault = await numbers.retire(settings, clock=clock, superseded_for=epochs.UNUSED_FOR)
    await epochs.leave_nothing(settings)
    return [f"epochs destroyed: {gone}", f"vault keys destroyed: {vault}"]
