"""Make the sample La Serena-Coquimbo: made-up businesses on real streets, and five reps.

Get the streets and run, in a checkout with rounds installed::

    pip download --no-deps aequilibrae==1.7.2
    python data/samples/la_serena/make.py aequilibrae-1.7.2-*.whl --out data/samples/la_serena

The seed is fixed, so the same extract gives the same files. See README.md for the rules.
"""

import argparse
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
from streets import METRES_PER_DEGREE, Street, read_streets
from words import (
    CHAIN_BRANDS,
    CLOSED_NOTES,
    CONVENIENCE_HEADS,
    CONVENIENCE_TAILS,
    HORECA_HEADS,
    HORECA_TAILS,
    HOURS,
    HYPER_BRANDS,
    LOCALITIES,
    PHARMACY_BRANDS,
    POSTS,
    PURPOSES,
)

from routing.domain import TravelMode
from routing.generate import CUSTOMER_COLUMNS, REP_COLUMNS, Row, Workload, write_csv
from routing.generate.fit import fit_service, grade_by_value, rep_row

SEED = 20261102
START = date(2026, 11, 2)
WEEKS, WORKDAYS = 4, 5
FILL = 0.86
LUNCH = 12 * 60 + 30, 14 * 60 + 30  # earliest and latest start of the break
COLUMNS = (*CUSTOMER_COLUMNS, "address", "next_visit", "pinned")

COUNTS = {"hypermarket": 16, "chain_store": 64, "convenience": 128, "pharmacy": 56, "horeca": 88}
MINUTES = {"hypermarket": 75, "chain_store": 45, "convenience": 25, "pharmacy": 30, "horeca": 35}
SALES = {"hypermarket": 160e6, "chain_store": 52e6, "convenience": 11e6, "pharmacy": 24e6, "horeca": 17e6}  # CLP
APART = {"hypermarket": 900, "chain_store": 260, "convenience": 90, "pharmacy": 180, "horeca": 40}  # metres
GRADE_SHARES = {"A": 0.33, "B": 0.42, "C": 0.25}  # by sales, best first
RHYTHM = {"A": "weekly", "B": "every 2 weeks", "C": "every 4 weeks"}
PER_WEEK = {
    "weekly": Fraction(1), "every 2 weeks": Fraction(1, 2), "every 4 weeks": Fraction(1, 4), "2 per week": Fraction(2),
    "3/5": Fraction(3), "W1W3": Fraction(1, 2), "W2W4": Fraction(1, 2), "2 per month": Fraction(1, 2),
    "monthly": Fraction(1, 4), "fortnightly": Fraction(1, 2),
}  # fmt: skip
EXCEPTIONS = (  # channel, grade, notation, how many
    ("hypermarket", "A", "3/5", 2), ("hypermarket", "A", "2 per week", 5), ("chain_store", "A", "2 per week", 4),
    ("pharmacy", "B", "W1W3", 4), ("convenience", "B", "W2W4", 3), ("horeca", "B", "2 per month", 3),
    ("horeca", "C", "monthly", 4), ("convenience", "C", "fortnightly", 3),
)  # fmt: skip

# how much likelier a metre of street of this class has a customer of this channel
CLASS_PULL = {
    "hypermarket": {"primary": 1.0, "secondary": 0.6},
    "chain_store": {"primary": 1.0, "secondary": 1.0, "tertiary": 0.6, "residential": 0.03},
    "convenience": {"secondary": 0.6, "tertiary": 0.8, "residential": 0.5, "unclassified": 0.2, "living_street": 1.0},
    "pharmacy": {"primary": 1.0, "secondary": 1.0, "tertiary": 0.8, "residential": 0.05},
    "horeca": {"primary": 0.7, "secondary": 0.8, "tertiary": 0.8, "residential": 0.25, "living_street": 1.0},
}
# lat, lon, reach in km, pull per channel: the two old towns, the beach avenue, and the sub-centres
MAGNETS = (
    (-29.9035, -71.2500, 0.9, {"chain_store": 5, "convenience": 2, "pharmacy": 10, "horeca": 12, "hypermarket": 1}),
    (-29.9530, -71.3385, 0.8, {"chain_store": 4, "convenience": 2, "pharmacy": 8, "horeca": 9, "hypermarket": 1}),
    (-29.9150, -71.2570, 1.0, {"chain_store": 2, "pharmacy": 2, "horeca": 2, "hypermarket": 3}),
    (-29.9220, -71.2730, 1.2, {"horeca": 9}),
    (-29.9480, -71.2900, 1.2, {"horeca": 6, "chain_store": 1, "hypermarket": 1}),
    (-29.8770, -71.2400, 1.3, {"chain_store": 2, "convenience": 2, "pharmacy": 2, "hypermarket": 1}),
    (-29.9660, -71.2500, 1.2, {"chain_store": 2, "convenience": 2, "pharmacy": 2, "hypermarket": 1}),
    (-29.9700, -71.3000, 1.2, {"chain_store": 2, "convenience": 1, "pharmacy": 1, "hypermarket": 1}),
    (-29.9820, -71.3430, 0.9, {"horeca": 4, "convenience": 1}),
)
# streets that live on visitors, whatever their class and however few streets there are around
PROMENADES = {"Avenida del Mar": 14.0, "Avenida Costanera": 4.0, "Peñuelas Norte": 4.0, "Balmaceda": 2.0}
REPS = (  # name, home near (lat, lon), start of the shift in minutes, skills, days off
    ("Antonia", -29.8800, -71.2360, 8 * 60 + 30, "cold_chain|pharma", ""),
    ("Benjamín", -29.9190, -71.2480, 8 * 60, "cold_chain|key_account", ""),
    ("Catalina", -29.9360, -71.2480, 8 * 60 + 30, "cold_chain|pharma|key_account", "2026-11-13"),
    ("Diego", -29.9690, -71.2960, 8 * 60 + 30, "pharma", "2026-11-26|2026-11-27"),
    ("Elisa", -29.9640, -71.3380, 9 * 60, "cold_chain|pharma|key_account", ""),
)

type Floats = npt.NDArray[np.float64]


def place(streets: list[Street], rng: np.random.Generator) -> list[tuple[str, Street, float, float]]:
    """Channel, street, latitude and longitude of every customer, the widest spaced channels first."""
    middle = np.array([s.middle for s in streets])
    metres = np.array([s.metres for s in streets])
    built_up = _street_metres_around(middle, metres)
    taken: list[tuple[str, Street, float, float]] = []
    for channel, count in COUNTS.items():
        pull = np.ones(len(streets))
        for lat, lon, reach, pulls in MAGNETS:
            km = np.hypot(middle[:, 0] - lat, (middle[:, 1] - lon) * np.cos(np.radians(-29.93))) * 111.195
            pull += pulls.get(channel, 0) * np.exp(-((km / reach) ** 2))
        weight = metres * pull * np.array([CLASS_PULL[channel].get(s.road_class, 0.0) for s in streets]) * built_up
        if channel == "horeca":
            promenade = np.array([PROMENADES.get(s.name, 0.0) for s in streets])
            weight = np.where(promenade > 0, metres * promenade, weight)
        order = rng.choice(len(streets), size=int((weight > 0).sum()), replace=False, p=weight / weight.sum())
        own: list[tuple[str, Street, float, float]] = []
        for k in order.tolist():
            lat, lon = streets[k].beside(float(rng.uniform(0.1, 0.9)), float(rng.choice((-1, 1)) * rng.uniform(7, 12)))
            near = [(t, APART[channel] if t[0] == channel else 15) for t in (*taken, *own)]
            if all(_metres(lat, lon, t[2], t[3]) >= apart for t, apart in near):
                own.append((channel, streets[k], round(lat, 6), round(lon, 6)))
            if len(own) == count:
                break
        taken += own
    return taken


def _street_metres_around(middle: Floats, metres: Floats) -> Floats:
    """How built-up it is: kilometres of street within 300 m, capped, so that roads through fields get few customers."""
    cell = np.round(middle * METRES_PER_DEGREE / 300).astype(int)
    length: dict[tuple[int, int], float] = {}
    for (y, x), m in zip(cell.tolist(), metres.tolist(), strict=True):
        length[y, x] = length.get((y, x), 0.0) + m
    around = [
        sum(length.get((y + dy, x + dx), 0.0) for dy in (-1, 0, 1) for dx in (-1, 0, 1)) for y, x in cell.tolist()
    ]
    return np.clip(np.array(around) / 8000, 0.05, 1.0)


def _metres(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    north, east = lat_a - lat_b, (lon_a - lon_b) * np.cos(np.radians(lat_a))
    return float(np.hypot(north, east)) * METRES_PER_DEGREE


def name(channel: str, street: str, used: set[str], rng: np.random.Generator) -> str:
    """A business name that no other customer has."""
    brands = {"hypermarket": HYPER_BRANDS, "chain_store": CHAIN_BRANDS, "pharmacy": PHARMACY_BRANDS}.get(channel)
    heads, tails = (HORECA_HEADS, HORECA_TAILS) if channel == "horeca" else (CONVENIENCE_HEADS, CONVENIENCE_TAILS)
    while True:
        if brands:
            found = f"{brands[int(rng.integers(len(brands)))]} {street}"
        else:
            found = f"{heads[int(rng.integers(len(heads)))]} {tails[int(rng.integers(len(tails)))]}"
        if found in used:
            found = f"{found} {2 + sum(other.startswith(found) for other in used)}" if brands else ""
        if found and found not in used:
            used.add(found)
            return found


def customers(streets: list[Street], rng: np.random.Generator) -> list[Row]:
    """Rows of all customers but for the time on site."""
    placed = place(streets, rng)
    sales = np.array([SALES[channel] * float(rng.lognormal(0, 0.55)) for channel, *_ in placed])
    grade = grade_by_value(sales, GRADE_SHARES)
    used: set[str] = set()
    rows: list[Row] = []
    for i in sorted(range(len(placed)), key=lambda i: (-placed[i][2], placed[i][3])):
        channel, street, lat, lon = placed[i]
        hours, weights = zip(*HOURS[channel], strict=True)
        contact, post = POSTS[channel]
        locality = min(LOCALITIES, key=lambda known: _metres(lat, lon, known[1], known[2]))[0]
        rows.append(
            {
                "customer_id": f"LS{len(rows) + 1:03d}",
                "name": name(channel, street.name.removeprefix("Avenida "), used, rng),
                "lat": f"{lat:.6f}",
                "lon": f"{lon:.6f}",
                "grade": grade[i],
                "channel": channel,
                "visit_frequency": RHYTHM[grade[i]],
                "opening_hours": hours[int(rng.choice(len(hours), p=np.array(weights) / sum(weights)))],
                "sales": f"{round(sales[i], -4):.0f}",
                "potential": f"{round(sales[i] * float(rng.uniform(1.05, 1.7)), -4):.0f}",
                "priority": "0",
                "active": "yes",
                "contact": contact,
                "post": post,
                "phone": f"+56 51 555 {len(rows) + 101:04d}",
                "purpose": PURPOSES[channel],
                "address": f"{street.name}, {locality}",
            }
        )
    _exceptions(rows, rng)
    return rows


def _exceptions(rows: list[Row], rng: np.random.Generator) -> None:
    """Special wishes of a few: frequency, skills, reps, closed customers; then the dates of the last visits."""

    def pick(count: int, **wanted: str) -> list[Row]:
        fits = [r for r in rows if all(r.get(k, "") == v for k, v in wanted.items()) and not r.get("notes")]
        return [fits[k] for k in rng.choice(len(fits), size=min(count, len(fits)), replace=False).tolist()]

    for channel, grade, notation, count in EXCEPTIONS:
        for row in pick(count, channel=channel, grade=grade, visit_frequency=RHYTHM[grade]):
            row["visit_frequency"] = notation
    for row, note in zip(pick(4, grade="C"), CLOSED_NOTES, strict=True):
        row.update(active="no", notes=note)
    for row in pick(12, channel="horeca", active="yes"):
        row.update(skills="cold_chain")
    for row in pick(14, channel="pharmacy", active="yes"):
        row.update(skills="pharma")
    for row in pick(3, channel="hypermarket", active="yes"):
        row.update(skills="key_account", notes="Cuenta clave: acuerdo anual")
    for row in pick(5, active="yes", grade="A"):
        row.update(preferred_rep=_nearest_reps(row)[1], notes="Pidió mantener a su ejecutivo")
    for row in pick(3, active="yes", grade="B", skills=""):
        row.update(excluded_reps=_nearest_reps(row)[0], notes="Pidió cambio de ejecutivo")
    for row in pick(6, active="yes", grade="B"):
        row.update(priority="2", notes="Reclamo abierto: visitar pronto")
    for row in pick(10, active="yes", grade="A"):
        row.update(priority="1")
    for row in rows:
        _last_visit(row, rng)
    _appointments(pick(30, active="yes", channel="convenience", visit_frequency="every 2 weeks"))


def _appointments(rows: list[Row]) -> None:
    """Dates that were agreed on: each two weeks after the last visit, on a day on which all reps work."""
    absent = {day for rep in REPS for day in rep[5].split("|")}
    kinds = ("{}", "{}", "{} 10:30", "week of {}", "prefer {}", "prefer {}")
    agreed = 0
    for row in rows:
        due = (date.fromisoformat(row["last_visit"]) + timedelta(days=14)).isoformat()
        if due in absent:
            continue
        if agreed < len(kinds):
            row.update(pinned=kinds[agreed].format(due), notes="Cita confirmada")
        elif agreed < len(kinds) + 4:
            row.update(next_visit=due, notes="Próxima visita acordada en la anterior")
        agreed += 1


def _nearest_reps(row: Row) -> list[str]:
    def metres(k: int) -> float:
        return _metres(float(row["lat"]), float(row["lon"]), REPS[k][1], REPS[k][2])

    return [f"R{k + 1}" for k in sorted(range(len(REPS)), key=metres)]


def _last_visit(row: Row, rng: np.random.Generator) -> None:
    """A working day within one interval before the start, so that the next visit is due within the first interval."""
    if row["active"] == "no":
        row["last_visit"] = (START - timedelta(days=int(rng.integers(9, 17)) * 7)).isoformat()
        return
    weeks = max(1, round(1 / PER_WEEK[row["visit_frequency"]]))
    ago = {"W1W3": 2, "W2W4": 1}.get(row["visit_frequency"], 1 + int(rng.integers(weeks)))
    row["last_visit"] = (START - timedelta(weeks=ago) + timedelta(days=int(rng.integers(WORKDAYS)))).isoformat()


def reps(streets: list[Street], rng: np.random.Generator) -> list[Row]:
    """Five reps at home beside a residential street in five neighbourhoods."""
    quiet = [s for s in streets if s.road_class == "residential" and s.metres > 40]
    rows: list[Row] = []
    for k, (first, lat, lon, start, skills, days_off) in enumerate(REPS):
        street = min(quiet, key=lambda s: _metres(lat, lon, float(s.middle[0]), float(s.middle[1])))
        home = street.beside(0.5, float(rng.uniform(8, 12)))
        lunch = (12 * 60 + 30, 14 * 60 + 30)
        rows.append(
            rep_row(f"R{k + 1}", first, home, start=start, break_window=lunch, skills=skills, days_off=days_off)
        )
    return rows


def set_durations(rows: list[Row], rep_rows: list[Row], rng: np.random.Generator) -> Workload:
    """Times on site by channel, a little longer for better grades, scaled so that the work fits the reps' time."""
    more = {"A": 1.15, "B": 1.0, "C": 0.85}
    for row in rows:
        row["service_duration"] = str(MINUTES[row["channel"]])
    active = [r for r in rows if r["active"] == "yes"]
    minutes, work = fit_service(
        np.array([(float(r["lat"]), float(r["lon"])) for r in active]),
        np.array([(float(r["home_lat"]), float(r["home_lon"])) for r in rep_rows]),
        np.array([MINUTES[r["channel"]] * more[r["grade"]] * float(rng.uniform(0.85, 1.15)) for r in active]),
        per_week=[PER_WEEK[r["visit_frequency"]] for r in active],
        weeks=WEEKS,
        fill=FILL,
        modes=[TravelMode(r["mode"]) for r in rep_rows],
        days_off=sum(len(r["days_off"].split("|")) for r in rep_rows if r["days_off"]),
    )
    for row, m in zip(active, minutes.tolist(), strict=True):
        row["service_duration"] = f"{m:.0f}"
    return work


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the extract, write customers.csv and reps.csv, say what they ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the aequilibrae wheel, or coquimbo.zip from inside it")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    options = parser.parse_args(arguments)
    rng = np.random.default_rng(SEED)
    streets = read_streets(options.source)
    rows, rep_rows = customers(streets, rng), reps(streets, rng)
    work = set_durations(rows, rep_rows, rng)
    write_csv(options.out / "customers.csv", rows, COLUMNS)
    write_csv(options.out / "reps.csv", rep_rows, REP_COLUMNS)
    print(f"{len(rows)} customers, {len(rep_rows)} reps, {work.visits:.0f} visits in {WEEKS} weeks")
    print(
        f"service {work.service / 3600:.0f} h, travel {work.travel / 3600:.0f} h, offered {work.offered / 3600:.0f} h:"
    )
    print(f"fill {work.fill:.1%}, travel share {work.travel_share:.1%}, fullest rep {work.fullest_rep:.1%}")


if __name__ == "__main__":
    main()
