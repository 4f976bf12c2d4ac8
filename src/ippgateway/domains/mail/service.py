"""Owing somebody a letter, and sending it (BASIS-7).

At least once until the mail server's yes is recorded, and never after that: a worker that dies between that yes and our
commit sends a letter twice, one that records first would sometimes never send it.
"""

import json
from collections.abc import Mapping

from ippgateway.core.database import Tx
from ippgateway.core.jobs import MAIL_DUE, defer
from ippgateway.domains.mail.letters import Kind
from ippgateway.domains.mail.models import Letter
from ippgateway.privacy.persons import Box
from ippgateway.privacy.platform import Platform


async def owe(
    tx: Tx,
    p: Platform,
    *,
    box: Box,
    tenant_id: str,
    person_id: str,
    kind: Kind,
    language: str,
    address: str,
    told: Mapping[str, str] | None = None,
) -> str:
    """Owe somebody a letter, due at once, in the transaction that gave rise to it. The letter's id.

    `box`: the keys of the person whom it is about, who is ours (`privacy.zones.PLATFORM`). `told`: what it says besides
    its own words, by the names in `letters.Told`; sealed, and emptied once it is sent.
    """
    letter_id, now = p.ids.new(), p.clock.now()
    await tx.execute(
        "insert into ipp.letter (tenant_id, id, person_id, kind, language, state, created_at, next_at, address, told) "
        "values ($1, $2, $3, $4, $5, 'DUE', $6, $6, $7, $8)",
        tenant_id, letter_id, person_id, kind.value, language, now, box.seal(Letter.address, address),
        box.seal(Letter.told, json.dumps(dict(told))) if told else None,
    )  # fmt: skip
    await defer(tx, MAIL_DUE, company_id=tenant_id, object_id=letter_id, at=now)
    return letter_id
