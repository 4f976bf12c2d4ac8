"""What keeps each promise, switched off one at a time. Each switch gives a context in which its promise is broken."""

from . import (
    agreeing,
    bases,
    cards,
    casework,
    choosing,
    ending,
    keeping,
    offering,
    outside,
    people,
    registering,
    securing,
    seeing,
    weighing,
)
from .base import SWITCHES, SwitchedOff, Tools

__all__ = [
    "SWITCHES", "SwitchedOff", "Tools", "agreeing", "bases", "cards", "casework", "choosing", "ending", "keeping",
    "offering", "outside", "people", "registering", "securing", "seeing", "weighing",
]  # fmt: skip
