"""What shows itself in a notebook."""

import pytest

from api.notebook import bar, sample, show
from api.planning import PlannedProject, Step
from api.scenarios.run import Progress
from territories import TerritoryProblem


def test_corner_of_a_sample() -> None:
    project = sample("la_serena", customers=30, reps=2, weeks=2)
    assert (len(project.customers), len(project.reps), project.calendar.weeks) == (30, 2, 2)
    assert all(any(r.serves(c) for r in project.reps) for c in project.customers)
    assert len(sample("monaco").reps) == 3


def test_plan_and_territories_show_a_table_and_a_map(planned: PlannedProject) -> None:
    page = show(planned)._repr_html_()
    assert "0 broken rules" in page
    assert page.count("<tr>") == 1 + len(planned.project.reps)
    assert "<iframe" in page
    problem = TerritoryProblem.from_project(planned.project)
    assert "workload" in show(planned.alignment, problem)._repr_html_()
    with pytest.raises(TypeError, match="together with their problem"):
        show(planned.alignment)


def test_names_are_escaped(planned: PlannedProject) -> None:
    from dataclasses import replace

    reps = tuple(replace(r, name="<b>R</b>") for r in planned.project.reps)
    page = show(replace(planned, project=replace(planned.project, reps=reps)))._repr_html_()
    assert "<td><b>R</b></td>" not in page


def test_outside_a_notebook_the_bar_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with bar() as moving:
        moving.on_step(Step(phase="routes", name="R01", share=0.5, of=2))
        moving.on_progress(Progress(scenario="s", share=1.0))
    assert capsys.readouterr().out == ""
