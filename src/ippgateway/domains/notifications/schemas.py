"""What others see of notifications."""

from enum import StrEnum


class Delivery(StrEnum):
    """How one attempt to deliver ended."""

    DELIVERED = "delivered"
    AGAIN = "again"  # it failed; the next attempt is scheduled
    FAILED = "failed"  # it failed for the last time, or can never succeed
    NOT_DUE = "not_due"  # too early, already ended, or another worker has it
