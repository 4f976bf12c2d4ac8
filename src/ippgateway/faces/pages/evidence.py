"""The product's sign: a tick beside whatever a promise is about, when it was last found kept, and the way to its check.

Beside a promise the tick stands for nothing but a check that found it kept, and not too long ago. Whatever else there
is to say is said in words, without it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from ippgateway.faces.pages.language import Language
from ippgateway.privacy.trust import Seen, Standing
from ippgateway.privacy.vocabulary import Words

PAGE = "trust"
"""Where the site says how it stands with every promise, by its path there."""

LINK = Words(en="Are the promises kept?", da="Holder vi løfterne?")
"""What leads there from the foot of every page."""

NOT_YET = Words(en="not checked yet", da="ikke kontrolleret endnu")
LATE = Words(en="last checked too long ago,", da="sidst kontrolleret for længe siden,")
SAID = {
    Standing.KEPT: Words(en="kept, checked", da="holdt, kontrolleret"),
    Standing.PARTLY: Words(en="partly kept, checked", da="delvist holdt, kontrolleret"),
    Standing.BROKEN: Words(en="not kept, checked", da="ikke holdt, kontrolleret"),
    Standing.UNCHECKED: Words(en="the check could not run, last tried", da="kontrollen kunne ikke køre, sidst forsøgt"),
    Standing.NOT_BUILT: Words(en="not built yet, looked at", da="ikke bygget endnu, set efter"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """What stands beside something. `kept`: whether the tick does."""

    kept: bool
    words: Words
    at: datetime | None


class Evidence:
    """What pages may say of promises, as it was last found. `site`: the site's address without a slash at its end;
    empty on the site itself, None where nobody knows it."""

    def __init__(self, seen: Seen, site: str | None = None) -> None:
        self.seen = seen
        self._site = site

    def of(self, promise_id: str) -> Sign:
        """The sign of a promise."""
        line, result = self.seen.of(promise_id), self.seen.result
        if line is None or result is None:
            return Sign(kept=False, words=NOT_YET, at=None)
        words = LATE if self.seen.late else SAID[line.standing]
        return Sign(kept=self.seen.is_kept(promise_id), words=words, at=result.at.astimezone(UTC))

    def address(self, language: Language, promise_id: str) -> str:
        """Where its check is told; empty where nobody knows."""
        return "" if self._site is None else f"{self._site}/{language.value}/{PAGE}#{promise_id}"

    @property
    def leaves(self) -> bool:
        """Whether that is at another origin than the page."""
        return bool(self._site)
