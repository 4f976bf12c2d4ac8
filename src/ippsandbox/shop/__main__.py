"""`python -m ippsandbox.shop`: the demo shop as a process."""

import argparse
import asyncio
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

from ippsandbox.process import log, port_of, run, serve
from ippsandbox.shop.app import LARGEST_FORM, Addresses, Shop
from ippsandbox.shop.orders import Orders
from ippsandbox.shop.provider import Provider

ANSWER_WITHIN_S = 10
MOST_CONNECTIONS = 16


def session() -> ClientSession:
    """Connections to the Platform: few, patient for ten seconds, without cookies."""
    return ClientSession(
        timeout=ClientTimeout(total=ANSWER_WITHIN_S), connector=TCPConnector(limit=MOST_CONNECTIONS),
        cookie_jar=DummyCookieJar(), trust_env=False,
    )  # fmt: skip


def shop_app(
    provider: Provider, *, port: Callable[[], int], now: Callable[[], datetime], new_token: Callable[[], str]
) -> web.Application:
    """The shop. A browser knows it as shop.localhost, which is an origin of its own; the Platform calls loopback."""

    def addresses() -> Addresses:
        return Addresses(browser=f"http://shop.localhost:{port()}", server=f"http://127.0.0.1:{port()}")

    shop = Shop(provider, Orders(now=now, new_token=new_token), addresses=addresses, now=now)
    app = web.Application(client_max_size=LARGEST_FORM, middlewares=[shop.honest])
    app.add_routes(shop.routes())
    return app


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ippsandbox.shop", description="A demo shop.")
    parser.add_argument("--port", type=int, required=True, help="HTTP port on loopback; 0 takes a free one")
    parser.add_argument(
        "--terms", type=Path, required=True, help="file with the Platform's addresses and the shop's keys"
    )
    return parser.parse_args()


async def _main(arguments: argparse.Namespace, stop: asyncio.Event) -> int:
    own_port = arguments.port
    async with session() as http:
        app = shop_app(
            Provider(http, arguments.terms), port=lambda: own_port, now=lambda: datetime.now(UTC),
            new_token=lambda: secrets.token_urlsafe(15),
        )  # fmt: skip
        runner = await serve(app, host="127.0.0.1", port=arguments.port)
        own_port = port_of(runner)
        log.info("ippsandbox.shop ready port=%d", own_port)
        await stop.wait()
        await runner.cleanup()
    return 0


if __name__ == "__main__":
    given = _arguments()
    sys.exit(run(lambda stop: _main(given, stop)))
