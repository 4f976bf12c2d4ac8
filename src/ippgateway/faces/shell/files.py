"""The shell's own files, and those that we serve from packages: two fonts and htmx.

`make install` puts the packages into `node_modules`. Without them every page works the same: in the system's fonts, and
with a page loaded for each step.
"""

from pathlib import Path

from ippgateway.faces.pages.press import fingerprinted, printed
from ippgateway.faces.pages.themes import themes

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
HTMX = "htmx.js"

_PACKAGES = Path(__file__).parents[4] / "node_modules"
_FAMILIES = {
    "Source Sans 3": ("@fontsource/source-sans-3/files/source-sans-3", (400, 600)),
    "Source Code Pro": ("@fontsource/source-code-pro/files/source-code-pro", (400, 600)),
}
# The letters of each file; a browser fetches a file when a page has one of its letters.
_LETTERS = {
    "latin": "U+0-FF, U+131, U+152-153, U+2BB-2BC, U+2C6, U+2DA, U+2DC, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, "
    "U+2212",
    "latin-ext": "U+100-130, U+132-151, U+154-2BA, U+1E00-1EFF, U+20A0-20AB, U+20AD-20C4",
}


def own() -> dict[str, bytes]:
    """Files by name, for the press. Raises OSError when one that is installed can't be read."""
    found = {path.name: path.read_bytes() for path in sorted((HERE / "static").iterdir())}
    return found | {"themes.css": themes()} | fonts() | _htmx()


def fonts() -> dict[str, bytes]:
    """The fonts that are installed, and `fonts.css`, which tells a browser where they are (empty without them)."""
    files: dict[str, bytes] = {}
    rules: list[str] = []
    for family, (stem, weights) in _FAMILIES.items():
        for weight in weights:
            for subset, letters in _LETTERS.items():
                source = _PACKAGES / f"{stem}-{subset}-{weight}-normal.woff2"
                if source.exists():
                    files[source.name] = source.read_bytes()
                    rules.append(_rule(family, weight, source.name, files[source.name], letters))
    return files | {"fonts.css": "\n".join(rules).encode() + b"\n"}


def _rule(family: str, weight: int, name: str, body: bytes, letters: str) -> str:
    address = fingerprinted(name, printed(body, "font/woff2"))
    return (
        f'@font-face {{ font-family: "{family}"; font-style: normal; font-weight: {weight}; font-display: swap; '
        f'src: url("{address}") format("woff2"); unicode-range: {letters}; }}'
    )


def _htmx() -> dict[str, bytes]:
    source = _PACKAGES / "htmx.org" / "dist" / "htmx.min.js"
    return {HTMX: source.read_bytes()} if source.exists() else {}
