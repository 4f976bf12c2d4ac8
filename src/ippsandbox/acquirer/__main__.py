"""`python -m ippsandbox.acquirer`: the acquirer host as a process."""

import argparse
import asyncio
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

from ippsandbox.acquirer.books import Books
from ippsandbox.acquirer.host import Host, Surroundings
from ippsandbox.acquirer.inspection import inspection_app
from ippsandbox.acquirer.journal import KEY_BYTES, Journal, JournalDamaged, Then, fingerprint_key, open_journal
from ippsandbox.acquirer.line import TcpLine
from ippsandbox.process import log, port_of, run, serve


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ippsandbox.acquirer", description="An acquirer host for tests (ISO 8583).")
    parser.add_argument("--host", default="127.0.0.1", help="address of the ISO 8583 port (default %(default)s)")
    parser.add_argument("--port", type=int, required=True, help="ISO 8583 port; 0 takes a free one")
    parser.add_argument("--books-port", type=int, required=True, help="HTTP port of the books, on loopback")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, help="directory of the journal and its key")
    where.add_argument("--instant", action="store_true", help="books in memory only, for benchmarks")
    parser.add_argument("--late-s", type=float, default=7, help="delay of the late card's answer (default %(default)s)")
    parser.add_argument("--delay-s", type=float, default=0, help="delay of every answer (default %(default)s)")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace, stop: asyncio.Event) -> int:
    failures: list[str] = []

    def journal_failed() -> None:
        failures.append("journal")
        stop.set()

    try:
        books = _open_books(arguments.data, journal_failed)
    except (JournalDamaged, OSError) as error:
        log.error("ippsandbox.acquirer can't open its books kind=%s", type(error).__name__)
        return 1
    loop = asyncio.get_running_loop()
    around = Surroundings(lambda: datetime.now(UTC), loop.call_later, lambda: secrets.token_hex(3).upper())
    host = Host(books, around, late_s=arguments.late_s, delay_s=arguments.delay_s)
    server = await loop.create_server(lambda: TcpLine(host), arguments.host, arguments.port, backlog=512)
    inspection = await serve(inspection_app(host), host="127.0.0.1", port=arguments.books_port)
    port = server.sockets[0].getsockname()[1]
    log.info("ippsandbox.acquirer ready port=%d books_port=%d entries=%d", port, port_of(inspection), len(books))
    await stop.wait()
    server.close()
    for line in list(host.lines):
        line.close()
    await inspection.cleanup()
    if books.journal is not None:
        await books.journal.close()
    log.info("ippsandbox.acquirer stopped entries=%d answered=%d", len(books), host.counts["answered"])
    return 1 if failures else 0


def _open_books(directory: Path | None, journal_failed: Then) -> Books:
    if directory is None:
        return Books(fingerprint_key=secrets.token_bytes(KEY_BYTES))
    books = Books(fingerprint_key=fingerprint_key(directory, random_bytes=secrets.token_bytes))
    books.journal = Journal(open_journal(directory, replay=books.replay), on_failure=journal_failed)
    return books


if __name__ == "__main__":
    given = _arguments()
    sys.exit(run(lambda stop: _main(given, stop)))
