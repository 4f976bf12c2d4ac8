"""What a case and the end of a breach must say, held by the database as well."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_EEA = (
    "'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LI', "
    "'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'"
)
_BEYOND = "kind in ('own_rights', 'purchaser', 'rights_holder')"
_CHECKS = (
    (
        "ck_disclosure_case_kind", "disclosure_case",
        "kind in ('adviser', 'authority', 'by_law', 'crime', 'own_rights', 'purchaser', 'regulator', 'rights_holder')",
    ),
    ("ck_disclosure_case_says", "disclosure_case", "organisation <> '' and cardinality(categories) > 0"),
    (
        "ck_disclosure_case_place", "disclosure_case",
        f"place in ({_EEA}) or ({_BEYOND} and transfer_tool <> '' and measures <> '')",
    ),
    ("ck_disclosure_case_deadline", "disclosure_case", "kind <> 'authority' or due_on is not null"),
    ("ck_breach_entry_aware", "breach_entry", "aware_at <= at and aware_at <= coalesce(notified_at, at)"),
    (
        "ck_breach_entry_closed", "breach_entry",
        "closed_at is null or (risk is not null and (risk = 'unlikely' or notified_at is not null))",
    ),
)  # fmt: skip
"""Name, table, condition."""


def upgrade() -> None:
    # Whoever entered an authority's request before had not to say until when: a month from then.
    op.execute(
        "update ipp.disclosure_case set due_on = (created_at + interval '1 month')::date "
        "where kind = 'authority' and due_on is null"
    )
    for name, table, condition in _CHECKS:
        op.create_check_constraint(name, table, condition, schema="ipp")
