"""The consoles' rails: who sees which entries, in which order."""

from ippgateway.domains.accounts import rights
from ippgateway.domains.accounts.schemas import Audience
from ippgateway.faces.console import words
from ippgateway.faces.shell.cases import words as case_words
from ippgateway.faces.shell.house import Place

COMPANIES = frozenset({Audience.COMPANY})
PARTNERS = frozenset({Audience.PARTNER})
BUSINESSES = COMPANIES | PARTNERS

PLACES: tuple[Place, ...] = (
    Place(path="/", label=words.OVERVIEW),
    Place(path="/payments", label=words.PAYMENTS, audiences=COMPANIES, right=rights.PAYMENTS.key),
    Place(path="/customers", label=words.CUSTOMERS, audiences=PARTNERS, right=rights.CUSTOMERS.key),
    Place(path="/users", label=words.USERS, audiences=BUSINESSES, right=rights.USERS.key),
    Place(path="/policies", label=words.POLICIES, audiences=BUSINESSES, right=rights.USERS.key),
    Place(path="/keys", label=words.KEYS, audiences=COMPANIES, right=rights.KEYS.key),
    Place(path="/partner-access", label=words.PARTNER_ACCESS, audiences=COMPANIES, right=rights.USERS.key),
    Place(path="/requests", label=case_words.REQUESTS, audiences=COMPANIES, right=rights.SETTINGS.key),
    Place(path="/settings", label=words.SETTINGS, audiences=COMPANIES, right=rights.SETTINGS.key),
)
