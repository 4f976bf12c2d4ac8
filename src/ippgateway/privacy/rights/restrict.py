"""Restricting a person's data because they asked for it (Article 18), and lifting that; both are on the audit trail."""

from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person


async def restrict(p: Platform, person: Person, *, asked_by: str) -> None:
    """From here on the key database shows this person to duties by law alone. A second time it changes nothing."""
    await p.persons.pause(ERASURE, person.controller, person.person_id)
    await _recorded(p, person, "person.restricted", asked_by)


async def release(p: Platform, person: Person, *, asked_by: str) -> None:
    """Lift a restriction."""
    await p.persons.resume(ERASURE, person.controller, person.person_id)
    await _recorded(p, person, "person.released", asked_by)


async def _recorded(p: Platform, person: Person, act: str, asked_by: str) -> None:
    async with p.db.begin(ERASURE) as tx:
        await audit.record(tx, actor=f"{p.zone.value}/{asked_by}", act=act, on=str(person))
