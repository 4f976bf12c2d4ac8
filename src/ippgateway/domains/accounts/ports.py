"""Who knows which passwords leaked: fulfilled by `connectors.breaches`."""

from typing import Protocol

from ippgateway.core.secret import Secret


class Breaches(Protocol):
    """Knows passwords that others know too."""

    async def leaked(self, password: Secret[str]) -> bool:
        """Whether the password is in a list of leaked or common ones. Always answers; may call out, so it is asked
        before a transaction begins. Raises nothing but NetworkInsideTransaction."""
        ...
