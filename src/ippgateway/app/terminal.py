"""Asking the person at the terminal what may stand in no list of processes and in no shell's history."""

import sys

_LONGEST = 400


def line(question: str) -> str:
    """The next line of standard input; a person at a terminal is asked for it, on the other stream."""
    if sys.stdin.isatty():
        sys.stderr.write(question)
        sys.stderr.flush()
    return sys.stdin.readline(_LONGEST).strip()
