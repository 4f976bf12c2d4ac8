"""What becomes of an approved payment's money. Pure arithmetic; everything in minor units of one currency."""

from typing import NamedTuple, Self


class Exceeds(ValueError):
    """More than is held or was captured, or an undoing of what is the merchant's already. DE 39 `61`."""


class Holding(NamedTuple):
    """One payment's money: authorised with all increments, still held, captured, given back. None is ever negative."""

    authorised_minor: int
    held_minor: int = 0
    captured_minor: int = 0
    refunded_minor: int = 0

    @classmethod
    def authorised(cls, amount_minor: int) -> Self:
        """All of it is held."""
        return cls(amount_minor, held_minor=amount_minor)

    @classmethod
    def sold(cls, amount_minor: int) -> Self:
        """All of it is captured."""
        return cls(amount_minor, captured_minor=amount_minor)

    def capture(self, amount_minor: int) -> Self:
        """Raises Exceeds for more than is held."""
        if amount_minor > self.held_minor:
            raise Exceeds
        held, captured = self.held_minor - amount_minor, self.captured_minor + amount_minor
        return self._replace(held_minor=held, captured_minor=captured)

    def refund(self, amount_minor: int) -> Self:
        """Raises Exceeds for more than was captured and not yet given back."""
        refunded = self.refunded_minor + amount_minor
        if refunded > self.captured_minor:
            raise Exceeds
        return self._replace(refunded_minor=refunded)

    def increase(self, amount_minor: int) -> Self:
        """Hold more."""
        authorised, held = self.authorised_minor + amount_minor, self.held_minor + amount_minor
        return self._replace(authorised_minor=authorised, held_minor=held)

    def decrease(self, amount_minor: int) -> Self:
        """Take an increment back. Raises Exceeds when what is left would not cover what was captured."""
        authorised = self.authorised_minor - amount_minor
        return self.release(stays_minor=authorised)._replace(authorised_minor=authorised)

    def release(self, *, stays_minor: int) -> Self:
        """Hold no more than what is missing of `stays_minor`. Raises Exceeds when more than that was captured.

        What stays may be captured before or after this: an advice that is still on its way finds its money.
        """
        if self.captured_minor > stays_minor:
            raise Exceeds
        return self._replace(held_minor=min(self.held_minor, stays_minor - self.captured_minor))

    def undo_sale(self) -> Self:
        """Raises Exceeds when some of it was given back: the payer would get it twice."""
        if self.refunded_minor:
            raise Exceeds
        return self._replace(captured_minor=0)
