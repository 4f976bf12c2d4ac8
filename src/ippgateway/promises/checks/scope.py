"""Section 1: scope."""

from sqlalchemy import Column, String
from sqlalchemy import Table as SqlTable

from ippgateway.privacy.declare import MAIN, Undeclared
from ippgateway.privacy.registry import LIBRARY_TABLES
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import differences, fields

_TRIED = "promise_scope_4"


async def every_field_is_classified(context: Context) -> Finding:
    """SCOPE-4: the live databases hold exactly the declared columns, and none can be added without a declaration."""
    faults = await differences(context)
    if _can_ship_undeclared():
        faults.append("a column without a declaration was accepted")
    found = list(fields(context))
    personal = sum(field.said.category is not None for field in found)
    return judge(
        faults=faults,
        proof=f"both databases hold exactly the {len(found)} declared fields, {personal} of them personal; a field "
        f"without a declaration is refused at import; {len(LIBRARY_TABLES)} tables or schemas of libraries are listed "
        "with a reason",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE, Surface.KEY_DATABASE),
    )


def _can_ship_undeclared() -> bool:
    try:
        SqlTable(_TRIED, MAIN, Column("anything", String()))
    except Undeclared:
        return False
    MAIN.remove(MAIN.tables[f"ipp.{_TRIED}"])
    return True
