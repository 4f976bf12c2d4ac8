"""The parts of a letter."""

from dataclasses import dataclass

from ippgateway.privacy.vocabulary import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """One letter. `begins`: paragraphs before what happened is listed; `ends`: after it. `lists`: whether time, browser
    and place are listed. `not_you`: what to do if it was somebody else. `needs`: what it can't do without."""

    subject: Words
    begins: tuple[Words, ...]
    ends: tuple[Words, ...] = ()
    lists: bool = True
    not_you: Words | None = None
    needs: frozenset[str] = frozenset()
    signed: Words | None = None
    """What stands at its end instead of `SIGNED`."""
