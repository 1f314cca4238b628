"""Comparisons of scenarios with a plan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(length=32)
TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "comparisons",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("plan_revision", sa.Integer(), nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("request", DOCUMENT, nullable=False),
        sa.Column("estimates", DOCUMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_comparisons_project_id_projects"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_comparisons_plan_id_plans"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_comparisons_job_id_jobs"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_comparisons_created_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_comparisons"),
    )
    op.create_index("ix_comparisons_project_id", "comparisons", ["project_id"], unique=False)
    op.create_index("ix_comparisons_job_id", "comparisons", ["job_id"], unique=False)
