"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from __future__ import annotations

from alembic import context

from mispredict.store import sql

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=sql.metadata,
    render_as_batch=True,
    version_table="catalog_level",
    transactional_ddl=False,  # the caller's transaction holds all of it
)
context.run_migrations()
