"""Values that must not be shown: masked by their type, opened by an explicit call."""

from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Secret(Generic[T]):
    """Holds a value that no log, traceback or serialiser may show. `open()` gives it; nothing else does.

    Two secrets are never compared with `==` (that would invite a comparison whose time leaks); compare opened values
    with `hmac.compare_digest`.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def open(self) -> T:
        """The value itself. Each call site is a place to look at in review."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("secrets are not compared; open both and use hmac.compare_digest")

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")
