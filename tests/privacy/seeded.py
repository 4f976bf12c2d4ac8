"""Randomness from a seed: the same run every time."""

import random


class Seeded:
    """See core.ids.Randomness."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a test's

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def octets(self, count: int) -> bytes:
        return self._random.randbytes(count)
