"""Files in: customers and reps from CSV, XLSX and GeoJSON, with a report on everything found on the way."""

from routing.io.customers import CustomerFile, read_customers
from routing.io.load import Loaded, load_files, load_project_files
from routing.io.options import Area, Defaults, ReadOptions
from routing.io.report import DataReport, FileReport
from routing.io.reps import RepFile, read_reps

__all__ = [
    "Area",
    "CustomerFile",
    "DataReport",
    "Defaults",
    "FileReport",
    "Loaded",
    "ReadOptions",
    "RepFile",
    "load_files",
    "load_project_files",
    "read_customers",
    "read_reps",
]
