"""What a check finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_MOST_FAULTS = 5


class Status(StrEnum):
    """How it stands with a promise."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    NOT_BUILT = "not built"


class Surface(StrEnum):
    """Where a promise shows."""

    DECLARATIONS = "declarations"
    MAIN_DATABASE = "main database"
    KEY_DATABASE = "key database"
    KEY_FILES = "key files"
    LOGS = "logs"
    PAYMENTS = "payment interface"
    CONSOLES = "console interface"
    ACQUIRER = "acquirer link"
    DIRECTORY = "3-D Secure link"
    NOTIFICATIONS = "notifications"
    SITE = "public site"
    OWN_PAGES = "pages about one's own data"
    LETTERS = "letters"
    DESK = "desk of our staff"


@dataclass(frozen=True, slots=True)
class Finding:
    """A status, one sentence of evidence with facts and nothing personal, and where it was looked. `could_look`: False
    when the check could not run, and the status is no finding of it."""

    status: Status
    evidence: str
    surfaces: tuple[Surface, ...] = ()
    could_look: bool = True


class CannotCheck(Exception):
    """What the check needs is not there. Says why; the promise counts as broken, never as kept."""


def judge(*, faults: Sequence[str], proof: str, surfaces: tuple[Surface, ...], missing: str = "") -> Finding:
    """Broken with the first faults; partly when the mechanism holds but something is `missing`; else kept."""
    if faults:
        more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
        return Finding(Status.BROKEN, "; ".join(faults[:_MOST_FAULTS]) + more, surfaces)
    if missing:
        return Finding(Status.PARTLY, f"{proof}; missing: {missing}", surfaces)
    return Finding(Status.KEPT, proof, surfaces)
