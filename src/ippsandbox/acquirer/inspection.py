"""The host's books over HTTP, for reconciliation and for tests, and the switch for faults. Loopback only."""

from aiohttp import web

from ippsandbox.acquirer.faults import fault_from
from ippsandbox.acquirer.host import Host


def inspection_app(host: Host) -> web.Application:
    """`GET /books`, `/books/totals`, `/health`; `POST /faults` with `{"mode": "normal" | "silent" | "drop"}`.

    Or with `{"mode": "lossy", "seed": 1, "lose": 0.1, "double": 0.1, "late": 0.1}`: everything is booked, and these
    shares of the answers to payments are lost, sent twice or late. A share left out is none.
    """

    async def books(_: web.Request) -> web.Response:
        return web.json_response(list(host.books.listing()))

    async def totals(_: web.Request) -> web.Response:
        return web.json_response(host.books.totals())

    async def health(_: web.Request) -> web.Response:
        state = {"mode": host.mode.value, "lines": len(host.lines), "entries": len(host.books), "counts": host.counts}
        return web.json_response(state)

    async def faults(request: web.Request) -> web.Response:
        try:
            fault = fault_from(await request.json())
        except (ValueError, KeyError, TypeError):
            error = "mode must be normal, silent, drop, or lossy with a seed and shares of one"
            return web.json_response({"error": error}, status=400)
        host.play(fault)
        return web.json_response({"mode": fault.mode.value})

    app = web.Application(client_max_size=1024)
    app.add_routes([web.get("/books", books), web.get("/books/totals", totals), web.get("/health", health)])
    app.add_routes([web.post("/faults", faults)])
    return app
