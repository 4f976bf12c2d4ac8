"""The desk's rail: what each role opens."""

from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.desk import words
from ippgateway.faces.shell.house import Place
from ippgateway.privacy.catalogue import AUDIT_REVIEW, STAFF_ACCOUNT

STAFF = frozenset({Audience.STAFF})

PLACES: tuple[Place, ...] = (
    Place(path="/", label=words.OVERVIEW, audiences=STAFF),
    Place(path="/audit", label=words.TRAIL, audiences=STAFF, right=AUDIT_REVIEW.key),
    Place(path="/staff", label=words.STAFF, audiences=STAFF, right=STAFF_ACCOUNT.key),
)
