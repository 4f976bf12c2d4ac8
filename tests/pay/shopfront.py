"""A shop's own page with the widget, on an origin of its own: a strict policy, its own style, its own form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

STYLE = """
body { font: 16px/1.5 Georgia, serif; background: #fff8ee; color: #2b1d0e; }
body { max-width: 34rem; margin: 2rem auto; padding: 0 1rem; }
.PaymentFields > div { margin-bottom: 1rem; }
.half { display: inline-block; width: 45%; margin-right: 4%; vertical-align: top; }
.field-content input { width: 100%; box-sizing: border-box; padding: .6rem; border: 1px solid #b08a5a; font: inherit; }
.field-content.error input { border-color: #a00; }
.field-error, #div_payw_failed { color: #a00; }
#payw_confirmPayment { padding: .7rem 2rem; background: #7a3b00; color: #fff; border: 0; font: inherit; }
.payment-getway-main.isActive { outline: 3px solid #7a3b00; }
iframe { border: 1px solid #b08a5a; }
"""


@dataclass
class Shopfront:
    """What the shop serves: `page` at `/`, and whatever came back to it."""

    pay_url: str
    port: int = 0
    page: str = ""
    came: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and parameters of what came back."""

    @property
    def url(self) -> str:
        return f"http://shop.localhost:{self.port}"

    @property
    def policy(self) -> str:
        """As strict as a shop can be that takes payments here."""
        return (
            f"default-src 'none'; script-src 'self' {self.pay_url}; connect-src {self.pay_url}; "
            f"frame-src {self.pay_url}; style-src 'self'; img-src 'self'; base-uri 'none'"
        )

    def shows(self, form: str, *, settings: str = "", head: str = "", tail: str = "") -> str:
        """Put a form on the page; the address to open. `settings`: the body of the shop's own script."""
        self.settings = settings
        self.page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>'
            f'<link rel="stylesheet" href="/shop.css"><script src="/settings.js"></script>{head}</head>'
            f'<body><main class="payment-getway-main"><h1>Your order</h1>{form}</main>{tail}</body></html>'
        )
        return self.url

    settings: str = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = {"content-security-policy": self.policy}
        match request.path:
            case "/":
                return web.Response(text=self.page, content_type="text/html", headers=headers)
            case "/shop.css":
                return web.Response(text=STYLE, content_type="text/css")
            case "/settings.js":
                return web.Response(text=self.settings, content_type="application/javascript")
            case "/wait.svg":
                return web.Response(text='<svg xmlns="http://www.w3.org/2000/svg"/>', content_type="image/svg+xml")
            case "/favicon.ico":
                return web.Response(status=404)
        posted = dict(await request.post()) if request.method == "POST" else {}
        told = {**request.query, **{name: str(value) for name, value in posted.items()}}
        self.came.append((request.method, request.path, told))
        return web.Response(text="thanks", content_type="text/html")


@asynccontextmanager
async def shopfront(pay_url: str) -> AsyncIterator[Shopfront]:
    """A shop on a port of its own."""
    it = Shopfront(pay_url)
    runner = web.ServerRunner(web.Server(it.answer), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    it.port = runner.addresses[0][1]
    try:
        yield it
    finally:
        await runner.cleanup()
