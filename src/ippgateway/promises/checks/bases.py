"""Section 7: legal bases."""

from ippgateway.privacy.declare import MAIN
from ippgateway.privacy.vocabulary import Basis
from ippgateway.privacy.zones import PURPOSES, RIGHTS, Zone
from ippgateway.promises.context import Context
from ippgateway.promises.finding import Finding, Surface, judge
from ippgateway.promises.looking import fields, tried
from ippgateway.promises.register import REGISTER


async def every_use_has_a_basis(context: Context) -> Finding:
    """BASIS-1: each purpose names its basis and promise, and without a purpose no zone reads anything."""
    known = {promise.id for promise in REGISTER}
    used = {purpose for field in fields(context) for purpose in field.said.uses} | set(PURPOSES)
    faults = [f"{p.key} names no legal basis" for p in used if not isinstance(p.basis, Basis)]
    faults += [f"{p.key} names no promise of the register" for p in used if p.promise not in known]
    faults += [
        f"zone {zone.value} is a member of {p.key}, which is no declared purpose"
        for zone, rights in RIGHTS.items()
        for p in rights.purposes - set(PURPOSES)
    ]
    tables = [table.name for table in context.tables(MAIN)]
    for zone in Zone:
        statements = [f"select from ipp.{table} limit 1" for table in tables]
        async for _, sql, allowed in tried(context, zone, [None], statements):
            if allowed:
                faults.append(f"zone {zone.value} may {sql.removesuffix(' limit 1')} without a purpose")
    contract = sum(p.basis is Basis.CONTRACT for p in used)
    return judge(
        faults=faults,
        proof=f"{len(used)} purposes name their legal basis, {contract} of them a contract, and no zone reads any of "
        f"{len(tables)} tables without taking a purpose on",
        missing="uses that stop when a contract ends, and terms of their own for steps before one",
        surfaces=(Surface.DECLARATIONS, Surface.MAIN_DATABASE),
    )
