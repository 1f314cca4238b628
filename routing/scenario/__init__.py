"""What if: named changes of a project, in Python, in files and in words.

>>> from routing.scenario import Scenario, parse_change
>>> Scenario(name="C less often", changes=(parse_change("frequency C=every 6 weeks"),)).mode
<Territories.KEEP: 'keep'>
"""

from routing.scenario.files import read_scenarios, scenario_from_values, scenario_to_values, write_scenarios
from routing.scenario.market import (
    ChangeDuration,
    ChangeFrequency,
    ChangeWindows,
    CloseCustomers,
    OpenCustomer,
    ReopenCustomers,
)
from routing.scenario.people import AddLeave, AddRep, ChangeHours, CostRates, MoveRep, RemoveRep
from routing.scenario.rules import BalanceTolerance, DailyStandard, LockTerritories, ScaleTravel
from routing.scenario.scenario import Scenario, Territories, project_fingerprint
from routing.scenario.setting import Change, Setting
from routing.scenario.who import Customers
from routing.scenario.words import FORMS, parse_change, parse_changes

__all__ = [
    "FORMS",
    "AddLeave",
    "AddRep",
    "BalanceTolerance",
    "Change",
    "ChangeDuration",
    "ChangeFrequency",
    "ChangeHours",
    "ChangeWindows",
    "CloseCustomers",
    "CostRates",
    "Customers",
    "DailyStandard",
    "LockTerritories",
    "MoveRep",
    "OpenCustomer",
    "RemoveRep",
    "ReopenCustomers",
    "ScaleTravel",
    "Scenario",
    "Setting",
    "Territories",
    "parse_change",
    "parse_changes",
    "project_fingerprint",
    "read_scenarios",
    "scenario_from_values",
    "scenario_to_values",
    "write_scenarios",
]
