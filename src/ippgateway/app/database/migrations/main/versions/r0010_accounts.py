"""Accounts: second factors, devices, events, tickets, policies; letters; further keys; partners' grants."""

import sqlalchemy as sa
from alembic import op

from ippgateway.core.jobs import DEFER_FUNCTION

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.String(length=14, collation="C")
_AT = sa.DateTime(timezone=True)

_CHECKS = {
    "app_user": (
        ("audience", "audience in ('company', 'partner', 'staff', 'public')"),
        ("staff", "(audience = 'staff') = (tenant_id = 'platform')"),
    ),
    "visit": (("surface", "surface in ('site', 'page', 'widget', 'console', 'desk', 'api')"),),
    "sign_in_session": (("stage", "stage in ('open', 'factor')"),),
    "partner": (("kind", "kind in ('partner', 'reseller')"),),
}


def upgrade() -> None:
    op.create_table(
        "access_policy",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("rights", sa.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_table(
        "data_link",
        sa.Column("id", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.Column("email_code", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema="ipp",
    )
    op.create_index("ix_data_link_code", "data_link", ["email_code", "created_at"], unique=False, schema="ipp")
    op.create_index("ix_data_link_digest", "data_link", ["digest"], unique=False, schema="ipp")
    op.create_table(
        "letter",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("next_at", _AT, nullable=True),
        sa.Column("sent_at", _AT, nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("state in ('DUE', 'SENT', 'FAILED')"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index(
        "ix_letter_due", "letter", ["next_at"], unique=False, schema="ipp", postgresql_where="state = 'DUE'"
    )
    op.create_index("ix_letter_person", "letter", ["tenant_id", "person_id"], unique=False, schema="ipp")
    op.create_table(
        "company_key",
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=True),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("scope in ('data', 'payment', 'read')"),
        sa.ForeignKeyConstraint(["company_id"], ["ipp.company.id"]),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_table(
        "known_device",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_known_device_digest", "known_device", ["digest"], unique=False, schema="ipp")
    op.create_table(
        "partner_grant",
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("partner_id", _ID, nullable=False),
        sa.Column("given_by", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.Column("withdrawn_at", _AT, nullable=True),
        sa.Column("withdrawn_by", _ID, nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["ipp.company.id"]),
        sa.PrimaryKeyConstraint("company_id", "id"),
        schema="ipp",
    )
    op.create_index(
        "uq_partner_grant_open",
        "partner_grant",
        ["company_id", "partner_id"],
        unique=True,
        schema="ipp",
        postgresql_where="withdrawn_at is null",
    )
    op.create_table(
        "recovery_code",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "id"),
        schema="ipp",
    )
    op.create_table(
        "second_factor",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("confirmed_at", _AT, nullable=True),
        sa.Column("used_at", _AT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind in ('totp', 'passkey')"),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "id"),
        schema="ipp",
    )
    op.create_table(
        "sign_in_event",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=True),
        sa.Column("system", sa.String(length=40), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index(
        "ix_sign_in_event_user", "sign_in_event", ["tenant_id", "user_id", "id"], unique=False, schema="ipp"
    )
    op.create_table(
        "ticket",
        sa.Column("tenant_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("ends_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind in ('reset', 'verify', 'invite', 'new_email', 'passkey')"),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        schema="ipp",
    )
    op.create_index("ix_ticket_digest", "ticket", ["digest"], unique=False, schema="ipp")
    op.create_index("ix_company_partner", "company", ["partner_id", "id"], unique=False, schema="ipp")
    op.execute("update ipp.partner set country_id = 'DNK' where country_id = 'Cntr-y000-0208'")
    op.add_column("app_user", sa.Column("policy_id", _ID, nullable=True), schema="ipp")
    op.add_column("app_user", sa.Column("verified_at", _AT, nullable=True), schema="ipp")
    op.add_column(
        "app_user", sa.Column("second_factor", sa.Boolean(), server_default="false", nullable=False), schema="ipp"
    )
    op.add_column(
        "app_user", sa.Column("language", sa.String(length=2), server_default="en", nullable=False), schema="ipp"
    )
    op.add_column(
        "app_user", sa.Column("theme", sa.String(length=5), server_default="auto", nullable=False), schema="ipp"
    )
    op.add_column("credential", sa.Column("used_at", _AT, nullable=True), schema="ipp")
    op.add_column("credential", sa.Column("label", sa.LargeBinary(), nullable=True), schema="ipp")
    op.create_index(
        "uq_credential_password",
        "credential",
        ["tenant_id", "user_id"],
        unique=True,
        schema="ipp",
        postgresql_where="kind = 'password'",
    )
    op.add_column(
        "partner", sa.Column("kind", sa.String(length=8), server_default="partner", nullable=False), schema="ipp"
    )
    op.add_column(
        "sign_in_failure",
        sa.Column("what", sa.String(length=10), server_default="password", nullable=False),
        schema="ipp",
    )
    op.add_column("sign_in_failure", sa.Column("tries", sa.Integer(), server_default="1", nullable=False), schema="ipp")
    op.add_column(
        "sign_in_failure", sa.Column("place_code", sa.LargeBinary(), server_default="\\x", nullable=False), schema="ipp"
    )
    op.create_index("ix_sign_in_failure_place", "sign_in_failure", ["place_code", "at"], unique=False, schema="ipp")
    op.add_column(
        "sign_in_session", sa.Column("wire", sa.Boolean(), server_default="true", nullable=False), schema="ipp"
    )
    op.add_column(
        "sign_in_session", sa.Column("stage", sa.String(length=6), server_default="open", nullable=False), schema="ipp"
    )
    op.add_column("sign_in_session", sa.Column("strong_at", _AT, nullable=True), schema="ipp")
    op.add_column("sign_in_session", sa.Column("inside_id", _ID, nullable=True), schema="ipp")
    op.add_column("sign_in_session", sa.Column("ended_at", _AT, nullable=True), schema="ipp")
    op.add_column("sign_in_session", sa.Column("browser", sa.String(length=40), nullable=True), schema="ipp")
    op.add_column("sign_in_session", sa.Column("system", sa.String(length=40), nullable=True), schema="ipp")
    op.drop_index("ix_sign_in_session_user", "sign_in_session", schema="ipp")
    op.create_index("ix_sign_in_session_user", "sign_in_session", ["tenant_id", "user_id"], schema="ipp")
    op.create_index("ix_sign_in_session_digest", "sign_in_session", ["digest"], schema="ipp")
    for table, checks in _CHECKS.items():
        for name, condition in checks:
            op.execute(f"alter table ipp.{table} drop constraint if exists {table}_{name}_check")
            op.execute(f"alter table ipp.{table} add constraint {table}_{name}_check check ({condition})")
    op.execute(DEFER_FUNCTION)
