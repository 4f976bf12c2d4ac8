"""What happened, in order: a hash of all of it, and the last of it in words. Ids, words of ours and numbers only."""

from collections import deque
from hashlib import sha256

from ippgateway.app.simulation.loop import SimulatedLoop

_LINES_KEPT = 4_000


class Trace:
    """Two runs of one seed have the same `digest`, or something did not come from the seed."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop = loop
        self._hash = sha256()
        self.lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self.events = 0

    def tell(self, event: str, **values: object) -> None:
        """Something that is worth a line."""
        said = " ".join(f"{name}={value}" for name, value in values.items())
        line = f"{self._loop.time():14.4f} {event} {said}".rstrip()
        self.lines.append(line)
        self.feed(line)

    def feed(self, line: str) -> None:
        """Something that counts for the hash alone."""
        self.events += 1
        self._hash.update(line.encode())

    @property
    def digest(self) -> str:
        """The hash of everything so far."""
        return self._hash.hexdigest()[:16]
