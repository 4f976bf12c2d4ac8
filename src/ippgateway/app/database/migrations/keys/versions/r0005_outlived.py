"""Keys whose ground has ended are found without a look at all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_person_key_outlived",
        "person_key",
        ["kept_until"],
        schema="ipp",
        postgresql_where=sa.text("restricted_at is not null"),
    )
