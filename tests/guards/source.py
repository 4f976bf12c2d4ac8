"""Source as the guards read it. A guard takes modules and gives breaches, so that a test can plant one."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"


@dataclass(frozen=True)
class Module:
    """A module of ours: its dotted name and what is written in it."""

    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room of a domain's module, else nothing."""
        parts = self.name.split(".")
        return parts[2] if parts[:2] == ["ippgateway", "domains"] and len(parts) > 2 else ""

    def at(self, node: ast.AST) -> str:
        """Where a breach is."""
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


def module(name: str, text: str) -> Module:
    """A module from text: a planted one."""
    return Module(name, ast.parse(text))


@cache
def modules(root: Path = SRC) -> list[Module]:
    """Every module under a source folder."""
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        found.append(module(".".join(parts), path.read_text()))
    return found


def imported(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Everything imported, as dotted names; `from a import b` gives `a.b`, which may be a module or a name in one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST) -> str:
    """`self._g.acquirer.reverse` for such an expression; calls on the way are left out."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
