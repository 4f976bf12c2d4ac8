"""What may be wrong with a case. Each docstring is the message."""


class DisclosureError(Exception):
    """Base of the room's errors."""


class NoSuchCase(DisclosureError):
    """There is no case with this id."""


class BadCase(DisclosureError):
    """The request does not say what a request of its kind must say."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NotYours(DisclosureError):
    """Whoever entered a case, or approved it before, can't be one of the two who approve it."""


class Decided(DisclosureError):
    """The case is no longer where this could be done."""


class NotAllowed(DisclosureError):
    """The recipient may not be given this."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
