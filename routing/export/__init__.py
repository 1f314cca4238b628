"""Plans as files: JSON to reload, tables, workbook, visit forms, calendars, GPX and GeoJSON."""

from routing.export.lines import Geometry, along_roads
from routing.export.outputs import write_outputs
from routing.export.plan_json import SavedPlan, fingerprint, read_plan, short_fingerprint, write_plan

__all__ = [
    "Geometry",
    "SavedPlan",
    "along_roads",
    "fingerprint",
    "read_plan",
    "short_fingerprint",
    "write_outputs",
    "write_plan",
]
