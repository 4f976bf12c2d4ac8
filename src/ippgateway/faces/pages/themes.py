"""The themes that somebody can choose, whatever the device prefers: `<html data-theme="light">` or `"dark"`."""

from pathlib import Path

_TOKENS = Path(__file__).parent / "static" / "tokens.css"


def themes() -> bytes:
    """A style sheet with the colours of `tokens.css` under each theme's name, so that they are written once. For screens:
    paper is light, whatever was chosen."""
    light, _, dark = _TOKENS.read_text().partition("@media (prefers-color-scheme: dark)")
    rules = "".join(_theme(name, block) for name, block in (("light", light), ("dark", dark)))
    return f"@media screen {{\n{rules}}}\n".encode()


def _theme(name: str, block: str) -> str:
    inside = block.rpartition("{")[2].partition("}")[0]
    colours = [line.strip() for line in inside.splitlines() if "#" in line]
    return f':root[data-theme="{name}"] {{ color-scheme: {name}; {" ".join(colours)} }}\n'
