"""The host's books over HTTP, for reconciliation and for tests, and the switch for faults. Loopback only."""

from aiohttp import web

from ippsandbox.acquirer.host import Host, Mode


def inspection_app(host: Host) -> web.Application:
    """`GET /books`, `/books/totals`, `/health`; `POST /faults` with `{"mode": "normal" | "silent" | "drop"}`."""

    async def books(_: web.Request) -> web.Response:
        return web.json_response(list(host.books.listing()))

    async def totals(_: web.Request) -> web.Response:
        return web.json_response(host.books.totals())

    async def health(_: web.Request) -> web.Response:
        state = {"mode": host.mode.value, "lines": len(host.lines), "entries": len(host.books), "counts": host.counts}
        return web.json_response(state)

    async def faults(request: web.Request) -> web.Response:
        try:
            mode = Mode((await request.json())["mode"])
        except (ValueError, KeyError, TypeError):
            return web.json_response({"error": "mode must be normal, silent or drop"}, status=400)
        host.play(mode)
        return web.json_response({"mode": mode.value})

    app = web.Application(client_max_size=1024)
    app.add_routes([web.get("/books", books), web.get("/books/totals", totals), web.get("/health", health)])
    app.add_routes([web.post("/faults", faults)])
    return app
