"""What is left in a column when what it held is removed and its row stays."""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, LargeBinary, String
from sqlalchemy.sql.type_api import TypeEngine

from ippgateway.privacy.vocabulary import Undeclared

_NOTHING: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (String, "''"), (LargeBinary, "''::bytea"), (Integer, "0"), (Boolean, "false"), (DateTime, "'epoch'"),
)  # fmt: skip


def emptied(column: "Column[Any]") -> str:
    """What a column holds when there is nothing in it, as SQL. Raises Undeclared."""
    if column.nullable:
        return "null"
    for kind, nothing in _NOTHING:
        if isinstance(column.type, kind):
            return nothing
    raise Undeclared(f"{column} can't be emptied, so that nobody could erase it: let it be null")
