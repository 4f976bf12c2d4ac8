"""The first tables."""

import sqlalchemy as sa
from alembic import op

from ippgateway.app.database.migrations import functions
from ippgateway.core import jobs

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create sequence ipp.stan start 1 maxvalue 9000000000 cycle cache 20")

    op.create_table(
        "app_user",
        sa.Column("tenant_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("rights", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username_code", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("employment", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("audience in ('company', 'partner', 'staff')"),
        sa.CheckConstraint("status in ('active', 'blocked', 'closed')"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("audience", "username_code", "tenant_id"),
        schema="ipp",
    )
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("object", sa.String(length=60), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        schema="ipp",
    )
    op.create_table(
        "company",
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("partner_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("authorise_as", sa.String(length=4), nullable=False),
        sa.Column("channels", sa.ARRAY(sa.String(length=10)), nullable=False),
        sa.Column("switched_off", sa.ARRAY(sa.String(length=10)), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("meta", sa.LargeBinary(), nullable=True),
        sa.Column("key1", sa.LargeBinary(), nullable=False),
        sa.Column("key2", sa.LargeBinary(), nullable=False),
        sa.Column("key1_digest", sa.LargeBinary(), nullable=False),
        sa.Column("key2_digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("authorise_as in ('AUTH', 'SALE')"),
        sa.CheckConstraint("status in ('active', 'blocked', 'closed')"),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_table(
        "event",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_event_subject", "event", ["company_id", "subject_id"], unique=False, schema="ipp")
    op.create_table(
        "partner",
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("country_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("merchant_id", sa.String(length=14), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("meta", sa.LargeBinary(), nullable=True),
        sa.Column("key1", sa.LargeBinary(), nullable=False),
        sa.Column("key2", sa.LargeBinary(), nullable=False),
        sa.Column("merchant_key", sa.LargeBinary(), nullable=True),
        sa.Column("key1_digest", sa.LargeBinary(), nullable=False),
        sa.Column("key2_digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("username_code", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_index("ix_sign_in_failure_code", "sign_in_failure", ["username_code", "at"], unique=False, schema="ipp")
    op.create_table(
        "company_acquirer",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("acquirer_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("merchant_number", sa.String(length=15), nullable=False),
        sa.Column("mcc", sa.String(length=4), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["ipp.company.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "acquirer_id"),
        schema="ipp",
    )
    op.create_table(
        "credential",
        sa.Column("tenant_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("user_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("moves_money", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind in ('password', 'application')"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["ipp.app_user.tenant_id", "ipp.app_user.id"],
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "id"),
        schema="ipp",
    )
    op.create_table(
        "idempotent_request",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("running_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_code", sa.LargeBinary(), nullable=False),
        sa.Column("body_code", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state in ('RUNNING', 'DONE')"),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["ipp.company.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_idempotent_request_age", "idempotent_request", ["created_at"], unique=False, schema="ipp")
    op.create_index(
        "uq_idempotent_request_key",
        "idempotent_request",
        ["company_id", "scope", "key_code"],
        unique=True,
        schema="ipp",
    )
    op.create_table(
        "payer",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_code", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["ipp.company.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "person_id"),
        schema="ipp",
    )
    op.create_index(
        "uq_payer_email",
        "payer",
        ["company_id", "email_code"],
        unique=True,
        schema="ipp",
        postgresql_where=sa.text("email_code is not null"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("tenant_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("user_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("moves_money", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["ipp.app_user.tenant_id", "ipp.app_user.id"],
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_sign_in_session_user", "sign_in_session", ["user_id", "digest"], unique=False, schema="ipp")
    op.create_table(
        "checkout",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("amount_text", sa.String(length=16), nullable=False),
        sa.Column("amount_hundredths", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("transaction_type", sa.String(length=11), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("store_card", sa.Boolean(), nullable=False),
        sa.Column("authenticated", sa.Boolean(), nullable=False),
        sa.Column("declines", sa.BigInteger(), nullable=False),
        sa.Column("authentications", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("cryptogram_digest", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.LargeBinary(), nullable=True),
        sa.Column("notify_url", sa.LargeBinary(), nullable=True),
        sa.Column("accept_url", sa.LargeBinary(), nullable=True),
        sa.Column("extra", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("transaction_type in ('ECOM', 'MOTO', 'alternative')"),
        sa.CheckConstraint("amount_hundredths > 0 and amount_hundredths <= 999999999999"),
        sa.ForeignKeyConstraint(
            ["company_id", "person_id"],
            ["ipp.payer.company_id", "ipp.payer.person_id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_checkout_id", "checkout", ["id"], unique=False, schema="ipp")
    op.create_index("ix_checkout_time", "checkout", ["company_id", "created_at"], unique=False, schema="ipp")
    op.create_table(
        "card",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("checkout_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("number_key", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("first6", sa.String(length=6), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("length", sa.SmallInteger(), nullable=False),
        sa.Column("brand", sa.String(length=20), nullable=False),
        sa.Column("expiry_month", sa.SmallInteger(), nullable=False),
        sa.Column("expiry_year", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "checkout_id"],
            ["ipp.checkout.company_id", "ipp.checkout.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_card_checkout", "card", ["company_id", "checkout_id"], unique=False, schema="ipp")
    op.create_index("ix_card_fingerprint", "card", ["company_id", "fingerprint"], unique=False, schema="ipp")
    op.create_table(
        "authentication",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("checkout_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("card_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("eci", sa.String(length=2), nullable=False),
        sa.Column("version", sa.String(length=8), nullable=False),
        sa.Column("value_key", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("ds_transaction_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("status in ('Y', 'A', 'N', 'U', 'C')"),
        sa.ForeignKeyConstraint(
            ["company_id", "card_id"],
            ["ipp.card.company_id", "ipp.card.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "checkout_id"],
            ["ipp.checkout.company_id", "ipp.checkout.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index(
        "ix_authentication_checkout", "authentication", ["company_id", "checkout_id"], unique=False, schema="ipp"
    )
    op.create_index(
        "ix_authentication_time", "authentication", ["company_id", "created_at"], unique=False, schema="ipp"
    )
    op.create_table(
        "payment",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("checkout_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("card_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("method", sa.String(length=11), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("authorised_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("increasing_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("captured_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("capturing_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("voided_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("voiding_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunding_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("stores_card", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("recurring_of", sa.String(length=14, collation="C"), nullable=True),
        sa.Column("purchases", sa.Integer(), nullable=False),
        sa.Column("seen_before", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.LargeBinary(), nullable=True),
        sa.Column("holder", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("method in ('AUTH', 'SALE')"),
        sa.CheckConstraint("state in ('SENT', 'UNKNOWN', 'APPROVED', 'DECLINED', 'REVERSED')"),
        sa.CheckConstraint("amount_minor > 0"),
        sa.CheckConstraint("authorised_minor + increasing_minor <= 999999999999", name="ck_payment_no_more_than_fits"),
        sa.CheckConstraint(
            "captured_minor + capturing_minor + voided_minor + voiding_minor <= authorised_minor",
            name="ck_payment_no_more_than_authorised",
        ),
        sa.CheckConstraint("increasing_minor >= 0", name="ck_payment_increasing"),
        sa.CheckConstraint(
            "least(authorised_minor, captured_minor, capturing_minor, voided_minor, voiding_minor, refunded_minor, refunding_minor) >= 0",
            name="ck_payment_not_negative",
        ),
        sa.CheckConstraint(
            "refunded_minor + refunding_minor <= captured_minor", name="ck_payment_no_more_than_captured"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "card_id"],
            ["ipp.card.company_id", "ipp.card.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "checkout_id"],
            ["ipp.checkout.company_id", "ipp.checkout.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_payment_id", "payment", ["id"], unique=False, schema="ipp")
    op.create_index("ix_payment_person", "payment", ["company_id", "person_id"], unique=False, schema="ipp")
    op.create_index(
        "ix_payment_unsettled",
        "payment",
        ["state_at"],
        unique=False,
        schema="ipp",
        postgresql_where=sa.text("state in ('SENT', 'UNKNOWN')"),
    )
    op.create_index(
        "uq_payment_checkout",
        "payment",
        ["company_id", "checkout_id"],
        unique=True,
        schema="ipp",
        postgresql_where=sa.text("state in ('SENT', 'UNKNOWN', 'APPROVED')"),
    )
    op.create_table(
        "notification",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("payment_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state in ('PENDING', 'DELIVERED', 'FAILED')"),
        sa.ForeignKeyConstraint(
            ["company_id", "payment_id"],
            ["ipp.payment.company_id", "ipp.payment.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index(
        "ix_notification_due",
        "notification",
        ["next_at"],
        unique=False,
        schema="ipp",
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    op.create_index("uq_notification_payment", "notification", ["company_id", "payment_id"], unique=True, schema="ipp")
    op.create_table(
        "payment_action",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("payment_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("person_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("request_id", sa.String(length=14, collation="C"), nullable=True),
        sa.Column("method", sa.String(length=11), nullable=False),
        sa.Column("result", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("again", sa.String(length=5), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("acquirer_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("terminal", sa.String(length=8), nullable=False),
        sa.Column("stan", sa.String(length=6), nullable=False),
        sa.Column("rrn", sa.String(length=12), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_code", sa.String(length=2), nullable=False),
        sa.Column("auth_code", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("result in ('WAIT', 'ACK', 'NOK')"),
        sa.CheckConstraint("amount_minor > 0"),
        sa.ForeignKeyConstraint(
            ["company_id", "payment_id"],
            ["ipp.payment.company_id", "ipp.payment.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_action_payment", "payment_action", ["company_id", "payment_id"], unique=False, schema="ipp")
    op.create_index("ix_action_time", "payment_action", ["company_id", "created_at"], unique=False, schema="ipp")
    op.create_index(
        "uq_action_request",
        "payment_action",
        ["company_id", "request_id"],
        unique=True,
        schema="ipp",
        postgresql_where=sa.text("request_id is not null"),
    )
    op.create_table(
        "advice",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("action_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("terminal", sa.String(length=8), nullable=False),
        sa.Column("stan", sa.String(length=6), nullable=False),
        sa.Column("rrn", sa.String(length=12), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authorised_minor", sa.BigInteger(), nullable=True),
        sa.Column("stays_minor", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('REVERSAL', 'VOID', 'CAPTURE', 'REFUND')"),
        sa.CheckConstraint("state in ('QUEUED', 'DONE')"),
        sa.ForeignKeyConstraint(
            ["company_id", "action_id"],
            ["ipp.payment_action.company_id", "ipp.payment_action.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "action_id"),
        schema="ipp",
    )
    op.create_index(
        "ix_advice_due", "advice", ["next_at"], unique=False, schema="ipp", postgresql_where=sa.text("state = 'QUEUED'")
    )
    op.create_table(
        "ledger_line",
        sa.Column("company_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("entry_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("account", sa.String(length=30), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("action_id", sa.String(length=14, collation="C"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor <> 0"),
        sa.ForeignKeyConstraint(
            ["company_id", "action_id"],
            ["ipp.payment_action.company_id", "ipp.payment_action.id"],
        ),
        sa.PrimaryKeyConstraint("company_id", "entry_id", "line"),
        schema="ipp",
    )
    op.create_index(
        "ix_ledger_account", "ledger_line", ["company_id", "account", "currency"], unique=False, schema="ipp"
    )
    own = (functions.AUDIT_APPEND, functions.LEDGER_BALANCE, functions.LEDGER_TRIGGER)
    for statement in (*own, *jobs.install_statements(), jobs.DEFER_FUNCTION):
        op.get_bind().exec_driver_sql(statement)
