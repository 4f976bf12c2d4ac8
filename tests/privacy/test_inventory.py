"""The data map says of every field what its declaration says, and who can really read it."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from ippgateway.app.inventory_command import WIDTH, told
from ippgateway.privacy.declare import KEYS, MAIN, declaration_of
from ippgateway.privacy.inventory import data_map, document
from ippgateway.privacy.registry import LIBRARY_TABLES, tables


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """What the command prints, with no database anywhere."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("IPPGATEWAY_")}
    env = {**ours, "IPPGATEWAY_DATA_DIR": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-m", "ippgateway.app.cli", "inventory", "--json"],
        env=env, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def field(printed: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    stores = [t for database in printed["databases"] for t in database["tables"] if t["name"] == table]
    return next(f for f in stores[0]["fields"] if f["name"] == name)


def test_every_declared_column_is_there_once_and_in_order(printed: dict[str, Any]) -> None:
    listed = [
        (database["key"], table["name"], f["name"])
        for database in printed["databases"]
        for table in database["tables"]
        for f in table["fields"]
    ]
    assert listed == [
        (k, t.name, c.name) for k, of in (("main", MAIN), ("keys", KEYS)) for t in tables(of) for c in t.c
    ]


def test_what_is_printed_is_what_the_program_holds(printed: dict[str, Any]) -> None:
    assert printed == json.loads(json.dumps(document(data_map())))


def test_a_personal_field_says_everything_about_itself(printed: dict[str, Any]) -> None:
    found = field(printed, "card", "number")
    assert found["identifies"] == "indirectly"
    assert found["category"]["fideslang"] == "user.financial.account_number"
    assert [(p["key"], p["basis"], p["promise"]) for p in found["purposes"]] == [
        ("payment", "dpv:Contract", "CUST-3"), ("payment_recovery", "dpv:Contract", "CUST-3"),
    ]  # fmt: skip
    assert (found["keep"]["days"], found["keep"]["trigger"], found["keep"]["statute"]) == (
        540, "the payment", "PCI DSS 3.2.1",
    )  # fmt: skip
    assert {r["key"]: r["places"] for r in found["recipients"]} == {
        "acquirer": ["EU", "US"], "directory_server": ["EU", "US"],
    }  # fmt: skip
    assert found["sealed"]["key"] == "vault"
    assert (found["read_by"], found["opened_by"]) == (["pay"], ["pay"])


def test_zones_follow_from_the_purposes(printed: dict[str, Any]) -> None:
    assert field(printed, "notification", "url")["opened_by"] == ["console", "worker"]
    assert field(printed, "checkout", "extra")["opened_by"] == ["pay", "console"]
    assert field(printed, "card", "number")["opened_by"] == ["pay"]
    assert field(printed, "app_user", "email")["read_by"] == ["console", "desk"]
    assert field(printed, "card", "last4")["read_by"] == ["pay", "console"]
    assert field(printed, "audit_entry", "actor")["read_by"] == ["desk"]
    assert not [f for d in printed["databases"] for t in d["tables"] for f in t["fields"] if "site" in f["read_by"]]


def test_whose_and_in_which_part_is_told(printed: dict[str, Any]) -> None:
    card = next(t for t in printed["databases"][0]["tables"] if t["name"] == "card")
    assert {k: card[k] for k in ("held_as", "tenant", "owner", "about")} == {
        "held_as": "processor", "tenant": "company_id", "owner": "person_id", "about": {"en": "cards", "da": "kort"},
    }  # fmt: skip
    assert {t["name"]: t["reason"] for t in printed["library_tables"]} == LIBRARY_TABLES


def test_the_text_is_readable_at_a_hundred_columns_and_leaves_nothing_out() -> None:
    text = told(data_map())
    assert max(map(len, text.splitlines())) <= WIDTH
    for table in (*tables(MAIN), *tables(KEYS)):
        part = text.split(f"\n{table.name}: ", 1)[1].split("\n\n", 1)[0]
        assert not [c.name for c in table.c if c.name not in part]
        assert part.count("; kept: ") == sum(declaration_of(c).category is not None for c in table.c)
