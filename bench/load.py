"""The load: a process of its own that sends prepared requests over connections that stay open, and times answers.

    python -m bench.load --port N --requests FILE --clients 32 --seconds 5

FILE holds one urlencoded body a line. With `--rate` so many payments are begun a second, whatever became of those
before them, as long as a client is free; each counts from the moment when it was to be sent. SIGTERM ends it early.
Prints one line of JSON: of an answer that is no approval only the status and the contract's words are told. It shares
the machine with what it measures.
"""

import argparse
import asyncio
import gc
import json
import re
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import uvloop

_APPROVED = b'"result":"ACK"'
_LENGTH = b"content-length: "
_WORDS = re.compile(rb'"(?:result|reason)":"([A-Za-z0-9_ -]{1,40})"')
_PATIENCE_S = 30.0
_LONGEST_S = 900.0


class Run:
    """What all clients share."""

    def __init__(self, requests: list[bytes], seconds: float, rate: float) -> None:
        self.requests = requests
        self.seconds = seconds
        self._every_s = 1.0 / rate if rate else 0.0
        self._taken = 0
        self.latencies: list[float] = []
        self.errors: Counter[str] = Counter()
        self.begun = 0.0
        self.last = 0.0

    def next(self) -> bytes | None:
        """The next request; None when the time or the stock is over."""
        if not self.requests:
            return None
        if self.seconds and time.perf_counter() - self.begun >= self.seconds:
            return None
        return self.requests.pop()

    def turn(self) -> float:
        """When the next request is to be sent; now without a rate."""
        if not self._every_s:
            return time.perf_counter()
        self._taken += 1
        return self.begun + self._taken * self._every_s

    def end(self) -> None:
        """Send nothing more."""
        self.requests.clear()


class Client(asyncio.Protocol):
    """One connection: a request, its answer, the next."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._got = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # asyncio's stubs name the base

    def start(self) -> None:
        """Send a first request."""
        self._send()

    def _send(self) -> None:
        turn = self._run.turn()
        wait_s = turn - time.perf_counter()
        if wait_s > 0:
            asyncio.get_running_loop().call_later(wait_s, self._send_at, turn)
        else:
            self._send_at(turn)

    def _send_at(self, turn: float) -> None:
        request = self._run.next()
        if request is None:
            if not self.done.done():
                self.done.set_result(None)
            return
        self._sent = turn
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        got = self._got = self._got + data if self._got else data
        end = got.find(b"\r\n\r\n")
        if end < 0:
            return
        at = got.find(_LENGTH) + len(_LENGTH)
        if len(got) < end + 4 + int(got[at : got.find(b"\r", at)]):
            return
        self._got = b""
        run = self._run
        now = run.last = time.perf_counter()
        if _APPROVED in got:
            run.latencies.append(now - self._sent)
        else:
            run.errors[_kind(got)] += 1
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._run.errors["connection lost"] += 1
            self.done.set_result(None)


def _kind(answer: bytes) -> str:
    """What an answer says of itself, in words of ours."""
    return b" ".join([answer[9:12], *_WORDS.findall(answer)]).decode("ascii", "replace")


def _http(body: bytes, port: int) -> bytes:
    head = (
        f"POST /payments/authorize HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: bench\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _main(given: argparse.Namespace) -> dict[str, object]:
    requests = [_http(line, given.port) for line in given.requests.read_bytes().splitlines()]
    requests.reverse()
    run = Run(requests, given.seconds, given.rate)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, run.end)
    clients: list[Client] = []
    for _ in range(given.clients):
        _, client = await loop.create_connection(lambda: Client(run), "127.0.0.1", given.port)
        clients.append(client)
    gc.collect()
    gc.freeze()
    run.begun = time.perf_counter()
    for client in clients:
        client.start()
    patience_s = (given.seconds or _LONGEST_S) + _PATIENCE_S
    _, waiting = await asyncio.wait([c.done for c in clients], timeout=patience_s)
    run.errors.update({"no answer": len(waiting)} if waiting else {})
    took_s = run.last - run.begun
    answered = sorted(run.latencies)
    count = len(answered)
    return {
        "count": count,
        "errors": run.errors,
        "took_s": round(took_s, 3),
        "rps": round(count / took_s, 1) if took_s > 0 else 0.0,
        "p50_ms": round(1000 * answered[count // 2], 2) if count else 0.0,
        "p99_ms": round(1000 * answered[min(count - 1, count * 99 // 100)], 2) if count else 0.0,
    }


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="0: until the requests are used up")
    parser.add_argument("--rate", type=float, default=0.0, help="payments a second; 0: as many as are answered")
    json.dump(uvloop.run(_main(parser.parse_args())), sys.stdout)


if __name__ == "__main__":
    main()
