"""What can go wrong with an idempotency key."""


class KeyReused(Exception):
    """The key was used before for another request."""


class StillRunning(Exception):
    """The first request with this key has no answer yet, and waiting any longer helps nobody."""


class BadKey(Exception):
    """The key is empty, too long, or not printable ASCII."""


class NothingDone(Exception):
    """The request was refused before it had any effect; its cause says why. The key may be used for another one."""
