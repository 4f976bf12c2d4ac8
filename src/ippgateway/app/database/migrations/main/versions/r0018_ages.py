"""What grows with payments and visits is found by its age, and a payer by their last purchase that was noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_AGES = (
    ("ix_disclosure_age", "disclosure", "at"),
    ("ix_visit_page_age", "visit_page", "at"),
    ("ix_letter_age", "letter", "created_at"),
    ("ix_consent_age", "consent", "created_at"),
    ("ix_sign_in_failure_age", "sign_in_failure", "at"),
)


def upgrade() -> None:
    for name, table, column in _AGES:
        op.create_index(name, table, [column], schema="ipp")
    op.create_index("ix_idempotent_request_person", "idempotent_request", ["company_id", "person_id"], schema="ipp")
    op.add_column("payer", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True), schema="ipp")
    op.drop_index("ix_payer_due", "payer", schema="ipp")
    op.create_index(
        "ix_payer_due",
        "payer",
        [sa.text("coalesce(used_at, created_at)")],
        schema="ipp",
        postgresql_where=sa.text("not ('payer' = any (terms_over))"),
    )
