"""Timing of an order against trying every leave time and every break start on a coarse clock."""

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.tours import DayProblem, Schedule, schedule
from routing.travel.hours import USUAL_SPEED
from tests.properties.tiny_days import HORIZON, tiny_days


def simulate(day: DayProblem, order: list[int], leave: int, pause: tuple[int, int] | None) -> int | None:
    """When the rep is back, leaving at ``leave`` with the break at ``pause``; None when a window or the shift fails."""
    now, here = leave, 0
    for place in (*order, day.places - 1):
        moving = int(day.durations[here, place])
        if day.location[here] != day.location[place]:
            moving += int(day.setup[place])
        driving = USUAL_SPEED * int(day.durations[here, place])
        moving -= int(day.durations[here, place])
        while driving > 0 or moving > 0:  # one tick at a time; nothing moves during the break
            if pause is None or not pause[0] <= now < pause[1]:
                if driving > 0:
                    driving -= speed_at(day, now)
                else:
                    moving -= 1
            now += 1
        if place == day.places - 1:
            return now if now <= day.end else None
        service = int(day.service[place])

        def fits(start: int, place: int = place, service: int = service) -> bool:
            clear = pause is None or start + service <= pause[0] or start >= pause[1]
            return clear and (not day.windows[place] or any(w.early <= start <= w.late for w in day.windows[place]))

        start = next((t for t in range(now, HORIZON + 1) if fits(t)), None)
        if start is None:
            return None
        now, here = start + service, place
    raise AssertionError("the end place is the last of the path")


def speed_at(day: DayProblem, now: int) -> int:
    """Millionths of a second of usual travel that are made in the second from ``now`` on."""
    return int(next((row[2] for row in reversed(day.clock.tolist()) if row[0] <= now), USUAL_SPEED))


def brute_force(day: DayProblem, order: list[int]) -> tuple[int, int] | None:
    """(earliest return, latest leave with it) over all leave times and break starts."""
    pauses: list[tuple[int, int] | None] = [None]
    if day.lunch is not None:
        pauses = [(b, b + day.lunch.duration) for b in range(day.lunch.early, day.lunch.late + 1)]
    found = []
    for leave in range(day.start, day.end + 1):
        for pause in pauses:
            if pause is not None and pause[0] < leave < pause[1]:
                continue  # nobody leaves in the middle of a break
            back = simulate(day, order, leave, pause)
            if back is not None:
                found.append((back, -leave))
    return (min(found)[0], -min(found)[1]) if found else None


def assert_consistent(day: DayProblem, order: list[int], timed: Schedule) -> None:
    """The published times obey the convention leave → travel → arrival → set-up → wait → start → departure."""
    pause = None
    if day.lunch is not None:
        assert timed.break_start is not None
        assert day.lunch.early <= timed.break_start <= day.lunch.late
        pause = (timed.break_start, timed.break_start + day.lunch.duration)
        assert timed.leave >= pause[1] or timed.leave <= pause[0]
    assert day.start <= timed.leave
    assert timed.back <= day.end
    gone, here = timed.leave, 0
    for k, place in enumerate(order):
        travelled = timed.arrival[k] - gone
        if pause and gone <= pause[0] and pause[0] < timed.arrival[k]:
            travelled -= pause[1] - pause[0]
        assert travelled == timed.travel[k]
        assert len(day.clock) or travelled == day.durations[here, place]
        setup = int(day.setup[place]) if day.location[here] != day.location[place] else 0
        rest = pause[1] - pause[0] if pause and timed.arrival[k] <= pause[0] < timed.start[k] else 0
        assert timed.wait[k] == timed.start[k] - timed.arrival[k] - setup - rest >= 0
        assert timed.departure[k] == timed.start[k] + day.service[place]
        if pause:
            assert timed.departure[k] <= pause[0] or timed.start[k] >= pause[1]
        if day.windows[place]:
            assert any(w.early <= timed.start[k] <= w.late for w in day.windows[place])
        gone, here = timed.departure[k], place
    last = timed.back - gone
    if pause and gone <= pause[0] < timed.back:
        last -= pause[1] - pause[0]
    assert last == timed.travel[-1]
    assert len(day.clock) or last == day.durations[here, day.places - 1]


@settings(max_examples=400, deadline=None)
@given(tiny_days() | tiny_days(by_the_hour=True), st.randoms(use_true_random=False))
def test_schedule_is_feasible_and_best_exactly_when_some_timing_exists(day: DayProblem, random: object) -> None:
    order = list(range(1, day.stops + 1))
    random.shuffle(order)  # type: ignore[attr-defined]
    timed = schedule(day, order)
    expected = brute_force(day, order)
    if expected is None:
        assert timed is None
        return
    assert timed is not None
    assert (timed.back, timed.leave) == expected
    assert_consistent(day, order, timed)
