"""A letter that nobody gets: what the function that sends ours does with one that is made up, over a transaction that
finds it and changes nothing, and a carrier that hands nothing over."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from ippgateway.core.secret import Secret
from ippgateway.domains.mail import service
from ippgateway.domains.mail.models import Letter
from ippgateway.domains.mail.ports import Failure, Handed, Outgoing
from ippgateway.domains.mail.schemas import Kind
from ippgateway.privacy.catalogue import SERVICE
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import KEY_OCTETS, SealingKey
from ippgateway.privacy.zones import PLATFORM
from ippgateway.promises.context import Context

_ID, _TENANT, _READER = "made-up-0001", "made-up-0002", "made-up-0003"
_ORIGINS = {name: f"https://{name}.promise.example" for name in ("site", "console", "desk", "mine")}


@dataclass(slots=True)
class Dispatch:
    """What became of it: how often a yes was asked for, and what would have been handed over."""

    asked: int = 0
    handed: Outgoing | None = None


async def dispatched(
    context: Context, kind: Kind, language: str, told: dict[str, str], *, stop: str | None
) -> Dispatch:  # fmt: skip
    """Put a letter through. `stop`: what is answered to whoever asks for a yes; None when there is none."""
    became = Dispatch()
    box = Box(PLATFORM, _READER, {SERVICE.key: SealingKey(context.randomness.octets(KEY_OCTETS))}, context.randomness)

    async def permits(*, tenant_id: str, person_id: str) -> Secret[str] | None:
        became.asked += (tenant_id, person_id) == (_TENANT, _READER)
        return None if stop is None else Secret(stop)

    class _Carrier:
        timeout_s = 1.0

        async def send(self, letter: Outgoing) -> Handed:
            became.handed = letter
            return Handed(status=None, failure=Failure.NOT_ALLOWED)

    await service.send(
        _platform(context, box, _row(context, box, kind, language, told)), _Carrier(), permits, tenant_id=_TENANT,
        letter_id=_ID,
    )  # fmt: skip
    return became


def _row(context: Context, box: Box, kind: Kind, language: str, told: dict[str, str]) -> dict[str, Any]:
    return {
        "person_id": _READER, "kind": kind.value, "language": language, "tries": 0, "created_at": context.clock.now(),
        "address": box.seal(Letter.address, "reader@promise.example"), "told": box.seal(Letter.told, json.dumps(told)),
    }  # fmt: skip


def _platform(context: Context, box: Box, found: dict[str, Any]) -> Platform:
    """As much of one as sending a letter touches."""

    async def row(*_: object) -> dict[str, Any]:
        return found

    async def execute(*_: object) -> int:
        return 1

    @asynccontextmanager
    async def begin(*_: object, **__: object) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(row=row, execute=execute)

    async def opened(*_: object) -> Box:
        return box

    return cast("Platform", SimpleNamespace(
        clock=context.clock, operator=context.operator, origins=_ORIGINS, db=SimpleNamespace(begin=begin),
        persons=SimpleNamespace(open=opened),
    ))  # fmt: skip
