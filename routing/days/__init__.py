"""Visit days: which pattern each customer follows."""

from routing.days.assign import Assignment, assign_patterns

__all__ = ["Assignment", "assign_patterns"]
