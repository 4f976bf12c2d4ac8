"""A site, and what the checks found for it: whatever a test says, in a file of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reader import API_URL, CHECKED_AT
from starlette.types import ASGIApp

from ippgateway.core.clock import ManualClock
from ippgateway.faces.site.app import SiteFacts, site_app
from ippgateway.privacy import trustfile
from ippgateway.privacy.trust import Found, Promise, Result, Standing
from ippgateway.privacy.trustfile import Posted
from ippgateway.promises.register import REGISTER, SECTIONS

EVERY_S = 21_600
SENTENCE = "12 of 12 fields were looked at"


@dataclass
class Checked:
    """A site on a clock of its own, whose results are in `path`."""

    path: Path
    clock: ManualClock
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self.app = site_app(SiteFacts(
            cards={}, version="0.1.0", api_url=API_URL, console_url="http://console.localhost:8000",
            mine_url="http://mine.localhost:8000", shop_url="http://shop.localhost:8005", sandbox=False,
            checked_at=CHECKED_AT, promises=SECTIONS, trust=Posted(self.path, self.clock),
        ))  # fmt: skip

    def post(self, but: Mapping[str, Standing] | None = None, *, evidence: str = SENTENCE) -> Result:
        """Everything was found kept, but for these."""
        found = [_found(promise, (but or {}).get(promise.id, Standing.KEPT), evidence) for promise in REGISTER]
        return trustfile.post(self.path, found, at=self.clock.now(), every_s=EVERY_S)


def _found(promise: Promise, standing: Standing, evidence: str) -> Found:
    return Found(id=promise.id, standing=standing, evidence=evidence, surfaces=("main database", "logs"))
