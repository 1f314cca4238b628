"""Reports from the phone: visits with places, bookings and reasons; follow-ups, days of reps, standards, feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(length=32)
TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Four tables, and columns of visits."""
    op.add_column("visits", sa.Column("next_start", sa.Integer(), nullable=True))
    op.add_column("visits", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("visits", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("visits", sa.Column("lat", sa.Double(), nullable=True))
    op.add_column("visits", sa.Column("lon", sa.Double(), nullable=True))
    op.add_column("visits", sa.Column("accuracy_m", sa.Integer(), nullable=True))
    op.add_column("visits", sa.Column("distance_m", sa.Integer(), nullable=True))
    op.create_index("ix_visits_project_id_next_visit", "visits", ["project_id", "next_visit"], unique=False)
    op.create_table(
        "follow_ups",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("visit_id", ID, nullable=True),
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("rep_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("closed_by", ID, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_follow_ups_author_id_users"),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name="fk_follow_ups_closed_by_users"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_follow_ups_project_id_projects"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_follow_ups_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_ups"),
    )
    op.create_index("ix_follow_ups_visit_id", "follow_ups", ["visit_id"], unique=False)
    op.create_index("ix_follow_ups_project_id_state", "follow_ups", ["project_id", "state"], unique=False)
    op.create_index("ix_follow_ups_project_id_customer_id", "follow_ups", ["project_id", "customer_id"], unique=False)
    op.create_table(
        "rep_days",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("rep_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=True),
        sa.Column("ended", sa.Integer(), nullable=True),
        sa.Column("kit", DOCUMENT, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("documents", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Text(), nullable=False),
        sa.Column("seen_by", ID, nullable=True),
        sa.Column("seen_at", TIME, nullable=True),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_rep_days_author_id_users"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_rep_days_project_id_projects"),
        sa.ForeignKeyConstraint(["seen_by"], ["users.id"], name="fk_rep_days_seen_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_rep_days"),
        sa.UniqueConstraint("project_id", "rep_id", "day", name="uq_rep_days_project_id_rep_id_day"),
    )
    op.create_index("ix_rep_days_project_id_day", "rep_days", ["project_id", "day"], unique=False)
    op.create_table(
        "visit_standards",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("kit", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_visit_standards_project_id_projects"),
        sa.PrimaryKeyConstraint("project_id", "channel", name="pk_visit_standards"),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("rep_id", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_calendar_feeds_created_by_users"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_calendar_feeds_project_id_projects"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_feeds_token_hash"),
    )
    op.create_index("ix_calendar_feeds_project_id_rep_id", "calendar_feeds", ["project_id", "rep_id"], unique=False)
