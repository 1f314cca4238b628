"""Runs migrations on the connection that :func:`api.store.migrate.migrate` opened."""

from alembic import context

from api.store.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
