"""What the vault takes and gives."""

from dataclasses import dataclass

SHOWN_FIRST = 6
SHOWN_LAST = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class MaskedCard:
    """What everybody outside the vault may know of a card (PCI DSS 3.4.1: at most first six and last four)."""

    first6: str
    last4: str
    length: int
    brand: str
    month: int
    year: int

    @property
    def masked(self) -> str:
        """First six, stars, last four (wire contract R-29)."""
        return self.first6 + "*" * (self.length - SHOWN_FIRST - SHOWN_LAST) + self.last4
