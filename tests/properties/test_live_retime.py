"""Timing of the rest of a day against trying every start of the break on a coarse clock, windows missed or not."""

from hypothesis import given, settings

from routing.live.retime import earliest_schedule
from routing.tours import DayProblem, schedule
from tests.properties.test_tours_timing import assert_consistent
from tests.properties.tiny_days import tiny_days

LATEST = 70
"""No tiny day goes on for so long."""


def damage(day: DayProblem, pause: tuple[int, int] | None) -> tuple[int, int, int, int, int]:
    """Windows missed, overtime, lateness, how late the break is, and the return, tick by tick, leaving at once."""
    now, here = day.start, 0
    late = []
    for place in range(1, day.places):
        moving = int(day.durations[here, place])
        if day.location[here] != day.location[place]:
            moving += int(day.setup[place])
        while moving > 0:
            if pause is None or not pause[0] <= now < pause[1]:
                moving -= 1
            now += 1
        if place == day.places - 1:
            break
        service, windows = int(day.service[place]), day.windows[place]
        clear = [t for t in range(now, LATEST) if pause is None or t + service <= pause[0] or t >= pause[1]]
        inside = [t for t in clear if not windows or any(w.early <= t <= w.late for w in windows)]
        start = inside[0] if inside else next(t for t in clear if t > windows[-1].late)
        if not inside:
            late.append(start - windows[-1].late)
        now, here = start + service, place
    away = max(0, pause[0] - day.lunch.late) if pause and day.lunch else 0
    return len(late), max(0, now - day.end), sum(late), away, now


@settings(max_examples=80)
@given(tiny_days(3))
def test_the_least_damage(day: DayProblem) -> None:
    timed = earliest_schedule(day)
    late = [
        max(0, start - windows[-1].late) if windows else 0
        for start, windows in zip(timed.start, day.windows[1:-1], strict=True)
    ]
    break_late = max(0, timed.break_start - day.lunch.late) if day.lunch and timed.break_start is not None else 0
    said = (sum(s > 0 for s in late), max(0, timed.back - day.end), sum(late), break_late, timed.back)
    pauses: list[tuple[int, int] | None] = [None]
    if day.lunch is not None:
        first = max(day.start, day.lunch.early)
        pauses = [(b, b + day.lunch.duration) for b in range(first, 40)]
    assert said == min(damage(day, pause) for pause in pauses)


@settings(max_examples=100)
@given(tiny_days())
def test_a_day_that_can_be_kept_is_kept(day: DayProblem) -> None:
    order = list(range(1, day.places - 1))
    exact, timed = schedule(day, order), earliest_schedule(day)
    if exact is not None and (exact.break_start is None or exact.break_start >= day.start):
        assert timed.back == exact.back
        assert_consistent(day, order, timed)
