"""Figures for operators, without personal data: a label is an endpoint's name, a status or a word of our own."""

import time
from collections.abc import Callable, Iterator
from functools import lru_cache

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ippgateway.connectors.iso8583.link import LinkMetrics
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.table import find

_REQUESTS = Counter("ippgateway_requests", "Requests answered", ("endpoint", "status"))
_SECONDS = Histogram("ippgateway_request_seconds", "Time to the first byte of an answer", ("endpoint",))


@lru_cache(maxsize=1024)
def _figures(endpoint: str, status: int) -> tuple[Counter, Histogram]:
    """What is counted for an endpoint of the contract and a status."""
    return _REQUESTS.labels(endpoint, status), _SECONDS.labels(endpoint)


class Measured:
    """Counts and times what goes through an ASGI application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, measured."""
        if scope["type"] != "http":
            return
        known = find(logical_path(scope["path"]))
        endpoint = (known.path or "root") if known else "other"
        begun = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                requests, seconds = _figures(endpoint, message["status"])
                requests.inc()
                seconds.observe(time.perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, counted)


class LinkCollector(Collector):
    """The acquirer link's figures at the moment of asking."""

    def __init__(self, read: Callable[[], LinkMetrics]) -> None:
        self._read = read
        REGISTRY.register(self)

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        figures = self._read()
        for name in LinkMetrics.__slots__:
            yield GaugeMetricFamily(
                f"ippgateway_link_{name}", f"Acquirer link: {name}", value=float(getattr(figures, name))
            )
