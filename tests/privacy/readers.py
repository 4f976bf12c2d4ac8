"""Who may read what matters most, written by hand: the declarations are compared with this, not the other way round."""

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUTHENTICATE,
    NOTIFY,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
)
from ippgateway.privacy.vocabulary import Purpose

NOBODY: frozenset[Purpose] = frozenset()

READERS: dict[str, frozenset[Purpose]] = {
    "card.number": frozenset({PAYMENT, PAYMENT_RECOVERY}),
    "card.fingerprint": frozenset({PAYMENT}),
    "authentication.value": frozenset({PAYMENT}),
    "credential.hash": frozenset({AUTHENTICATE}),
    "sign_in_session.digest": frozenset({AUTHENTICATE}),
    "sign_in_failure.username_code": frozenset({AUTHENTICATE}),
    "app_user.username_code": frozenset({AUTHENTICATE}),
    "app_user.email": frozenset({ACCOUNT}),
    "app_user.name": frozenset({ACCOUNT}),
    "app_user.phone": frozenset({ACCOUNT}),
    "app_user.employment": frozenset({ACCOUNT}),
    "company.key1": frozenset({ACCOUNT}),
    "company.key2": frozenset({ACCOUNT}),
    "company.meta": frozenset({ACCOUNT}),
    "company.key1_digest": frozenset({AUTHENTICATE}),
    "company.key2_digest": frozenset({AUTHENTICATE}),
    "partner.key1": frozenset({ACCOUNT}),
    "partner.merchant_key": frozenset({ACCOUNT}),
    "payer.email": frozenset({PAYMENT}),
    "payer.name": frozenset({PAYMENT}),
    "payer.email_code": frozenset({PAYMENT}),
    "checkout.digest": frozenset({AUTHENTICATE}),
    "checkout.cryptogram_digest": frozenset({AUTHENTICATE}),
    "checkout.notify_url": frozenset({PAYMENT, PAYMENT_RECOVERY}),
    "checkout.extra": frozenset({PAYMENT}),
    "payment.holder": frozenset({PAYMENT, PAYMENT_RECORDS}),
    "payment.order_id": frozenset({PAYMENT_RECORDS}),
    "notification.url": frozenset({NOTIFY}),
    "audit_entry.actor": NOBODY,
    "audit_entry.object": NOBODY,
    "person_key.wrapped": frozenset({PAYMENT, PAYMENT_RECOVERY, PAYMENT_RECORDS, ACCOUNT, NOTIFY}),
    "vault_key.wrapped": frozenset({PAYMENT, PAYMENT_RECOVERY}),
}

ACROSS_TENANTS: dict[str, frozenset[Purpose]] = {
    # Before anything is known of who is calling, its tenant is looked up; these purposes see look-up columns only.
    "app_user": frozenset({AUTHENTICATE}),
    "credential": frozenset({AUTHENTICATE}),
    "sign_in_session": frozenset({AUTHENTICATE}),
    "company": frozenset({AUTHENTICATE}),
    "partner": frozenset({AUTHENTICATE}),
    "checkout": frozenset({AUTHENTICATE}),
    # Queues: whose turn it is is asked over all shops.
    "payment": frozenset({AUTHENTICATE, PAYMENT_RECOVERY}),
    "advice": frozenset({PAYMENT_RECOVERY}),
    "idempotent_request": frozenset({PAYMENT_RECOVERY}),
    "notification": frozenset({NOTIFY}),
}
"""The only tables of tenants that a purpose sees beyond the tenants it named."""

LOOKED_UP: dict[str, frozenset[str]] = {
    "app_user": frozenset({"tenant_id", "id", "audience", "status", "username_code"}),
    "company": frozenset({"id", "status", "key1_digest", "key2_digest"}),
    "partner": frozenset({"id", "status", "key1_digest", "key2_digest"}),
    "checkout": frozenset({"company_id", "id", "expires_at", "authenticated", "digest", "cryptogram_digest"}),
    "payment": frozenset({"company_id", "id"}),
}
"""All that `authenticate` sees of tables that hold more than sign-ins."""

WITHOUT_TENANT = frozenset({"audit_entry", "sign_in_failure", "vault_key", "wrapping_key"})
"""Tables whose rows are nobody's: the trail, attempts on names that may not exist, our own keys."""

NEVER_CHANGED = frozenset({"ledger_line", "event", "audit_entry", "person_key", "vault_key", "wrapping_key"})
"""Tables that no purpose may update or delete from."""
