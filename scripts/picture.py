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

WIDTH, HEIGHT = 1200, 812
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


def purpose_line(x: int, y: int, zone: Zone) -> str:
    """What a zone may do, by the names of its database roles."""
    keys = [purpose.key for purpose in purposes_of(zone)]
    if not keys:
        return words(x, y, "no purpose: reads no row", "soft")
    return run(x, y, ("purposes", "soft"), (", ".join(keys), "code"))


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
        purpose_line(x + 20, y + 62, Zone.PAY),
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


def other_zones() -> str:
    """Site and consoles behind local sockets, the worker with the jobs."""
    jobs = [zone for zone in Zone if RIGHTS[zone].jobs]
    require(jobs == [Zone.WORKER], "the picture has one zone that takes up jobs")
    return "".join((
        box(24, 454, 180, 122, "zone"),
        words(40, 482, "Consoles", "title"),
        words(40, 504, f"zone {Zone.CONSOLE.value}", "soft"),
        lines(40, 528, [p.key for p in purposes_of(Zone.CONSOLE)], "code", step=18),
        box(24, 596, 180, 92, "zone"),
        words(40, 624, "Site", "title"),
        words(40, 646, f"zone {Zone.SITE.value}", "soft"),
        purpose_line(40, 670, Zone.SITE),
        way("M 300 390 L 300 424 L 114 424 L 114 450"),
        words(122, 416, "over local sockets", "soft"),
        way("M 204 516 L 272 516", "both"),
        box(960, 454, 216, 122, "zone"),
        words(976, 482, "Worker", "title"),
        words(976, 504, f"zone {Zone.WORKER.value} · takes up jobs", "soft"),
        lines(976, 528, [p.key for p in purposes_of(Zone.WORKER)], "code", step=18),
        words(976, 558, "calls until a 2xx is on record", "soft"),
        way("M 852 516 L 956 516", "both"),
        box(960, 618, 216, 70, "outside"),
        words(976, 646, "Shop's own address", "title"),
        words(976, 668, "notification of the outcome", "soft"),
        way("M 1068 578 L 1068 614"),
    ))  # fmt: skip


def database() -> str:
    """PostgreSQL: two databases, a role for each purpose, a login for each zone."""
    x, y, width = 276, 454, 572
    said = declarations(MAIN)
    is_personal = sum(1 for each in said if each.category is not None)
    is_sealed = sum(1 for each in said if each.sealed is not None)
    counted = (
        f"{len(registry.tables(MAIN))} tables · {len(said)} fields, all declared · "
        f"{is_personal} personal · {is_sealed} sealed"
    )
    added = wrapped(may_add_to(PAYMENT), 62)
    require(len(added) <= 2, "the list of tables needs another line")
    return "".join((
        box(x, y, width, 234, "store"),
        run(x + 20, y + 30, ("PostgreSQL", "title"),
            (f"{len(PURPOSES)} purposes, each a role · {len(Zone)} zones, each a login", "soft")),
        box(x + 20, y + 48, width - 40, 112, "paper"),
        run(x + 32, y + 72, ("Main database", "accent"), (counted, "")),
        words(x + 32, y + 98, f"{PAYMENT.key} may add to", "soft"),
        lines(x + 32, y + 120, added, "code", step=20),
        box(x + 20, y + 172, width - 40, 46, "paper"),
        run(x + 32, y + 200, ("Key database", "accent"),
            (f"{len(registry.tables(KEYS))} tables · wrapped keys, a database of their own", "")),
        way("M 562 390 L 562 450", "both"),
        words(576, 424, "each transaction begins with its purpose", "soft"),
    ))  # fmt: skip


def foot() -> str:
    """How to read it."""
    return "".join((
        box(24, 730, 14, 14, "zone"),
        words(46, 742, "a process with a login role of its own; it compares every right in the database with the "
                       "declarations, and does not start on a difference", "soft"),
        box(24, 758, 14, 14, "outside"),
        words(46, 770, "outside; the ports are those of the sandbox", "soft"),
        words(24, 796, "Drawn by scripts/picture.py from zones, declarations and settings.", "soft"),
    ))  # fmt: skip


def picture() -> str:
    """The whole picture as SVG, the same for the same code."""
    settings = Settings.from_env({})
    title = "The way of a card payment through the IPP Platform"
    body = payment_zone(settings) + outside(settings) + other_zones() + database() + foot()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>{theme()}{_STYLE}</style>\n{_MARKERS}\n"
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>\n'
        f"{words(24, 36, title, 'title')}\n" + body.replace("><", ">\n<") + "\n</svg>\n"
    )


if __name__ == "__main__":
    TARGET.write_text(picture())
    print(f"wrote {TARGET.relative_to(TARGET.parent.parent)}")
