"""The payment zone's process, looked at many times a second of its own processor time: what holds it back.

    python -m bench.sampled OUT

Writes two tables when it ends: where it was (self), and what it was in the middle of (below), as shares of all samples.
What a library does in C counts as its caller's.
"""

import collections
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from ippgateway.app import zones
from ippgateway.app.settings import Settings
from ippgateway.privacy.zones import Zone

_EVERY_S = 0.001  # kernels look at this clock less often: 250 times a second, as a rule
_SHOWN = 30


class Samples:
    """Counts of functions, as they were seen on the stack."""

    def __init__(self) -> None:
        self.count = 0
        self.there: collections.Counter[str] = collections.Counter()
        self.below: collections.Counter[str] = collections.Counter()

    def take(self, _: int, frame: FrameType | None) -> None:
        """Note the stack."""
        self.count += 1
        seen: set[str] = set()
        while frame is not None:
            code = frame.f_code
            name = f"{'/'.join(code.co_filename.split('/')[-3:])}:{code.co_firstlineno} {code.co_qualname}"
            if not seen:
                self.there[name] += 1
            seen.add(name)
            frame = frame.f_back
        self.below.update(seen)

    def table(self) -> str:
        """Both tables."""
        lines = [f"{self.count} samples"]
        for title, counts in (("self", self.there), ("below", self.below)):
            lines += ["", title]
            lines += [f"{100 * n / max(self.count, 1):6.2f} %  {name}" for name, n in counts.most_common(_SHOWN)]
        return "\n".join(lines) + "\n"


def main() -> None:
    """See the module."""
    samples = Samples()
    signal.signal(signal.SIGPROF, samples.take)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # the server raises it again when it has ended
    signal.setitimer(signal.ITIMER_PROF, _EVERY_S, _EVERY_S)
    try:
        zones.main(Settings.from_env(os.environ), name=Zone.PAY)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(sys.argv[1]).write_text(samples.table())


if __name__ == "__main__":
    main()
