"""Rooms: a room is entered by its service, schemas, errors and events, and holds no other modules than rooms have.

The order of the rooms and the floors above and below them are held by import-linter (`make check`, test_floors).
"""

import pytest

from .source import Module, imported, module, modules

DOORS = frozenset({"service", "schemas", "errors", "events"})
FURNITURE = DOORS | {"models", "states", "jobs", "ports"}
LONGEST_LINES = 400

EXTRA = {
    ("cards", "vault"): "the vault is a thing that lives as long as its process, not a verb of the room",
    ("cards", "brands"): "what the first digits of a number say; pure",
    ("mail", "letters"): "what a letter says, from words and what it is told; pure",
    ("mail", "words"): "the letters' words in both languages",
    ("mail", "wording"): "the parts of a letter; pure",
    ("mail", "staff_words"): "words of letters to our own staff",
    ("mail", "shop_words"): "words of letters to shops about their payers",
    ("visits", "browsers"): "what a browser calls itself, in words of ours; pure",
    ("accounts", "rights"): "what a user may be allowed to do, and the roles of our staff; a table in the program",
    ("disclosures", "kinds"): "what a request of each kind must say; a table in the program",
    ("companies", "acquirers"): "the acquirers there are; a table in the program until there is more than one",
}
"""Modules that rooms otherwise have not, with the reason."""

EXCEPTIONS = {
    ("payments", "checkouts", "models"): "a checkout's texts are opened at the column they are declared at",
    ("payments", "cards", "vault"): "the payment path opens card numbers; its process is the one that holds the vault",
    ("payments", "cards", "brands"): "pure",
    ("partners", "companies", "acquirers"): "a partner sees the acquirers that its companies can have",
}
"""Who enters which room through what else, with the reason. Everybody else keeps to the doors."""

OPEN = {
    ("accounts", "rights"): "whoever lets somebody do something names the right",
    ("accounts", "ports"): "whoever has a password chosen passes in who knows the leaked ones",
    ("visits", "browsers"): "whoever notes a visit or a sign-in says it in the same words",
}
"""What everybody enters besides the doors, with the reason."""

CONNECTOR_DOORS = frozenset({"ports", "schemas"})


def breaches(found: list[Module]) -> list[str]:
    """Entries through walls, and modules that no room has. Tables are the room's own: `models` is never a door."""
    told = []
    for m in found:
        told += [f"{m.at(node)} enters {room} by {inside or 'its front'}: use a service, schema, error or event"
                 for node, room, inside in _entries(m) if not _allowed(m, room, inside)]  # fmt: skip
        parts = m.name.split(".")
        if m.room and len(parts) > 3 and parts[3] not in FURNITURE and (m.room, parts[3]) not in EXTRA:
            told.append(f"{m.name}: a room has {', '.join(sorted(FURNITURE))}; say in EXTRA why this one has more")
    return told


def _entries(m: Module):  # type: ignore[no-untyped-def]
    for node, name in imported(m.tree):
        parts = name.split(".")
        if parts[:2] == ["ippgateway", "domains"] and len(parts) > 2:
            yield node, parts[2], parts[3] if len(parts) > 3 else ""


def _allowed(m: Module, room: str, inside: str) -> bool:
    floor = m.name.split(".")[1]
    if floor in ("app", "promises") or room == m.room:
        return True  # wiring sees every room; a check looks behind the doors, at what they rest on
    if floor == "connectors":
        return inside in CONNECTOR_DOORS
    return inside in DOORS or (room, inside) in OPEN or (m.room, room, inside) in EXCEPTIONS


def test_rooms_are_entered_by_their_doors() -> None:
    assert breaches(modules()) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ippgateway.domains.payments.service.read", "from ippgateway.domains.companies.models import Company"),
        ("ippgateway.domains.checkouts.service", "from ippgateway.domains.cards.vault import Vault"),
        ("ippgateway.domains.checkouts.service", "from ippgateway.domains.companies import models"),
        ("ippgateway.domains.checkouts.service", "import ippgateway.domains.companies.models as m"),
        ("ippgateway.domains.payments.service.read", "def f():\n    from ippgateway.domains.accounts import models"),
        ("ippgateway.domains.payments.states", "from ippgateway.domains.notifications.ports import Sender"),
        ("ippgateway.faces.classic.face", "from ippgateway.domains.cards.models import Card"),
        ("ippgateway.faces.classic.face", "from ippgateway.domains.payments.ports import Kind"),
        ("ippgateway.connectors.iso8583.link", "from ippgateway.domains.payments.service import Gateway"),
        ("ippgateway.connectors.iso8583.link", "from ippgateway.domains import payments"),
        ("ippgateway.domains.payments.repository", ""),
        ("ippgateway.domains.accounts.utils", ""),
    ],
)
def test_a_planted_breach_is_found(name: str, text: str) -> None:
    assert len(breaches([module(name, text)])) == 1


def test_every_exception_is_still_needed() -> None:
    used = {(m.room, room, inside) for m in modules() for _, room, inside in _entries(m)}
    assert set(EXCEPTIONS) <= used
    assert set(OPEN) <= {(room, inside) for m in modules() for _, room, inside in _entries(m) if m.room != room}
    assert set(EXTRA) <= {(m.room, m.name.split(".")[3]) for m in modules() if m.room and m.name.count(".") > 2}
