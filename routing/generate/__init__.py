"""Seeded synthetic areas: customers and reps of any number, in towns, with a workload that fits the reps' time."""

from routing.generate.area import Area, generate
from routing.generate.rows import CUSTOMER_COLUMNS, REP_COLUMNS, Row, write_csv
from routing.generate.workload import Workload, estimate_workload

__all__ = ["CUSTOMER_COLUMNS", "REP_COLUMNS", "Area", "Row", "Workload", "estimate_workload", "generate", "write_csv"]
