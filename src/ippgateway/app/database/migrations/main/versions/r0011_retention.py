"""Terms that end: where it is noted that they did, when accounts were closed, runs of retention, legal holds."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)
_KEEPS_ROWS = (
    "payer", "checkout", "card", "authentication", "payment", "payment_action", "company", "company_acquirer",
    "partner", "app_user",
)  # fmt: skip
_DUE = (
    ("ix_payer_due", "payer", "payer"),
    ("ix_checkout_due", "checkout", "checkout"),
    ("ix_card_due", "card", "card"),
    ("ix_authentication_due", "authentication", "card"),
    ("ix_payment_due", "payment", "bookkeeping"),
    ("ix_action_due", "payment_action", "bookkeeping"),
)
"""Index, table, term: what is not over yet, by age."""


def upgrade() -> None:
    for table in _KEEPS_ROWS:
        op.add_column(
            table,
            sa.Column("terms_over", sa.ARRAY(sa.String(length=20)), server_default="{}", nullable=False),
            schema="ipp",
        )
    for table in ("app_user", "company", "partner"):
        op.add_column(table, sa.Column("closed_at", _AT, nullable=True), schema="ipp")
        # Whoever was closed before this was written down: from now on.
        op.execute(f"update ipp.{table} set closed_at = now() where status = 'closed'")
    op.alter_column("app_user", "username_code", nullable=True, schema="ipp")
    for name, table, term in _DUE:
        where = sa.text(f"not ('{term}' = any (terms_over))")
        op.create_index(name, table, ["created_at"], schema="ipp", postgresql_where=where)
    for name, table in (("ix_notification_age", "notification"), ("ix_sign_in_event_age", "sign_in_event")):
        op.create_index(name, table, ["created_at"], schema="ipp")
    op.create_table(
        "retention_run",
        sa.Column("id", _ID, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("began_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("removed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("held", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("behind", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reached", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", "part"),
        schema="ipp",
    )
    op.create_index("ix_retention_run_time", "retention_run", ["began_at"], schema="ipp")
    op.create_table(
        "legal_hold",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("tenant_id", _ID, nullable=True),
        sa.Column("named", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("begins_at", _AT, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("released_at", _AT, nullable=True),
        sa.Column("released_by", _ID, nullable=True),
        sa.CheckConstraint(
            "reason in ('business', 'law', 'fraud', 'fees', 'dispute', 'troubleshooting', 'investigation', 'terms', "
            "'other')"
        ),
        sa.CheckConstraint("scope in ('tenant', 'person', 'payment', 'table')"),
        sa.CheckConstraint("(released_at is null) = (released_by is null)"),
        sa.CheckConstraint("ends_on >= begins_at::date", name="ck_legal_hold_ends"),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_index(
        "ix_legal_hold_open", "legal_hold", ["ends_on"], schema="ipp", postgresql_where=sa.text("released_at is null")
    )
    op.execute("alter table ipp.erasure drop constraint if exists erasure_state_check")
    op.execute(
        "alter table ipp.erasure add constraint erasure_state_check "
        "check (state in ('BEGUN', 'HELD', 'ERASED', 'LOOKED_AFTER'))"
    )
