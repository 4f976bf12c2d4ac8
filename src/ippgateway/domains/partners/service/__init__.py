"""The use cases of partners, a file per verb."""

from ippgateway.domains.companies.service.brought_in import customer, customers
from ippgateway.domains.partners.service.countries import COUNTRIES, Country
from ippgateway.domains.partners.service.data import NewPartner, add, change, match_keys, read, rotate_key
from ippgateway.domains.partners.service.for_customers import (
    add_customer,
    close_customer,
    in_their_hands,
    reset_user,
    users_of,
)
from ippgateway.domains.partners.service.inviting import invite_customer
from ippgateway.domains.partners.service.leaving import close_own
from ippgateway.domains.partners.service.numbers import Checked, check_number
from ippgateway.domains.partners.service.sign_up import sign_up

__all__ = [
    "COUNTRIES",
    "Checked",
    "Country",
    "NewPartner",
    "add",
    "add_customer",
    "change",
    "check_number",
    "close_customer",
    "close_own",
    "customer",
    "customers",
    "in_their_hands",
    "invite_customer",
    "match_keys",
    "read",
    "reset_user",
    "rotate_key",
    "sign_up",
    "users_of",
]
