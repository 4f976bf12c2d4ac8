"""Why something can't be done with a request."""


class NoSuchRequest(LookupError):
    """There is none by this id, for whoever asks."""


class NoSuchStep(ValueError):
    """A request can't go that way."""


class BadRequest(ValueError):
    """A request, or a decision, that says too little or something it can't. `field`: which of its fields."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
