"""What can go wrong with a checkout."""


class CheckoutNotFound(Exception):
    """No such checkout, another one's cryptogram, or its time is over; the three are not told apart."""


class BadCheckout(Exception):
    """A field of the checkout is missing or malformed. `field` names it, never its value."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why
