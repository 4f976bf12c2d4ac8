"""An address may be that of several payers: of one whose keys are restricted, and of one who bought again."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payer", sa.Column("earlier", sa.Integer(), server_default="0", nullable=False), schema="ipp")
    op.drop_index("uq_payer_email", "payer", schema="ipp")
    op.create_index(
        "uq_payer_email",
        "payer",
        ["company_id", "email_code", "earlier"],
        unique=True,
        schema="ipp",
        postgresql_where=sa.text("email_code is not null"),
    )
