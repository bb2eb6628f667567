"""Catalog of versions, parts, parents and labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.String(32)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_names()
    _create_versions()
    _create_parts()


def downgrade() -> None:
    for table in ("label", "used_part", "part", "parent", "version", "head", "workspace"):
        op.drop_table(table)


def _create_names() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
    )
    op.create_table(
        "head",
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("newest", sa.Integer),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_head"),
    )
    op.create_table(
        "label",
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", "label", name="pk_label"),
    )


def _create_versions() -> None:
    op.create_table(
        "version",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_version"),
        sa.UniqueConstraint("kind", "name", "number", name="uq_version_kind"),
    )
    op.create_table(
        "parent",
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("parent_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name="pk_parent"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_parent_version_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["version.id"], name="fk_parent_parent_id"),
    )
    op.create_index("ix_parent_parent_id", "parent", ["parent_id"])


def _create_parts() -> None:
    op.create_table(
        "part",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("hash", "format", name="pk_part"),
    )
    op.create_table(
        "used_part",
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("role", sa.String(100), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "role", "ordinal", name="pk_used_part"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_used_part_version_id"),
        sa.ForeignKeyConstraint(
            ["hash", "format"], ["part.hash", "part.format"], name="fk_used_part_hash"
        ),
    )
    op.create_index("ix_used_part_hash", "used_part", ["hash", "format"])
