"""Who may read what matters most, written by hand: the declarations are compared with this, not the other way round."""

from ippgateway.privacy.catalogue import (
    ACCESS_RECORDS,
    ACCOUNT,
    AUDIT_REVIEW,
    AUTHENTICATE,
    BOOKS,
    CONSENT,
    DISCLOSURE,
    ERASURE,
    HAND_OVER,
    MAIL,
    NOTIFY,
    OWN_DATA,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    REGISTERS,
    REQUESTS,
    RETENTION,
    STAFF_ACCOUNT,
    SUPPORT,
    SUPPORT_SEARCH,
)
from ippgateway.privacy.vocabulary import Purpose

NOBODY: frozenset[Purpose] = frozenset()

READERS: dict[str, frozenset[Purpose]] = {
    "card.number": frozenset({PAYMENT, PAYMENT_RECOVERY}),
    "card.fingerprint": frozenset({PAYMENT, OWN_DATA}),
    "authentication.value": frozenset({PAYMENT}),
    "authentication.acs_url": frozenset({PAYMENT, OWN_DATA, HAND_OVER}),
    "authentication.challenge_digest": frozenset({AUTHENTICATE}),
    "credential.hash": frozenset({AUTHENTICATE, STAFF_ACCOUNT}),
    "second_factor.secret": frozenset({ACCOUNT, STAFF_ACCOUNT}),
    "recovery_code.digest": frozenset({ACCOUNT, STAFF_ACCOUNT}),
    "ticket.digest": frozenset({AUTHENTICATE, ACCOUNT, STAFF_ACCOUNT}),
    "known_device.digest": frozenset({AUTHENTICATE, ACCOUNT, STAFF_ACCOUNT}),
    "sign_in_event.address": frozenset({ACCOUNT, STAFF_ACCOUNT, OWN_DATA, HAND_OVER}),
    "sign_in_session.digest": frozenset({AUTHENTICATE, ACCOUNT, STAFF_ACCOUNT}),
    "sign_in_failure.username_code": frozenset({AUTHENTICATE, STAFF_ACCOUNT}),
    "app_user.username_code": frozenset({AUTHENTICATE, ACCOUNT, STAFF_ACCOUNT, SUPPORT_SEARCH, OWN_DATA}),
    "app_user.email": frozenset({ACCOUNT, STAFF_ACCOUNT, SUPPORT, OWN_DATA, HAND_OVER}),
    "app_user.name": frozenset({ACCOUNT, STAFF_ACCOUNT, SUPPORT, OWN_DATA, HAND_OVER}),
    "app_user.phone": frozenset({ACCOUNT, STAFF_ACCOUNT, SUPPORT, OWN_DATA, HAND_OVER}),
    "app_user.employment": frozenset({ACCOUNT, STAFF_ACCOUNT, OWN_DATA, HAND_OVER}),
    "letter.address": frozenset({MAIL, OWN_DATA, HAND_OVER}),
    "letter.told": frozenset({MAIL, OWN_DATA, HAND_OVER}),
    "data_link.digest": frozenset({OWN_DATA}),
    "company_key.digest": frozenset({AUTHENTICATE}),
    "company.key1": frozenset({ACCOUNT}),
    "company.key2": frozenset({ACCOUNT}),
    "company.meta": frozenset({ACCOUNT, SUPPORT, OWN_DATA, HAND_OVER}),
    "company.payers_contact": frozenset({ACCOUNT, PAYMENT, OWN_DATA, HAND_OVER}),
    "company.key1_digest": frozenset({AUTHENTICATE}),
    "company.key2_digest": frozenset({AUTHENTICATE}),
    "partner.key1": frozenset({ACCOUNT}),
    "partner.merchant_key": frozenset({ACCOUNT}),
    "payer.email": frozenset({PAYMENT, OWN_DATA, HAND_OVER}),
    "payer.name": frozenset({PAYMENT, OWN_DATA, HAND_OVER}),
    "payer.email_code": frozenset({PAYMENT, OWN_DATA}),
    "checkout.digest": frozenset({AUTHENTICATE}),
    "checkout.cryptogram_digest": frozenset({AUTHENTICATE}),
    "checkout.notify_url": frozenset({PAYMENT, PAYMENT_RECOVERY, OWN_DATA, HAND_OVER}),
    "checkout.extra": frozenset({PAYMENT, OWN_DATA, HAND_OVER}),
    "payment.holder": frozenset({PAYMENT, PAYMENT_RECORDS, OWN_DATA, HAND_OVER, BOOKS}),
    "payment.order_id": frozenset({PAYMENT_RECORDS, OWN_DATA, HAND_OVER, BOOKS}),
    "notification.url": frozenset({NOTIFY, OWN_DATA, HAND_OVER}),
    **{
        f"visit.{name}": frozenset({ACCESS_RECORDS, OWN_DATA, HAND_OVER})
        for name in ("address", "browser", "system", "last_at")
    },
    **{f"visit_page.{name}": frozenset({ACCESS_RECORDS, OWN_DATA, HAND_OVER}) for name in ("page", "seconds")},
    # Of what it ends, retention reads from when its term is counted.
    "visit.began_at": frozenset({ACCESS_RECORDS, OWN_DATA, HAND_OVER, RETENTION}),
    "visit_page.at": frozenset({ACCESS_RECORDS, OWN_DATA, HAND_OVER, RETENTION}),
    "audit_entry.actor": frozenset({AUDIT_REVIEW}),
    "audit_entry.object": frozenset({AUDIT_REVIEW}),
    "person_key.wrapped": frozenset(
        {
            PAYMENT,
            PAYMENT_RECOVERY,
            PAYMENT_RECORDS,
            ACCOUNT,
            STAFF_ACCOUNT,
            NOTIFY,
            MAIL,
            OWN_DATA,
            BOOKS,
            DISCLOSURE,
            HAND_OVER,
            REGISTERS,
            REQUESTS,
            SUPPORT,
        }
    ),
    "vault_key.wrapped": frozenset({PAYMENT, PAYMENT_RECOVERY}),
}

ENDED = (
    "acceptance", "app_user", "authentication", "breach_entry", "card", "checkout", "company", "company_acquirer",
    "company_key", "consent", "correction", "credential", "data_notice", "data_reply", "data_request", "decline_count",
    "disclosure", "disclosure_case", "emergency_access", "idempotent_request", "known_device", "letter", "look",
    "notification", "partner", "payer", "payment", "payment_action", "person_key", "recovery_code", "second_factor",
    "sign_in_event", "sign_in_session", "ticket", "visit", "visit_page",
)  # fmt: skip
"""Tables of tenants in which something has a term: retention ends it, whosever it is, and reads ids and moments."""

_BEYOND: dict[str, frozenset[Purpose]] = {
    # Before anything is known of who is calling, its tenant is looked up; these purposes see look-up columns only.
    # Support finds who asks by codes, ids and states in the same way.
    "app_user": frozenset({AUTHENTICATE, SUPPORT_SEARCH}),
    "credential": frozenset({AUTHENTICATE}),
    "sign_in_session": frozenset({AUTHENTICATE}),
    "known_device": frozenset({AUTHENTICATE}),
    "ticket": frozenset({AUTHENTICATE}),
    "access_policy": frozenset({AUTHENTICATE}),
    "partner_grant": frozenset({AUTHENTICATE}),
    "sign_in_event": frozenset({AUTHENTICATE}),
    "company": frozenset({AUTHENTICATE, SUPPORT_SEARCH}),
    "company_acquirer": frozenset({SUPPORT_SEARCH}),
    "company_key": frozenset({AUTHENTICATE}),
    "partner": frozenset({AUTHENTICATE, SUPPORT_SEARCH}),
    "checkout": frozenset({AUTHENTICATE}),
    "authentication": frozenset({AUTHENTICATE}),
    # Queues: whose turn it is is asked over all shops.
    "payment": frozenset({AUTHENTICATE, PAYMENT_RECOVERY}),
    "advice": frozenset({PAYMENT_RECOVERY}),
    "notification": frozenset({NOTIFY}),
    "letter": frozenset({MAIL}),
    "disclosure": frozenset({HAND_OVER}),
    "erasure": frozenset({ERASURE}),
    "data_notice": frozenset({REQUESTS}),
    "data_request": frozenset({ERASURE, REQUESTS}),
    # What somebody agreed to is found by a link that names no tenant; looks are reviewed over all of them.
    "consent": frozenset({CONSENT}),
    "look": frozenset({AUDIT_REVIEW}),
}

COUNTED = frozenset(ENDED) - {"breach_entry", "decline_count", "person_key"}
"""Tables about people: when there was a breach, it is counted over everybody whom it concerns, by ids and moments."""

ACROSS_TENANTS: dict[str, frozenset[Purpose]] = {
    name: _BEYOND.get(name, NOBODY)
    | (frozenset({RETENTION}) if name in ENDED else NOBODY)
    | (frozenset({REGISTERS}) if name in COUNTED else NOBODY)
    for name in {*_BEYOND, *ENDED}
}
"""The only tables of tenants that a purpose sees beyond the tenants it named."""

LOOKED_UP: dict[str, frozenset[str]] = {
    "app_user": frozenset(
        {
            "tenant_id",
            "id",
            "audience",
            "status",
            "rights",
            "policy_id",
            "username_code",
            "verified_at",
            "second_factor",
            "must_change_password",
            "language",
            "theme",
        }
    ),
    "access_policy": frozenset({"tenant_id", "id", "rights"}),
    "partner_grant": frozenset({"company_id", "partner_id", "ends_at", "withdrawn_at"}),
    "sign_in_event": frozenset(),  # it writes down a wrong password, and reads none
    "company_key": frozenset({"company_id", "id", "scope", "digest", "ends_at"}),
    "ticket": frozenset({"tenant_id", "id", "user_id", "kind", "digest", "ends_at", "used_at"}),
    "company": frozenset({"id", "partner_id", "status", "key1_digest", "key2_digest"}),
    "partner": frozenset({"id", "status", "key1_digest", "key2_digest"}),
    "checkout": frozenset(
        {"company_id", "id", "person_id", "expires_at", "authenticated", "digest", "cryptogram_digest"}
    ),
    "payment": frozenset({"company_id", "id"}),
    "authentication": frozenset({"company_id", "id", "challenge_digest", "transaction_id"}),
}
"""All that `authenticate` sees of tables that hold more than sign-ins."""

WITHOUT_TENANT = frozenset({
    "audit_entry", "consent_text", "data_link", "legal_hold", "paper_file", "recipient", "retention_run",
    "sign_in_failure", "vault_key", "wrapping_key",
})  # fmt: skip
"""Tables whose rows are nobody's: the trail, attempts on names that may not exist, our own keys, our own paper, what is
kept and what went."""

NEVER_CHANGED = frozenset({"ledger_line", "event", "audit_entry", "vault_key", "wrapping_key"})
"""Tables that no purpose may update or delete from."""
