"""Runs the migrations on the connection that `engine.Database.migrate` hands in."""

from alembic import context

from maild.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
