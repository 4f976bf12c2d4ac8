"""The console as a client of the wire contract: what moves money is done by the payment zone, asked as any client asks.

The user's own session goes along, so that the payment zone judges for itself who may do what; this process holds
nothing with which it could move money on its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from ippgateway.core import guard, tls
from ippgateway.core.database import outside_transaction
from ippgateway.faces.shell.ask import Ask
from ippgateway.faces.shell.house import House

_PATIENCE_S = 40.0
_LARGEST_ANSWER = 1_000_000
_AGENT = "ippgateway-console"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the contract answered. `code` 0: nothing came back, so nobody knows what was done; look at the record."""

    code: int
    content: Mapping[str, Any]

    @property
    def done(self) -> bool:
        """Whether it was carried out."""
        return self.code == 200


async def act(house: House, ask: Ask, path: str, fields: Mapping[str, str], *, key: str) -> Answer:
    """Ask for something in the name of whoever is signed in. `key`: the same twice is one effect and one answer."""
    assert ask.bearer is not None  # noqa: S101 - the route lets nobody else in
    who = {"user_id": ask.known.user_id, "session_id": ask.bearer.open()}
    return await _asked(house, path, {**fields, **who}, {"idempotency-key": key})


async def as_company(house: House, path: str, fields: Mapping[str, str]) -> Answer:
    """Ask as a shop's server does, with its keys among `fields`."""
    return await _asked(house, path, fields, {})


async def _asked(house: House, path: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    outside_transaction()
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=tls.calling()), cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=_PATIENCE_S), trust_env=False,
        ) as session:  # fmt: skip
            # The Platform's own address, which is nobody outside.
            with guard.passing(urlsplit(house.api_url).hostname or ""):
                response = await session.post(
                    f"{house.api_url}/{path}", data=dict(fields), headers={"user-agent": _AGENT, **headers},
                    allow_redirects=False,
                )  # fmt: skip
            async with response:
                envelope = _envelope(await response.content.read(_LARGEST_ANSWER))
                return Answer(code=response.status, content=envelope)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Answer(code=0, content={})


def _envelope(body: bytes) -> Mapping[str, Any]:
    """The content of an answer; nothing when it is none of the contract's."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    content = answer.get("content") if isinstance(answer, dict) else None
    return content if isinstance(content, dict) else {}
