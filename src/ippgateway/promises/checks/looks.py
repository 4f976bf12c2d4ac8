"""DISC-1: looks of our staff. They read what is about somebody through one verb, which notes it first."""

import ast
from pathlib import Path

from ippgateway.privacy.catalogue import ERASURE, PSEUDONYM, RETENTION, SUPPORT, SUPPORT_SEARCH
from ippgateway.privacy.declare import MAIN, declaration_of, declared, readable
from ippgateway.privacy.looks import looking
from ippgateway.privacy.looks.looking import BadReason, Looker, Why
from ippgateway.privacy.zones import Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import CannotCheck
from ippgateway.promises.madeup import SOMEBODY, Rows
from ippgateway.promises.rules import let_through

_VERB = "privacy/looks/looking.py"
_BEGINNING = frozenset({"begin", "together", "open", "open_many"})
_BY = Looker(user_id="made-up-0002")


async def unrecorded(context: Context) -> list[str]:
    """Ways by which staff could look without a record, and what could become of one. Raises CannotCheck."""
    return [
        *_changed(),
        *_found_too_much(context),
        *await let_through(context, Zone.DESK, "look", {"reason": "\\x01", "shown": "app_user.name"}, {
            "a look of nobody's": {"by_id": None},
            "a look at nobody": {"person_id": None},
            "a look for no purpose": {"purpose": None},
            "a look that says not why": {"why": None},
            "a look at no moment": {"at": None},
        }),
        *await _shown_unnoted(context),
        *_besides(context.source_dir),
    ]  # fmt: skip


def _changed() -> list[str]:
    """Who is declared to write, change or read looks and should not."""
    look = MAIN.tables["ipp.look"]
    faults = []
    for access in declared(look).access:
        ends = access.purpose in (ERASURE, RETENTION)
        changes = set(access.update) - ({"shown", "reason"} if ends else set())
        if changes or (access.delete and access.purpose != RETENTION):
            faults.append(f"{access.purpose.key} may change or remove looks")
        if access.insert is not (access.purpose == SUPPORT):
            faults.append(f"{access.purpose.key} {'notes' if access.insert else 'notes no'} looks")
        if access.purpose == SUPPORT and readable(look, access):
            faults.append("whoever looks may read the record of looks")
    return faults


def _found_too_much(context: Context) -> list[str]:
    """What a search is declared to tell besides codes and ids: it leaves no record of whom it found."""
    return [
        f"whoever searches for support reads {table.name}.{name}"
        for table in context.tables(MAIN) if (access := declared(table).access_of(SUPPORT_SEARCH)) is not None
        for name in readable(table, access)
        if declaration_of(table.c[name]).category not in (None, PSEUDONYM)
    ]  # fmt: skip


async def _shown_unnoted(context: Context) -> list[str]:
    """What our verb shows of somebody invented and does not note, or shows though it can't note it."""
    rows = Rows(context.randomness)
    shown = await _look(context, rows, reason="made up for a promise")
    noted = {name for sql, said in rows.written if sql.startswith("insert into ipp.look ") for name in _named(said)}
    faults = [] if shown else ["a look at somebody who has every field shows nothing"]
    faults += [f"a look shows {name} and does not note it" for name in sorted(set(_about_somebody(rows)) - noted)]
    unable, unreasoned = Rows(context.randomness, writable=False), Rows(context.randomness)
    if await _look(context, unable, reason="made up for a promise"):
        faults.append("a look that can't be noted shows something")
    if await _look(context, unreasoned, reason="") or unreasoned.read:
        faults.append("a look without a reason shows something")
    return faults


async def _look(context: Context, rows: Rows, *, reason: str) -> bool:
    """Whether anything is shown."""
    platform = rows.platform(context.clock, context.randomness)
    try:
        return bool(await looking.look(
            platform, by=_BY, purpose=SUPPORT, person=SOMEBODY, why=Why.ASKED, reason=reason
        ))  # fmt: skip
    except (BadReason, OSError):
        return False


def _named(said: tuple[object, ...]) -> set[str]:
    """The fields that a record names, among what is written of it."""
    return {name for text in said if isinstance(text, str) and "." in text for name in text.split(",")}


def _about_somebody(rows: Rows) -> list[str]:
    places = (name.split(".") for name in rows.read)
    return [f"{t}.{c}" for t, c in places if declaration_of(MAIN.tables[f"ipp.{t}"].c[c]).category is not None]


def _besides(source: Path) -> list[str]:
    """Files that begin work for support besides the verb: they could read without a record."""
    if not (source / _VERB).exists():
        raise CannotCheck("the program's source is not where it was looked for")
    return [
        f"{path.relative_to(source)} reads for support without a look"
        for path in sorted(source.rglob("*.py"))
        if "SUPPORT" in (text := path.read_text()) and _begins(ast.parse(text))
    ]


def _begins(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _BEGINNING
        and any(_is_support(said) for said in [*node.args, *(k.value for k in node.keywords)])
        for node in ast.walk(tree)
    )  # fmt: skip


def _is_support(said: ast.expr) -> bool:
    return (isinstance(said, ast.Name) and said.id == "SUPPORT") or (
        isinstance(said, ast.Attribute) and said.attr == "SUPPORT"
    )
