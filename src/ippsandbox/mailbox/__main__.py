"""`python -m ippsandbox.mailbox`: the mail server and its page as a process."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from ippsandbox.mailbox.box import Box
from ippsandbox.mailbox.pages import Mailbox
from ippsandbox.mailbox.server import listen
from ippsandbox.process import log, port_of, run, serve

_HOST = "127.0.0.1"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ippsandbox.mailbox", description="A mail server that passes nothing on.")
    parser.add_argument("--port", type=int, required=True, help="the page's HTTP port on loopback; 0 takes a free one")
    parser.add_argument("--smtp-port", type=int, required=True, help="the mail server's port; 0 takes a free one")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace, stop: asyncio.Event) -> int:
    box = Box()
    server = await listen(box, host=_HOST, port=arguments.smtp_port, now=lambda: datetime.now(UTC))
    runner = await serve(Mailbox(box).app(), host=_HOST, port=arguments.port)
    smtp_port = server.sockets[0].getsockname()[1]
    log.info("ippsandbox.mailbox ready port=%d smtp=%d", port_of(runner), smtp_port)
    await stop.wait()
    server.close()
    await runner.cleanup()
    return 0


if __name__ == "__main__":
    given = _arguments()
    sys.exit(run(lambda stop: _main(given, stop)))
