"""The certificate of an erasure: what went, what stays on which ground until when, when the last copy of the key dies.

It names tables, categories, counts and days, and nobody. It is made from the plan, before anything goes, and completed
when the keys are gone, so that whoever is killed in between can still hand it over.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ippgateway.privacy.lifetimes import Lifetimes
from ippgateway.privacy.rights.copy import AUTHORITY
from ippgateway.privacy.rights.plan import Line, Plan
from ippgateway.privacy.vocabulary import Words

SHAPE = 1


def planned(number: str, plan: Plan) -> dict[str, Any]:
    """What the certificate says before anything went. `number`: that of the request."""
    return {
        "shape": SHAPE, "number": number, "erased_at": None, "key_dies_by": None,
        "went": _lines(plan.goes), "stays": _lines(plan.stays), "authority": _words(AUTHORITY),
    }  # fmt: skip


def completed(certificate: dict[str, Any], *, erased_at: datetime, lifetimes: Lifetimes) -> dict[str, Any]:
    """The same when the keys are gone from the running Platform."""
    return certificate | {
        "erased_at": erased_at.isoformat(timespec="seconds"),
        "key_dies_by": lifetimes.dies_by(erased_at).isoformat(timespec="seconds"),
    }  # fmt: skip


def encoded(certificate: dict[str, Any]) -> str:
    """As it is stored and handed over."""
    return json.dumps(certificate, ensure_ascii=False, indent=2)


def _lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "table": line.table, "about": _words(line.about), "category": line.category.key,
            "words": _words(line.category.words), "fields": line.count, "how": _words(line.how),
            "why": _words(line.why) if line.why is not None else None,
            "until": line.until.isoformat() if line.until is not None else None,
        }
        for line in lines
    ]  # fmt: skip


def _words(words: Words) -> dict[str, str]:
    return {"en": words.en, "da": words.da}
