"""The checks, by section of the register."""

from collections.abc import Mapping
from types import MappingProxyType

from ippgateway.promises.checks import (
    bases,
    cards,
    choice,
    collection,
    confidentiality,
    customers,
    disclosure,
    doors,
    duties,
    interests,
    offering,
    place,
    retention,
    scope,
    security,
    terms,
)
from ippgateway.promises.report import Check

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "SCOPE-1": scope.one_policy_and_one_inventory,
        "SCOPE-2": scope.each_kind_has_an_account,
        "SCOPE-4": scope.every_field_is_classified,
        "COLLECT-5": collection.categories_say_all,
        "COLLECT-6": collection.accesses_are_recorded,
        "COLLECT-7": collection.accounts_are_complete,
        "CUST-3": customers.payments_are_processed,
        "CUST-5": customers.areas_are_closed,
        "CARD-1": cards.an_acquirer_answers,
        "CARD-2": cards.links_are_encrypted,
        "CARD-3": cards.numbers_are_for_payments,
        "CARD-4": cards.numbers_go_to_nobody_else,
        "CARD-5": confidentiality.at_rest_and_in_logs,
        "BASIS-1": bases.every_use_has_a_basis,
        "BASIS-2": interests.interests_are_weighed,
        "BASIS-3": choice.marketing_needs_a_yes,
        "BASIS-5": duties.duties_name_their_statute,
        "BASIS-6": duties.authorities_get_what_two_approve,
        "BASIS-7": doors.identity_is_verified,
        "BASIS-8": choice.notices_are_no_marketing,
        "BASIS-15": interests.interest("BASIS-15"),
        "BASIS-17": interests.interest("BASIS-17"),
        "DISC-1": disclosure.staff_see_by_role,
        "DISC-11": disclosure.nothing_is_sold,
        "PLACE-1": place.places_are_shown_and_agreed,
        "SEC-1": security.defaults_are_hardened,
        "SEC-3": doors.passwords_are_guarded,
        "SEC-4": doors.a_second_factor_is_demanded,
        "SEC-5": security.sealed_per_person_and_ground,
        "CHOICE-1": choice.marketing_goes_to_whoever_said_yes,
        "CHOICE-2": choice.one_click_stops_it,
        "RETAIN-3": retention.kept_on_named_grounds,
        "RETAIN-4": retention.what_is_kept_is_restricted,
        "LAW-1": terms.the_law_and_the_authority_are_named,
        "CHANGE-1": terms.versions_are_kept_and_told,
        "CONTACT-1": terms.questions_are_answered,
        "START-1": offering.one_starts_within_minutes,
        "BRAND-1": offering.it_stands_under_the_operators_name,
    }
)
"""The check of each promise that has one. Every other promise counts as not built."""
