"""A link with a scripted host at its other end, and what the tests of the link ask of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from fake_host import BOUND_S, FakeHost
from samples import AT, authorisation

from gates import way
from ippgateway.connectors.iso8583.link import Iso8583Link, LinkSettings
from ippgateway.domains.payments.ports import (
    AcquirerAnswer,
    AcquirerLink,
    NoAnswer,
    NotSent,
    NotSentReason,
    UnknownReason,
)
from ippgateway.privacy.catalogue import ACQUIRER, PAYMENT

CALM = LinkSettings(timeout_s=BOUND_S, echo_idle_s=3600, sign_off_timeout_s=1)
HASTY = replace(CALM, timeout_s=0.05)


@dataclass
class Pauses:
    """A clock on which every pause is over at once; it remembers how long they should have been."""

    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return AT

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Fixed:
    """Randomness that always gives the smallest or the largest number."""

    largest: bool = False

    def below(self, limit: int) -> int:
        return limit - 1 if self.largest else 0

    def octets(self, count: int) -> bytes:
        return bytes(count)


def link_to(port: int, settings: LinkSettings = CALM, clock: Pauses | None = None) -> Iso8583Link:
    return Iso8583Link(
        way=way(ACQUIRER, PAYMENT),
        host="127.0.0.1",
        port=port,
        clock=clock or Pauses(),
        randomness=Fixed(),
        settings=settings,
    )


async def ready(link: Iso8583Link) -> None:
    async with asyncio.timeout(BOUND_S):
        await link.ready()


@asynccontextmanager
async def linked(settings: LinkSettings = CALM) -> AsyncIterator[tuple[Iso8583Link, FakeHost]]:
    async with FakeHost() as host, link_to(host.port, settings) as link:
        await ready(link)
        yield link, host


def ask(link: AcquirerLink, number: int = 0) -> "asyncio.Task[AcquirerAnswer]":
    return asyncio.create_task(link.authorise(authorisation(number)))


async def why_unknown(task: "asyncio.Task[AcquirerAnswer]") -> UnknownReason:
    with pytest.raises(NoAnswer) as caught:
        await asyncio.wait_for(task, BOUND_S)
    return caught.value.reason


async def why_not_sent(link: Iso8583Link, number: int = 0) -> NotSentReason:
    with pytest.raises(NotSent) as caught:
        await link.authorise(authorisation(number))
    return caught.value.reason
