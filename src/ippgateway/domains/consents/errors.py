"""What can go wrong with consents."""


class NothingShown(ValueError):
    """A yes without the text that was shown proves nothing, so it is none."""


class NotMarketing(ValueError):
    """A purpose that needs no consent: somebody mistook a basis for another."""
