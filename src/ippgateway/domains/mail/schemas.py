"""What others say and see of letters."""

from enum import StrEnum


class Sending(StrEnum):
    """How one attempt to send ended."""

    SENT = "sent"
    AGAIN = "again"  # it failed; the next attempt is scheduled
    FAILED = "failed"  # it failed for the last time, or can never succeed
    VOID = "void"  # nobody agreed to it any more
    NOT_DUE = "not_due"  # too early, already ended, or another worker has it


class Kind(StrEnum):
    """Which letter it is."""

    WELCOME = "welcome"
    VERIFY = "verify"
    NEW_DEVICE = "new_device"
    RESET = "reset"
    INVITE = "invite"
    NEW_EMAIL = "new_email"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a letter's name
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_USED = "recovery_used"
    RECOVERY_MADE = "recovery_made"
    APPLICATION_ADDED = "application_added"
    KEYS_REPLACED = "keys_replaced"
    PARTNER_ENTERED = "partner_entered"
    PARTNER_ALLOWED = "partner_allowed"
    ROLE_CHANGED = "role_changed"
    ACCOUNT_CLOSED = "account_closed"
    DATA_LINK = "data_link"
    REQUEST_RECEIVED = "request_received"
    REQUEST_EXTENDED = "request_extended"
    REQUEST_ANSWERED = "request_answered"
    POLICY_CHANGED = "policy_changed"
    DISCLOSED = "disclosed"
    PAYERS_DISCLOSED = "payers_disclosed"
    RECIPIENT_TOLD = "recipient_told"
    EMERGENCY = "emergency"
    NEWS = "news"


MARKETING = frozenset({Kind.NEWS})
"""What goes to nobody who has not said yes to it, and can be stopped in the letter itself (CHOICE-1, CHOICE-2)."""
