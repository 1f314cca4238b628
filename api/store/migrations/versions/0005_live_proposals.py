"""Proposals of the live day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(length=32)
TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "proposals",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("base_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("question", DOCUMENT, nullable=False),
        sa.Column("answer", DOCUMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("new_plan_id", ID, nullable=True),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_proposals_project_id_projects"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_proposals_plan_id_plans"),
        sa.ForeignKeyConstraint(["new_plan_id"], ["plans.id"], name="fk_proposals_new_plan_id_plans"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_proposals_created_by_users"),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name="fk_proposals_decided_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_project_id_state", "proposals", ["project_id", "state"], unique=False)
