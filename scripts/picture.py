"""Draws docs/picture.svg, the way of a card payment, from the code: zones, purposes, tables, recipients, ports.

`.venv/bin/python scripts/picture.py` writes the file; a test compares the committed one with what this makes, so that
the picture can't tell of a program that is no longer there.
"""

import re
from html import escape
from pathlib import Path

from sqlalchemy import MetaData

from ippgateway.app.settings import Settings
from ippgateway.faces import pages
from ippgateway.privacy import registry
from ippgateway.privacy.catalogue import PAYMENT, PAYMENT_RECIPIENTS
from ippgateway.privacy.declare import KEYS, MAIN, Declaration, declaration_of, declared
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone

TARGET = Path(__file__).parent.parent / "docs" / "picture.svg"
TOKENS = Path(pages.__file__).parent / "static" / "tokens.css"

WIDTH = 1200
LOWER = 454
_COLOURS = ("paper", "surface", "wash", "ink", "ink-soft", "line", "accent", "on-accent")


# --- what the code says ---


def declarations(of: MetaData) -> list[Declaration]:
    """Those of every column of a database."""
    return [declaration_of(column) for table in registry.tables(of) for column in table.c]


def purposes_of(zone: Zone) -> list[Purpose]:
    """What a zone's login role may become, in the catalogue's order."""
    return [purpose for purpose in PURPOSES if purpose in RIGHTS[zone].purposes]


def may_add_to(purpose: Purpose) -> list[str]:
    """The tables that a purpose may insert into, a table after those it refers to."""
    registry.load()
    found = []
    for table in MAIN.sorted_tables:
        access = declared(table).access_of(purpose)
        if access is not None and access.insert:
            found.append(table.name)
    return found


def number_opens_for() -> list[Purpose]:
    """The purposes that may read a sealed card number."""
    registry.load()
    return [p for p in PURPOSES if p in declaration_of(MAIN.tables["ipp.card"].c.number).uses]


def require(holds: bool, why: str) -> None:
    """Stop when the code has outgrown the drawing, which wants another look then."""
    if not holds:
        raise RuntimeError(why)


# --- drawing ---


def theme() -> str:
    """The look's colours as a style sheet, light and dark."""
    light, _, dark = TOKENS.read_text().partition("@media (prefers-color-scheme: dark)")
    pick = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")

    def block(text: str) -> str:
        colours = dict(pick.findall(text))
        return ":root{" + "".join(f"--{name}:{colours[name]};" for name in _COLOURS) + "}"

    return f"{block(light)}@media (prefers-color-scheme:dark){{{block(dark)}}}"


_STYLE = """
text{font-family:"Segoe UI","Noto Sans","DejaVu Sans Condensed","Helvetica Neue",sans-serif;font-size:14px;
fill:var(--ink)}
.code{font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;font-size:12.5px}
.title{font-size:16px;font-weight:600}
.soft{fill:var(--ink-soft);font-size:13px}
.code.soft{font-size:12px}
.accent{fill:var(--accent);font-weight:600}
.number{fill:var(--on-accent);font-weight:600;font-size:13px;text-anchor:middle}
.paper{fill:var(--paper)}
.zone{fill:var(--surface);stroke:var(--accent);stroke-width:1.5}
.outside{fill:var(--paper);stroke:var(--ink-soft);stroke-dasharray:4 4}
.store{fill:var(--wash);stroke:var(--line)}
.inner{fill:var(--wash);stroke:none}
.dot{fill:var(--accent)}
.way{fill:none;stroke:var(--accent);stroke-width:1.75;marker-end:url(#end)}
.both{marker-start:url(#begin)}
.quiet{stroke:var(--ink-soft);stroke-width:1.25}
"""

_MARKERS = (
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="var(--accent)"/></marker>'
    '<marker id="begin" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M8 0L0 4L8 8z" fill="var(--accent)"/></marker></defs>'
)


def box(x: int, y: int, width: int, height: int, kind: str) -> str:
    """A rectangle of the look: hairline, small radius."""
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{min(6, height // 4)}"/>'


def words(x: int, y: int, text: str, kind: str = "") -> str:
    """One line of text; `y` is its base line."""
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(text, quote=False)}</text>'


def run(x: int, y: int, *pieces: tuple[str, str]) -> str:
    """One line of pieces, each a text and its kind; their distance does not depend on the reader's fonts."""
    spans = "".join(
        f'<tspan class="{kind}" dx="{10 if i else 0}">{escape(text, quote=False)}</tspan>'
        for i, (text, kind) in enumerate(pieces)
    )
    return f'<text x="{x}" y="{y}">{spans}</text>'


def lines(x: int, y: int, texts: list[str], kind: str = "", *, step: int = 20) -> str:
    """Lines below each other."""
    return "".join(words(x, y + i * step, text, kind) for i, text in enumerate(texts))


def way(path: str, kind: str = "") -> str:
    """An arrow along an SVG path."""
    return f'<path class="way {kind}" d="{path}"/>'


def wrapped(items: list[str], most: int, *, between: str = ", ") -> list[str]:
    """Items in lines of at most `most` characters."""
    found, line = [], ""
    for i, item in enumerate(items):
        piece = item + (between if i < len(items) - 1 else "")
        if line and len(line + piece.rstrip()) > most:
            found.append(line.rstrip())
            line = ""
        line += piece
    return [*found, line]


def purpose_lines(x: int, y: int, zone: Zone) -> str:
    """What a zone may do, by the names of its database roles, in two lines."""
    first, *more = wrapped([purpose.key for purpose in purposes_of(zone)], 60)
    require(len(more) <= 1, "the purposes of a zone have two lines")
    return run(x, y, ("purposes", "soft"), (first, "code")) + lines(x + 68, y + 18, more, "code")


# --- the parts ---


def payment_zone(settings: Settings) -> str:
    """The payment entrance, its three steps and the vault."""
    x, y, width = 276, 64, 572
    steps = [
        ("record the attempt", "committed: state SENT"),
        ("ask the acquirer", "outside any transaction"),
        ("record the outcome", "silence is UNKNOWN"),
    ]
    parts = [
        box(x, y, width, 322, "zone"),
        run(
            x + 20,
            y + 32,
            ("Payment entrance", "title"),
            (f"zone {Zone.PAY.value} · port {settings.port} · one address for every client", "soft"),
        ),
        purpose_lines(x + 20, y + 56, Zone.PAY),
    ]
    for i, (title, below) in enumerate(steps):
        left = x + 20 + i * 182
        parts += [
            box(left, y + 84, 168, 84, "inner"),
            f'<circle class="dot" cx="{left + 20}" cy="{y + 108}" r="11"/>',
            words(left + 20, y + 113, str(i + 1), "number"),
            words(left + 38, y + 113, title),
            words(left + 12, y + 146, below, "soft"),
        ]
    opens = [p.key for p in number_opens_for()]
    holders = ", ".join(zone.value for zone in Zone if RIGHTS[zone].vault)
    parts += [
        box(x + 20, y + 184, width - 40, 58, "inner"),
        run(x + 32, y + 208, ("Card vault", "accent"), (f"its keys are held by zone {holders} alone", "")),
        run(x + 32, y + 230, ("a number opens for", "soft"), (", ".join(opens), "code")),
        run(x + 20, y + 270, ("Recovery", "accent"), ("reverses what is unknown until that is acknowledged", "")),
        words(x + 20, y + 300, "The security code lives in memory, for one request.", "soft"),
    ]
    return "".join(parts)


def outside(settings: Settings) -> str:
    """Whom the Platform talks to; in a sandbox these are programs of our own, on the ports named."""
    recipients = sorted(r.words.en for r in PAYMENT_RECIPIENTS)
    require(len(recipients) == 2, "the picture has two ways out for a card number")
    return "".join((
        box(24, 64, 180, 128, "outside"),
        words(40, 92, "Payer and shop", "title"),
        lines(40, 118, ["the existing wire", "contract: checkout_id,", "secure, authorize"], "soft"),
        box(960, 64, 216, 150, "outside"),
        words(976, 92, "Directory server", "title"),
        words(976, 114, f"3-D Secure 2 · port {settings.sandbox_directory_port}", "soft"),
        way("M 1068 126 L 1068 150", "both quiet"),
        words(976, 174, "Access control", "title"),
        words(976, 196, f"the card's bank · port {settings.sandbox_access_control_port}", "soft"),
        box(960, 242, 216, 84, "outside"),
        words(976, 270, "Acquirer", "title"),
        words(976, 292, f"ISO 8583 over TCP · port {settings.sandbox_acquirer_port}", "soft"),
        words(976, 312, f"its books · port {settings.sandbox_books_port}", "soft"),
        lines(960, 352, ["The only two ways out for", "a card number."], "soft"),
        way("M 206 128 L 272 128", "both"),
        way("M 852 140 L 956 140", "both"),
        way("M 852 284 L 956 284", "both"),
    ))  # fmt: skip


def small_zone(x: int, y: int, width: int, zone: Zone, title: str, besides: str = "") -> tuple[str, int]:
    """A zone with its purposes below each other; the drawing, and where its box ends."""
    keys = [purpose.key for purpose in purposes_of(zone)]
    end = y + 74 + 18 * max(len(keys), 1)
    told = lines(x + 16, y + 74, keys, "code", step=18) or words(x + 16, y + 74, "no purpose: reads no row", "soft")
    head = words(x + 16, y + 28, title, "title") + words(x + 16, y + 50, f"zone {zone.value}{besides}", "soft")
    return box(x, y, width, end - y, "zone") + head + told, end


def other_zones() -> tuple[str, int]:
    """Site, consoles and desk behind local sockets, the worker with the jobs; the drawing, and where it ends."""
    jobs = [zone for zone in Zone if RIGHTS[zone].jobs]
    require(jobs == [Zone.WORKER], "the picture has one zone that takes up jobs")
    require({Zone.PAY, Zone.CONSOLE, Zone.DESK, Zone.SITE, Zone.WORKER} == set(Zone), "the picture has five zones")
    console, console_end = small_zone(24, LOWER, 180, Zone.CONSOLE, "Consoles")
    desk, desk_end = small_zone(24, console_end + 20, 180, Zone.DESK, "Desk")
    site, site_end = small_zone(24, desk_end + 20, 180, Zone.SITE, "Site")
    worker, worker_end = small_zone(960, LOWER, 216, Zone.WORKER, "Worker", " · takes up jobs")
    shop = worker_end + 44
    post = shop + 112
    return "".join((
        console, desk, site, worker,
        way(f"M 300 390 L 300 424 L 114 424 L 114 {LOWER - 4}"),
        words(122, 416, "over local sockets", "soft"),
        way(f"M 208 {LOWER + 56} L 272 {LOWER + 56}", "both"),
        way(f"M 852 {LOWER + 56} L 956 {LOWER + 56}", "both"),
        box(960, shop, 216, 92, "outside"),
        words(976, shop + 28, "Shop's own address", "title"),
        lines(976, shop + 50, ["notification of the outcome,", "until a 2xx is on record"], "soft"),
        way(f"M 1068 {worker_end + 4} L 1068 {shop - 4}"),
        box(960, post, 216, 92, "outside"),
        words(976, post + 28, "Mail server", "title"),
        lines(976, post + 50, ["letters, until it took them;", "STARTTLS or TLS, verified"], "soft"),
        way(f"M 956 {worker_end - 24} L 940 {worker_end - 24} L 940 {post + 46} L 956 {post + 46}"),
    )), max(site_end, post + 92)  # fmt: skip


def database() -> tuple[str, int]:
    """PostgreSQL: two databases, a role for each purpose, a login for each zone; the drawing, and where it ends."""
    x, y, width = 276, LOWER, 572
    said = declarations(MAIN)
    is_personal = sum(1 for each in said if each.category is not None)
    is_sealed = sum(1 for each in said if each.sealed is not None)
    counted = (
        f"{len(registry.tables(MAIN))} tables · {len(said)} fields, all declared · "
        f"{is_personal} personal · {is_sealed} sealed"
    )
    added = wrapped(may_add_to(PAYMENT), 62)
    inner = 76 + 20 * len(added)
    keys = y + 48 + inner + 12
    end = keys + 46 + 16
    return "".join((
        box(x, y, width, end - y, "store"),
        run(x + 20, y + 30, ("PostgreSQL", "title"),
            (f"{len(PURPOSES)} purposes, each a role · {len(Zone)} zones, each a login", "soft")),
        box(x + 20, y + 48, width - 40, inner, "paper"),
        run(x + 32, y + 72, ("Main database", "accent"), (counted, "")),
        words(x + 32, y + 98, f"{PAYMENT.key} may add to", "soft"),
        lines(x + 32, y + 120, added, "code", step=20),
        box(x + 20, keys, width - 40, 46, "paper"),
        run(x + 32, keys + 28, ("Key database", "accent"),
            (f"{len(registry.tables(KEYS))} tables · wrapped keys, a database of their own", "")),
        way(f"M 562 390 L 562 {y - 4}", "both"),
        words(576, 424, "each transaction begins with its purpose", "soft"),
    )), end  # fmt: skip


def foot(y: int) -> str:
    """How to read it."""
    return "".join((
        box(24, y, 14, 14, "zone"),
        words(46, y + 12, "a process with a login role of its own; it compares every right in the database with the "
                          "declarations, and does not start on a difference", "soft"),
        box(24, y + 28, 14, 14, "outside"),
        words(46, y + 40, "outside; the ports are those of the sandbox", "soft"),
        words(24, y + 66, "Drawn by scripts/picture.py from zones, declarations and settings.", "soft"),
    ))  # fmt: skip


def picture() -> str:
    """The whole picture as SVG, the same for the same code."""
    settings = Settings.from_env({})
    title = "The way of a card payment through the IPP Platform"
    zones, zones_end = other_zones()
    store, store_end = database()
    below = max(zones_end, store_end) + 40
    body = payment_zone(settings) + outside(settings) + zones + store + foot(below)
    height = below + 84
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>{theme()}{_STYLE}</style>\n{_MARKERS}\n"
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>\n'
        f"{words(24, 36, title, 'title')}\n" + body.replace("><", ">\n<") + "\n</svg>\n"
    )


if __name__ == "__main__":
    TARGET.write_text(picture())
    print(f"wrote {TARGET.relative_to(TARGET.parent.parent)}")
