"""What can be wrong with an entry."""


class BadEntry(ValueError):
    """A field of a form says too little, or what can't be; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NoSuchFile(LookupError):
    """There is no such paper file."""


class NoSuchBreach(LookupError):
    """There is no such breach."""


class NotYours(PermissionError):
    """Whoever destroyed a paper file does not confirm it themselves: the database refuses that."""


class NotNow(RuntimeError):
    """It was done already, or something has to come first; `why` names it."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why
