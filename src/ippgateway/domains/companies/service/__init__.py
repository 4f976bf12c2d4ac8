"""The use cases of companies, a file per verb."""

from ippgateway.domains.companies.service.brought_in import customer, customers
from ippgateway.domains.companies.service.data import (
    merge_meta,
    read,
    save_acquirer_settings,
    set_payers_contact,
    set_widget,
)
from ippgateway.domains.companies.service.grants import allow_partner, grant_history, partner_allowed, withdraw_partner
from ippgateway.domains.companies.service.keys import (
    KEY1_LETTERS,
    KEY2_LETTERS,
    LONGEST_OVERLAP_S,
    add_key,
    end_key,
    key_code,
    keys,
    match_keys,
    replace_keys,
    rotate_key,
)
from ippgateway.domains.companies.service.make import NewCompany, add, close, close_own, holder, insert, sandbox_company
from ippgateway.domains.companies.service.roll import roll
from ippgateway.domains.companies.service.terms import (
    Contract,
    contract,
    contracts,
    has_widget,
    is_live,
    name_of,
    payers_contact_of,
    person_of,
    persons_of,
)

__all__ = [
    "KEY1_LETTERS",
    "KEY2_LETTERS",
    "LONGEST_OVERLAP_S",
    "Contract",
    "NewCompany",
    "add",
    "add_key",
    "allow_partner",
    "close",
    "close_own",
    "contract",
    "contracts",
    "customer",
    "customers",
    "end_key",
    "grant_history",
    "has_widget",
    "holder",
    "insert",
    "is_live",
    "key_code",
    "keys",
    "match_keys",
    "merge_meta",
    "name_of",
    "partner_allowed",
    "payers_contact_of",
    "person_of",
    "persons_of",
    "read",
    "replace_keys",
    "roll",
    "rotate_key",
    "sandbox_company",
    "save_acquirer_settings",
    "set_payers_contact",
    "set_widget",
    "withdraw_partner",
]
