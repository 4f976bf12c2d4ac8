"""Stopping what is done with a person's data because they asked for it, and lifting that: a restriction (Article 18) is
a stop to nearly everything, an objection (Article 21) to one purpose.

It binds in both databases at once: the key database hides the person's keys, and the main one hides rows in which not
everything is sealed (`Access.stops`). Each act may be repeated, and is when it was cut short.
"""

from ippgateway.privacy import audit
from ippgateway.privacy.catalogue import ERASURE
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.rights.reach import Person

_STOP = "insert into ipp.stop as s (tenant_id, person_id, controller, {0}) values ($1, $2, $3, {1}) "
_PAUSED = (
    f"{_STOP.format('paused_at', '$4')} on conflict (tenant_id, person_id) do update set "
    "paused_at = coalesce(s.paused_at, excluded.paused_at)"
)
_OBJECTED = (
    f"{_STOP.format('objected', 'array[$4::varchar]')} on conflict (tenant_id, person_id) do update set "
    "objected = array_append(array_remove(s.objected, $4::varchar), $4::varchar)"
)
_WHOSE = "where tenant_id = $1 and person_id = $2 and controller = $3"


async def restrict(p: Platform, person: Person, *, asked_by: str) -> None:
    """From here on both databases show this person to duties by law alone. A second time it changes nothing."""
    await _mark(p, person, _PAUSED, p.clock.now(), act="person.restricted", asked_by=asked_by)
    await p.persons.pause(ERASURE, person.controller, person.person_id)


async def release(p: Platform, person: Person, *, asked_by: str) -> None:
    """Lift a restriction."""
    await p.persons.resume(ERASURE, person.controller, person.person_id)
    lifted = f"update ipp.stop set paused_at = null {_WHOSE}"
    await _mark(p, person, lifted, act="person.released", asked_by=asked_by)


async def object_to(p: Platform, person: Person, purpose: str) -> None:
    """From here on both databases hide this person from the purpose with that key."""
    await _mark(p, person, _OBJECTED, purpose)
    await p.persons.object_to(ERASURE, person.controller, person.person_id, purpose)


async def overrule(p: Platform, person: Person, purpose: str) -> None:
    """End such an objection, which was not upheld."""
    await p.persons.overrule(ERASURE, person.controller, person.person_id, purpose)
    await _mark(p, person, f"update ipp.stop set objected = array_remove(objected, $4::varchar) {_WHOSE}", purpose)


async def _mark(p: Platform, person: Person, change: str, *said: object, act: str = "", asked_by: str = "") -> None:
    async with p.db.begin(ERASURE, tenants=[person.rows_of]) as tx:
        await tx.execute(change, person.rows_of, person.person_id, person.controller, *said)
        if act:
            await audit.record(tx, actor=f"{p.zone.value}/{asked_by}", act=act, on=str(person))
