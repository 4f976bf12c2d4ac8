"""What this room tells others."""

PAYMENT_APPROVED = "payment.approved"
PAYMENT_DECLINED = "payment.declined"
PAYMENT_UNKNOWN = "payment.unknown"
PAYMENT_REVERSED = "payment.reversed"
ACTION_SETTLED = "payment.action_settled"
ACTION_REFUSED = "payment.action_refused"
