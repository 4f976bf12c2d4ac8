"""Browsers that somebody signed in with before."""

from ippgateway.core.database import Tx
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Arrival
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.sealing import digest

DEVICE_LETTERS = 43
"""256 bits."""
_MOST = 50
"""Of one user; the one that was away longest is forgotten."""


async def users_of(tx: Tx, arrival: Arrival | None) -> frozenset[str]:
    """The ids of the users who signed in with this browser before. For the purposes that look up."""
    if arrival is None or arrival.device is None:
        return frozenset()
    rows = await tx.fetch("select user_id from ipp.known_device where digest = $1", digest(arrival.device.open()))
    return frozenset(row["user_id"] for row in rows)


async def any_known(tx: Tx, *, tenant_id: str, user_id: str) -> bool:
    """Whether a user signed in with any browser before."""
    return bool(
        await tx.value(
            "select exists (select from ipp.known_device where tenant_id = $1 and user_id = $2)", tenant_id, user_id
        )
    )


async def remember(
    tx: Tx, p: Platform, arrival: Arrival | None, *, tenant_id: str, user_id: str, trusted: bool
) -> Secret[str] | None:
    """Know this browser again. The secret to leave with it; None when it has one that is ours.

    `trusted`: whether the one it shows is somebody's already, so that we made it; another one is not taken.
    """
    if arrival is None:
        return None
    now, shown = p.clock.now(), arrival.device if trusted else None
    if shown is not None and await tx.execute(
        "update ipp.known_device set seen_at = $4 where tenant_id = $1 and user_id = $2 and digest = $3",
        tenant_id, user_id, digest(shown.open()), now,
    ):  # fmt: skip
        return None
    secret = shown or Secret(p.ids.letters(DEVICE_LETTERS))
    await tx.execute(
        "insert into ipp.known_device (tenant_id, user_id, id, digest, created_at, seen_at) "
        "values ($1, $2, $3, $4, $5, $5)",
        tenant_id, user_id, p.ids.new(), digest(secret.open()), now,
    )  # fmt: skip
    await tx.execute(
        "delete from ipp.known_device where tenant_id = $1 and user_id = $2 and id not in "
        "(select id from ipp.known_device where tenant_id = $1 and user_id = $2 order by seen_at desc limit $3)",
        tenant_id, user_id, _MOST,
    )  # fmt: skip
    return None if shown is not None else secret
