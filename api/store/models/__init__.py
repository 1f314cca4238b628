"""All tables."""

from api.store.models.access import ApiToken, FailedLogin, Secret, SignInLink, UserSession
from api.store.models.base import Base, new_id
from api.store.models.comparisons import ComparisonRow
from api.store.models.jobs import JobPart, JobRow
from api.store.models.organisation import Unit, UnitPeriod, User, UserPeriod
from api.store.models.plans import PlanAssignment, PlanDay, PlanRevision, PlanRow, Remark, VisitRow
from api.store.models.projects import CustomerRow, ProjectRow, RecordVersion, RepRow
from api.store.models.proposals import ProposalRow
from api.store.models.records import ArchiveAccess, AuditEntry, IdempotentAnswer
from api.store.models.visits import CalendarFeed, FollowUp, RepDay, VisitStandard
from api.store.models.webhooks import Delivery, Webhook

__all__ = [
    "ApiToken",
    "ArchiveAccess",
    "AuditEntry",
    "Base",
    "CalendarFeed",
    "ComparisonRow",
    "CustomerRow",
    "Delivery",
    "FailedLogin",
    "FollowUp",
    "IdempotentAnswer",
    "JobPart",
    "JobRow",
    "PlanAssignment",
    "PlanDay",
    "PlanRevision",
    "PlanRow",
    "ProjectRow",
    "ProposalRow",
    "RecordVersion",
    "Remark",
    "RepDay",
    "RepRow",
    "Secret",
    "SignInLink",
    "Unit",
    "UnitPeriod",
    "User",
    "UserPeriod",
    "UserSession",
    "VisitRow",
    "VisitStandard",
    "Webhook",
    "new_id",
]
