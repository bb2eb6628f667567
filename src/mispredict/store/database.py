"""The catalog's database: connections, transactions, level of the tables, errors in our words.

SQLite writers queue by `BEGIN IMMEDIATE`; PostgreSQL writers by row locks, with one advisory lock
between commits (shared) and the sweep of orphans (exclusive).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.pool import NullPool

from mispredict.core.errors import (
    BadOption,
    MissingExtra,
    NewerWorkspace,
    NotWritable,
    StoreError,
)
from mispredict.store.canon import canonical
from mispredict.store.disk import free_text, link_new, refusing

LEVEL = "0001"  # the newest migration
_BUSY_S = 60.0
_ADVISORY = 0x6D697370  # "misp"
_ENGINES_OF_PARENTS: list[sa.Engine] = []  # kept: closing them here would hurt the parent


class Database:
    """A catalog's database; opens connections when first used, anew in a forked process."""

    def __init__(self, url: str | None, path: Path, *, is_read_only: bool = False) -> None:
        self._url = url
        self._path = path
        self.is_read_only = is_read_only
        self._engine: sa.Engine | None = None
        self._pid = os.getpid()

    @property
    def is_sqlite(self) -> bool:
        return self._url is None

    @property
    def place(self) -> str:
        """Where it is, for people: without password."""
        if self._url is None:
            return str(self._path)
        return sa.make_url(self._url).render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state."""
        with self._speaking(), self._connection(is_read=True) as connection:
            yield connection

    @contextmanager
    def write(self, *, is_exclusive: bool = False) -> Iterator[sa.Connection]:
        """A transaction that is kept as a whole when the block ends, or not at all."""
        if self.is_read_only:
            raise NotWritable(
                f"the workspace {str(self._path.parent)!r} is open for reading only.",
                known="Its folder cannot be written. Nothing was changed.",
                hint="write permission on the folder, or a workspace elsewhere",
            )
        with self._speaking(), self._connection(is_read=False) as connection:
            if not self.is_sqlite:
                lock = "pg_advisory_xact_lock" + ("" if is_exclusive else "_shared")
                connection.execute(sa.text(f"SELECT {lock}({_ADVISORY})"))
            yield connection

    def create_file(self, tmp: Path) -> None:
        """Put an empty SQLite file in place unless there is one, in write-ahead mode."""
        draft = tmp / f"{uuid4().hex}.sqlite"
        with self._speaking(), refusing(self._path.parent):
            try:
                connection = sqlite3.connect(draft, isolation_level=None)
                try:
                    connection.execute("PRAGMA journal_mode=WAL")  # the file remembers it
                finally:
                    connection.close()
                link_new(draft, self._path)
            finally:
                draft.unlink(missing_ok=True)

    def level(self) -> str | None:
        """The newest migration applied; None for an empty database."""
        with self.read() as connection:
            if not sa.inspect(connection).has_table("catalog_level"):
                return None
            found: str | None = connection.scalar(sa.text("SELECT version_num FROM catalog_level"))
            return found

    def bring_up(self) -> None:
        """Apply the migrations that are missing, in one transaction.

        Raises:
            NewerWorkspace: the tables are of a later mispredict.
        """
        level = self.level()
        if level == LEVEL:
            return
        if level is not None and level > LEVEL:
            raise NewerWorkspace(
                f"the catalog {self.place} is at level {level}, "
                f"and this mispredict knows up to {LEVEL}.",
                known="A newer mispredict wrote it.",
                hint="pip install --upgrade mispredict",
            )
        with self.write(is_exclusive=True) as connection:
            self._check_level(connection)
            _migrate(connection)

    def _check_level(self, connection: sa.Connection) -> None:
        """Refuse tables of which nothing says their level: migrations would meet them."""
        tables = set(sa.inspect(connection).get_table_names())
        if "catalog_level" in tables or not tables & {"head", "version", "part"}:
            return
        raise StoreError(
            f"the catalog {self.place} is damaged: its table catalog_level is missing.",
            known="That says of which mispredict the other tables are. Nothing was changed.",
            hint="restore the catalog from a backup; the parts beside it are untouched",
        )

    def close(self) -> None:
        if self._engine is not None and self._pid == os.getpid():
            self._engine.dispose()
        self._engine = None

    def _connect(self) -> sa.Engine:
        if self._engine is not None and self._pid != os.getpid():
            _ENGINES_OF_PARENTS.append(self._engine)
            self._engine = None
        if self._engine is None:
            self._pid = os.getpid()
            self._engine = self._sqlite() if self._url is None else _postgres(self._url)
        return self._engine

    def _sqlite(self) -> sa.Engine:
        pool: dict[str, Any] = {"poolclass": NullPool} if self.is_read_only else {}
        engine = sa.create_engine(
            "sqlite://",
            creator=self._sqlite_connection,
            json_serializer=canonical,
            **({"poolclass": sa.QueuePool} | pool),
        )

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            options = connection.get_execution_options()
            connection.exec_driver_sql(options.get("begin", "BEGIN"))

        return engine

    def _sqlite_connection(self) -> sqlite3.Connection:
        mode = "rw"
        if self.is_read_only:
            wal = self._path.with_name(self._path.name + "-wal")
            is_quiet = not wal.exists() or wal.stat().st_size == 0
            mode = "ro&immutable=1" if is_quiet else "ro"
        connection = sqlite3.connect(
            f"file:{quote(str(self._path.absolute()))}?mode={mode}",
            uri=True,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in ("foreign_keys=ON", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def _connection(self, *, is_read: bool) -> Iterator[sa.Connection]:
        options: dict[str, Any] = {"begin": "BEGIN" if is_read else "BEGIN IMMEDIATE"}
        if is_read and not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with (
            self._connect().connect() as connection,
            connection.execution_options(**options).begin(),
        ):
            yield connection

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Errors of the database in our words."""
        try:
            yield
        except (exc.DBAPIError, sqlite3.Error) as error:
            self._explain(error)

    def _explain(self, error: exc.DBAPIError | sqlite3.Error) -> NoReturn:
        origin = error.orig if isinstance(error, exc.DBAPIError) else error
        if isinstance(origin, sqlite3.Error):
            self._explain_sqlite(origin)
        state = getattr(origin, "sqlstate", None) or ""
        text = str(origin).strip().splitlines()[0] if str(origin).strip() else "no answer"
        if state in {"53100", "25006", "42501"}:
            raise NotWritable(
                f"the catalog {self.place} refuses to be written.",
                known=f"It says: {text}. Nothing was changed.",
                hint="space on the server and the right to write",
            ) from error
        if state.startswith("40"):
            raise StoreError(
                f"the catalog {self.place} gave another writer precedence.",
                known="Nothing was changed.",
                hint="the same call again",
            ) from error
        if isinstance(error, exc.OperationalError):
            raise StoreError(
                f"the catalog {self.place} cannot be reached.",
                known=f"It says: {text}.",
                hint="check server, user and password (PGPASSWORD or ~/.pgpass)",
            ) from error
        raise error

    def _explain_sqlite(self, error: sqlite3.Error) -> NoReturn:
        name = getattr(error, "sqlite_errorname", "")
        path = str(self._path)
        if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
            raise NotWritable(
                f"cannot write to the catalog {path!r}: {error}.",
                known="Nothing was changed.",
                hint="write permission on the folder, or a workspace elsewhere",
            ) from error
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise NotWritable(
                f"cannot write to the catalog {path!r}: {error}.",
                known=f"{free_text(self._path.parent)}Nothing was changed.",
                hint="free some space (mispredict doctor --repair sweeps what is left over)",
            ) from error
        if name.startswith("SQLITE_BUSY"):
            raise StoreError(
                f"the catalog {path!r} was held by another process for {_BUSY_S:.0f} s.",
                known="Nothing was changed.",
                hint="the same call again",
            ) from error
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN")):
            raise _unusable(self._path, error, self.is_read_only) from error
        raise error


def _unusable(path: Path, error: sqlite3.Error, is_read_only: bool) -> StoreError:
    hint = "restore the file from a backup; the parts beside it are untouched"
    known = "" if path.is_file() else "The file does not exist."
    if path.is_file() and not os.access(path, os.R_OK):
        known, hint = "It may not be read by this account.", "read permission on the folder"
    elif is_read_only and path.with_name(f"{path.name}-wal").exists():
        known = "A writer was cut off, and reading what it left needs to write the folder."
        hint = "open the workspace once where it can be written"
    return StoreError(
        f"the catalog {str(path)!r} cannot be opened: {error}.", known=known, hint=hint
    )


def normal_url(url: str) -> str:
    """The PostgreSQL URL with the driver we use.

    Raises:
        BadOption: it is the URL of something else.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise BadOption(
            f"catalog_url={scheme + separator + ('…' if rest else '')!r} is not supported.",
            known="A catalog is SQLite in the workspace's folder, or a PostgreSQL database.",
            hint="postgresql://user@host/database, or leave it out",
        )
    try:
        sa.make_url(f"postgresql+psycopg://{rest}")
    except (exc.ArgumentError, ValueError) as error:
        raise BadOption(
            "catalog_url cannot be understood.", hint="postgresql://user@host:5432/database"
        ) from error
    return f"postgresql+psycopg://{rest}"


def without_password(url: str) -> str:
    """The URL as it may be written to a file."""
    full = sa.make_url(url)
    query = {key: value for key, value in full.query.items() if key != "password"}
    bare = sa.URL.create(
        full.drivername,
        username=full.username,
        host=full.host,
        port=full.port,
        database=full.database,
        query=query,
    )
    return bare.render_as_string(hide_password=False)


def migration_config(connection: sa.Connection) -> Any:
    """Alembic's configuration for the migrations inside this package."""
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _migrate(connection: sa.Connection) -> None:
    from alembic import command

    command.upgrade(migration_config(connection), "head")


def _postgres(url: str) -> sa.Engine:
    try:
        return sa.create_engine(url, json_serializer=canonical, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise MissingExtra.of("psycopg", "postgres", "A PostgreSQL catalog") from None
