"""What can go wrong with a partner's data, and with signing up."""


class PartnerNotFound(Exception):
    """No such partner, or it is closed."""


class TooMuchData(Exception):
    """A partner's settings are too large."""


class NotLetIn(Exception):
    """It takes the customer's leave (wire contract R-55)."""


class BadAccount(Exception):
    """Something that somebody signs up with can't be. `field`: a word of ours."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
