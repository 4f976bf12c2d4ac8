"""Until when something may live on that was destroyed: what an erasure's certificate says (RETAIN, SEC-5).

A person's key that is destroyed is gone from its table at once. Dead rows and the log of the key server may show it,
wrapped, until its epoch is destroyed; backups of the keys from before hold it, encrypted, until their term is over.
Later ones don't: they are written from the living rows. Where data and keys share a server that is not ours, its
backups hold dead rows as well, and with them the epoch as long as they are kept.

A card number is under the vault's keys, which all payments share; so is its fingerprint, from which the number could be
found by trying. These are replaced and destroyed together with the epochs, and then live on in backups of the keys
alone, as long as there are backups of data that need them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

_SCHEDULE = timedelta(days=1)
"""The schedule looks every minute; this is for a machine that was off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifetimes:
    """The terms of this installation, in days. `apart`: the keys lie in a server of their own."""

    epoch_days: int = 30
    backup_days: int = 30
    apart: bool = True

    def dies_by(self, destroyed_at: datetime) -> datetime:
        """From this moment on nothing exists anywhere that opens what was destroyed at the other: neither a person's
        key nor, for a card number that was emptied then, the key of the vault."""
        days = max(self.epoch_days, self.backup_days) if self.apart else self.epoch_days + self.backup_days
        return destroyed_at + timedelta(days=days) + _SCHEDULE
