"""The acquirers that this installation knows. One so far: the test acquirer of the sandbox."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Acquirer:
    """An acquirer. `fields`: what its contract asks a company for, as (key, label)."""

    id: str
    name: str
    url: str
    test: bool
    """Whether it takes test payments, and those alone."""
    institution: str
    country: str
    fields: tuple[tuple[str, str], ...]


TEST_ACQUIRER = Acquirer(
    id="Te5t-Acqu-irer",
    name="Test acquirer",
    url="",
    test=True,
    institution="457199",
    country="208",
    fields=(("mid", "Merchant number"),),
)

ACQUIRERS = {TEST_ACQUIRER.id: TEST_ACQUIRER}
