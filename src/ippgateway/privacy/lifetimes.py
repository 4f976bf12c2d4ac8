"""Until when something may live on that was destroyed: what an erasure's certificate says (RETAIN, SEC-5).

A person's key that is destroyed is gone from its table at once. Dead rows and the log of the key server may show it,
wrapped, until its epoch is destroyed; backups of the keys from before hold it, encrypted, until their term is over.
Later ones don't: they are written from the living rows. Where data and keys share a server that is not ours, its
backups hold dead rows as well, and with them the epoch as long as they are kept.

A card number is under the vault's keys, which all payments share. Copies of it in dead rows, log and backups of the
data open until the vault's key is replaced, at the age of an epoch, and destroyed, once no backup needs it.
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
        """From this moment on a person's key exists nowhere that was destroyed at the other."""
        days = max(self.epoch_days, self.backup_days) if self.apart else self.epoch_days + self.backup_days
        return destroyed_at + timedelta(days=days) + _SCHEDULE

    def card_dies_by(self, emptied_at: datetime) -> datetime:
        """From this moment on a card number can be read nowhere that was emptied at the other."""
        return emptied_at + timedelta(days=self.epoch_days + self.backup_days) + 2 * _SCHEDULE
