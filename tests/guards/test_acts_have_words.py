"""Whatever is written on the audit trail is told in words at the desk, in both languages."""

import ast
import re
from pathlib import Path

from ippgateway.domains.registers.schemas import Act
from ippgateway.domains.requests.states import State
from ippgateway.faces.desk.words import act

SOURCE = Path(__file__).parents[2] / "src" / "ippgateway"
_WRITERS = {"audited", "recorded"}
_ACT = re.compile(r"[a-z]+\.[a-z]+(_[a-z]+)*", re.ASCII)


def written() -> set[str]:
    """Every act that is named where something is written on the trail, and those that are put together."""
    found = {f"breach.{each.value}" for each in Act}
    found |= {f"request.{each.value.lower()}" for each in (State.GRANTED, State.REFUSED)}
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        found |= {text for node in ast.walk(tree) if _writes(node) for text in _texts(node) if _ACT.fullmatch(text)}
    return found


def _writes(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg == "act"
    if isinstance(node, ast.Assign):
        return any(isinstance(each, ast.Name) and each.id == "act" for each in node.targets)
    name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
    return name.lstrip("_") in _WRITERS


def _texts(node: ast.AST) -> list[str]:
    return [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def test_every_act_has_words_in_both_languages() -> None:
    acts = written()
    assert {"person.erased", "request.asked", "terms.accepted", "disclosure.entered"} <= acts
    assert {each for each in acts if each in (act(each).en, act(each).da)} == set()
