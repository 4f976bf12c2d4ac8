"""Numbers of the vault's keys: a rotation takes two, and one every ten minutes would have used up the small ones."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("vault_key", "id", type_=sa.Integer(), schema="ipp")
