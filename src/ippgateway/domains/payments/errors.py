"""What can go wrong around a payment. A decline is a result, not an error."""


class PaymentNotFound(Exception):
    """No such payment for this company, or another one's key; not told apart."""


class BadCard(Exception):
    """A card field is malformed. `field` is one of holder, cardno, expmonth, expyear, cvv; never its value."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class TooManyDeclines(Exception):
    """The limit on declines for this checkout, company or network is reached (no card testing here)."""
