"""A face's routes are a table, so that whoever wants to know every way in can read it (a stranger's walk does)."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from starlette.responses import Response

from ippgateway.domains.accounts.schemas import Audience

if TYPE_CHECKING:
    from ippgateway.faces.shell.ask import Ask
    from ippgateway.faces.shell.house import House

Handler = Callable[["House", "Ask"], Awaitable[Response]]

_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_SEGMENT = r"([A-Za-z0-9_-]{1,64})"
EVERYBODY = frozenset(Audience)


class Who(StrEnum):
    """Whom a route lets in. `HALFWAY`: also somebody whose password was right and whose second factor is awaited;
    `STRONG`: somebody who proved the second factor within the last quarter of an hour."""

    ANYONE = "anyone"
    HALFWAY = "halfway"
    SIGNED_IN = "signed in"
    STRONG = "strong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One page. `path` may have parameters (`/payments/{payment_id}`), each one segment of letters, digits, `-`, `_`.

    `name`: the page's own name in access records, a word of ours. `audiences`: whose users may come; to others the
    page is not there. `right`: what one must be allowed to (else a page says so, 403). `enrolling`: whether it is open
    to somebody who has to add a second factor or choose a new password before anything else.
    """

    path: str
    name: str
    get: Handler | None = None
    post: Handler | None = None
    who: Who = Who.SIGNED_IN
    audiences: frozenset[Audience] = field(default=EVERYBODY)
    right: str | None = None
    enrolling: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """What it answers."""
        return (*(("GET", "HEAD") if self.get else ()), *(("POST",) if self.post else ()))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what varies in its path."""
        return tuple(_PARAMETER.findall(self.path))


class Routes:
    """Finds the route of a path. Raises ValueError when two have the same one."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.table = tuple(routes)
        self._plain: dict[str, Route] = {}
        self._varying: list[tuple[re.Pattern[str], Route]] = []
        known: set[str] = set()
        for route in self.table:
            shape = _PARAMETER.sub("{}", route.path)
            if shape in known:
                raise ValueError(f"two routes at {route.path}")
            known.add(shape)
            if route.parameters:
                self._varying.append((re.compile(_PARAMETER.sub(_SEGMENT, route.path), re.ASCII), route))
            else:
                self._plain[route.path] = route

    def find(self, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """The route and what its parameters are; a plain path goes before one that varies."""
        if path in self._plain:
            return self._plain[path], {}
        for pattern, route in self._varying:
            if match := pattern.fullmatch(path):
                return route, dict(zip(route.parameters, match.groups(), strict=True))
        return None
