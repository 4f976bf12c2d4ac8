"""The face of each zone over the stand-ins, behind one address as in a running installation."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote_plus, urlencode

import pytest
from starlette.types import ASGIApp

from ippgateway.core.secret import Secret
from ippgateway.domains.payments.service import Gateway
from ippgateway.faces.classic.app import classic_app
from ippgateway.faces.classic.face import ClassicSettings
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.table import zone_of
from ippgateway.privacy.zones import Zone

from .asgi import Answer, call
from .rooms import Rooms, platform

SETTINGS = ClassicSettings(
    pay_url="http://pay.localhost:8000", console_version="1.4.5", domain="ipp.example",
    portals=frozenset({"https://portal.example"}),
)  # fmt: skip


class NobodyKnows:
    """No password leaked."""

    async def leaked(self, password: Secret[str]) -> bool:
        return False


@dataclass
class Contract:
    """Both zones behind one address."""

    apps: dict[Zone, ASGIApp]

    async def post(self, path: str, fields: dict[str, Any] | list[tuple[str, str]] | None = None) -> Answer:
        return await self.send("POST", path, body=urlencode(fields or {}).encode())

    async def get(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        query = urlencode(fields or {}, quote_via=quote_plus)
        return await self.send("GET", f"{path}?{query}", kind=None)

    async def send(self, method: str, path: str, **rest: Any) -> Answer:
        app = self.apps[zone_of(logical_path(path.partition("?")[0])) or Zone.CONSOLE]
        answer = await call(app, method, path, **rest)
        assert answer is not None
        return answer


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    rooms = Rooms()
    rooms.install(monkeypatch)
    return rooms


@pytest.fixture
def contract(rooms: Rooms) -> Contract:
    return contract_over()


def contract_over() -> Contract:
    gateway = cast("Gateway", object())
    return Contract(
        {
            zone: classic_app(
                zone=zone,
                platform=platform(),
                gateway=gateway if zone is Zone.PAY else None,
                settings=SETTINGS,
                breaches=None if zone is Zone.PAY else NobodyKnows(),
            )
            for zone in (Zone.PAY, Zone.CONSOLE)
        }
    )
