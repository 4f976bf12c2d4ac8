"""What can go wrong around a payment. A decline is a result, not an error."""


class PaymentNotFound(Exception):
    """No such payment for this company, or another one's key; not told apart."""


class BadCard(Exception):
    """A card field is malformed. `field` is one of holder, cardno, expmonth, expyear, cvv; never its value."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class TooManyDeclines(Exception):
    """The limit on declines or 3-D Secure attempts for this checkout is reached (no card testing here)."""


class NothingOpen(Exception):
    """Nothing is left to capture, release or give back, or less than was asked for; the database decides."""


class CardErased(Exception):
    """Whoever paid was erased, and the card number with them; without it no money can be moved."""


class ActionUnderWay(Exception):
    """Another action on this payment has no outcome yet; what it leaves open is not known before."""


class FunctionSwitchedOff(Exception):
    """The partner has switched this function off for the company (wire contract 7.3)."""


class ActionRefused(Exception):
    """The acquirer refused it for good. `reason` is one of DeclineReason's words; the action is on record as NOK."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
