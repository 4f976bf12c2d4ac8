"""What a use case is given: the database, time, ids and persons' keys. Passed in, never reached for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ippgateway.core.clock import Clock
from ippgateway.core.database import Database
from ippgateway.core.ids import Ids
from ippgateway.privacy.lifetimes import Lifetimes
from ippgateway.privacy.persons import Persons
from ippgateway.privacy.trustfile import Posted
from ippgateway.privacy.zones import Zone


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """One zone's view of the running system. `origins`: where a face is, by its name (console, desk, mine, pay, site),
    for the links in letters; no slash at the end. `operator`: under whose name it is offered (BRAND-1). `trust`: how it
    stands with the promises, for pages that say so."""

    zone: Zone
    db: Database
    clock: Clock
    ids: Ids
    persons: Persons
    checkout_ttl_s: int = 86_400
    session_idle_s: int = 3_600
    browser_idle_s: int = 900
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    origins: Mapping[str, str] = field(default_factory=dict)
    operator: str = "IPP"
    trust: Posted = field(default_factory=Posted)
