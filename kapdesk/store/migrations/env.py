"""Runs the migrations on the connection that `kapdesk.store.schema` hands over."""

from alembic import context

from kapdesk.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
