"""The catalog's tables come from migrations, which agree with the tables in the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from mispredict.core.errors import NewerWorkspace
from mispredict.store import Store


def test_tables_equal_migrations(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from mispredict.store import sql

    with store._database.read() as connection:
        options = {"version_table": "catalog_level", "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, sql.metadata) == []


def test_level_is_the_newest_migration(store: Store) -> None:
    from alembic.script import ScriptDirectory

    from mispredict.store.database import LEVEL, migration_config

    with store._database.read() as connection:
        scripts = ScriptDirectory.from_config(migration_config(connection))
    assert scripts.get_current_head() == LEVEL
    assert store._database.level() == LEVEL


def test_migrations_go_down_and_up_again(store: Store) -> None:
    from alembic import command

    from mispredict.store.database import LEVEL, migration_config

    database = store._database
    with database.write() as connection:
        command.downgrade(migration_config(connection), "base")
    database.bring_up()
    assert database.level() == LEVEL
    assert store.versions() == ()


def test_a_newer_catalog_is_refused(store: Store, tmp_path: Path, catalog_url: str | None) -> None:
    import sqlalchemy as sa

    with store._database.write() as connection:
        connection.execute(sa.text("UPDATE catalog_level SET version_num = '9999'"))
    with pytest.raises(NewerWorkspace, match="level 9999"):
        Store.open(tmp_path / "ws", catalog_url=catalog_url)
