"""What a register can name: the kinds of data that are declared, and the recipients that are registered."""

from ippgateway.privacy.catalogue import REGISTERS
from ippgateway.privacy.declare import MAIN, declaration_of
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.registry import tables
from ippgateway.privacy.vocabulary import Category

_MOST = 500


def categories() -> tuple[Category, ...]:
    """Every category that is stored, by its key."""
    said = (declaration_of(column) for table in tables(MAIN) for column in table.c)
    found = {each.category.key: each.category for each in said if each.category is not None}
    return tuple(found[key] for key in sorted(found))


async def recipients(p: Platform) -> dict[str, str]:
    """Every recipient that there is or was, by its id."""
    async with p.db.begin(REGISTERS) as tx:
        rows = await tx.fetch(f"select id, name from ipp.recipient order by name, id limit {_MOST}")
    return {row["id"]: row["name"] for row in rows}
