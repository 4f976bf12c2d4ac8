"""How Alembic runs here: on the connection it is given, one transaction per migration."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    include_schemas=True,
    version_table_schema="ipp",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
