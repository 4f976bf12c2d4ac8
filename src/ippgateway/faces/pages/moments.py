"""Times as people read them, in the language of the page. Days and hours are those of Copenhagen."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from ippgateway.faces.pages.language import Language

HOME = ZoneInfo("Europe/Copenhagen")
_MONTHS = {
    Language.EN: ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December"),
    Language.DA: ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
                  "november", "december"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """How a language tells times."""

    language: Language

    def day(self, at: datetime | date) -> str:
        """`24 November 2026`, `24. november 2026`."""
        on = at.astimezone(HOME).date() if isinstance(at, datetime) else at
        dot = "." if self.language is Language.DA else ""
        return f"{on.day}{dot} {_MONTHS[self.language][on.month - 1]} {on.year}"

    def clock(self, at: datetime) -> str:
        """`14:02`, `14.02`."""
        return at.astimezone(HOME).strftime("%H.%M" if self.language is Language.DA else "%H:%M")

    def moment(self, at: datetime) -> str:
        """`24 November 2026, 14:02`, `24. november 2026 kl. 14.02`."""
        between = " kl. " if self.language is Language.DA else ", "
        return f"{self.day(at)}{between}{self.clock(at)}"

    def exact(self, at: datetime) -> str:
        """The same to the second."""
        return f"{self.moment(at)}{'.' if self.language is Language.DA else ':'}{at.second:02d}"


@cache
def told_in(language: Language) -> Told:
    """How a language tells times."""
    return Told(language)
