"""What ends a start on purpose, and the exit codes by which the processes of one start understand each other."""

import contextlib
import sys

ENDED = 0
MISUSED = 2
REFUSED = 3


class StartRefused(RuntimeError):
    """The start can't go on. The message is one sentence for the person at the terminal, without personal data."""


def say(line: str) -> None:
    """Tell the person at the terminal. A terminal that has gone away is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
