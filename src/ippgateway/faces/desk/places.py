"""The desk's rail: what each role opens."""

from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.desk import (
    breach_words,
    disclosing_words,
    emergency_words,
    keeping_words,
    paper_words,
    people_words,
    words,
)
from ippgateway.faces.shell.cases import words as case_words
from ippgateway.faces.shell.house import Place
from ippgateway.privacy.catalogue import (
    AUDIT_REVIEW,
    DISCLOSURE,
    LEGAL_HOLD,
    REGISTERS,
    REQUESTS,
    STAFF_ACCOUNT,
    SUPPORT,
)

STAFF = frozenset({Audience.STAFF})

PLACES: tuple[Place, ...] = (
    Place(path="/", label=words.OVERVIEW, audiences=STAFF),
    Place(path="/people", label=people_words.PEOPLE, audiences=STAFF, right=SUPPORT.key),
    Place(path="/requests", label=case_words.REQUESTS, audiences=STAFF, right=REQUESTS.key),
    Place(path="/audit", label=words.TRAIL, audiences=STAFF, right=AUDIT_REVIEW.key),
    Place(path="/disclosures", label=disclosing_words.DISCLOSURES, audiences=STAFF, right=DISCLOSURE.key),
    Place(path="/retention", label=keeping_words.RETENTION, audiences=STAFF, right=LEGAL_HOLD.key),
    Place(path="/holds", label=keeping_words.HOLDS, audiences=STAFF, right=LEGAL_HOLD.key),
    Place(path="/breaches", label=breach_words.BREACHES, audiences=STAFF, right=REGISTERS.key),
    Place(path="/paper", label=paper_words.PAPER, audiences=STAFF, right=REGISTERS.key),
    Place(path="/reviews", label=emergency_words.REVIEWS, audiences=STAFF, right=AUDIT_REVIEW.key),
    Place(path="/staff", label=words.STAFF, audiences=STAFF, right=STAFF_ACCOUNT.key),
    Place(path="/emergency", label=emergency_words.EMERGENCY, audiences=STAFF),
)
