"""What this room tells others."""

PAYMENT_APPROVED = "payment.approved"
PAYMENT_DECLINED = "payment.declined"
PAYMENT_UNKNOWN = "payment.unknown"
PAYMENT_REVERSED = "payment.reversed"
