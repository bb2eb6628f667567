"""The tables of the catalog, the same on SQLite and PostgreSQL.

A head row per name is what commits compete for: it holds the last number given (never given
again) and the newest version that is not deleted.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

_TIME = sa.String(32)  # ISO 8601 in UTC with microseconds: sorts as it reads on both databases
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

workspace = sa.Table(
    "workspace",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("parts", sa.Text, nullable=False),
    sa.Column("created_at", _TIME, nullable=False),
)

head = sa.Table(
    "head",
    metadata,
    sa.Column("kind", sa.String(100), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("newest", sa.Integer),
)

version = sa.Table(
    "version",
    metadata,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(100), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("created_at", _TIME, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("spec", sa.JSON, nullable=False),
    sa.Column("recording", sa.JSON, nullable=False),
    sa.Column("deleted_at", _TIME),
    sa.UniqueConstraint("kind", "name", "number"),
)

parent = sa.Table(
    "parent",
    metadata,
    sa.Column("version_id", sa.ForeignKey(version.c.id), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("parent_id", sa.ForeignKey(version.c.id), nullable=False, index=True),
)

part = sa.Table(
    "part",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("format", sa.String(20), primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("content", sa.String(64), nullable=False),
)

used_part = sa.Table(
    "used_part",
    metadata,
    sa.Column("version_id", sa.ForeignKey(version.c.id), primary_key=True),
    sa.Column("role", sa.String(100), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("format", sa.String(20), nullable=False),
    sa.ForeignKeyConstraint(["hash", "format"], ["part.hash", "part.format"]),
    sa.Index("ix_used_part_hash", "hash", "format"),
)

label = sa.Table(
    "label",
    metadata,
    sa.Column("kind", sa.String(100), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("label", sa.String(100), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)
