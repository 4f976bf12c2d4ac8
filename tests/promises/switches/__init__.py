"""What keeps each promise, switched off one at a time. Each switch gives a context in which its promise is broken."""

from . import bases, cards, keeping, offering, people, securing
from .base import SWITCHES, SwitchedOff, Tools

__all__ = ["SWITCHES", "SwitchedOff", "Tools", "bases", "cards", "keeping", "offering", "people", "securing"]
