"""Make the sample Monaco: real shops, pharmacies, hotels and restaurants as customers, and three made-up reps.

Get the extract and run, in a checkout with rounds installed::

    pip install osmium
    pip download --no-deps --no-binary quackosm quackosm==0.19.0
    tar xzf quackosm-0.19.0.tar.gz quackosm-0.19.0/tests/test_files/monaco.osm.pbf
    python data/samples/monaco/make.py quackosm-0.19.0/tests/test_files/monaco.osm.pbf --out data/samples/monaco

The seed is fixed, so the same extract gives the same files. See README.md for the rules.
"""

import argparse
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
from places import Found, metres, plain_hours, read_places

from routing.domain import TravelMode
from routing.generate import CUSTOMER_COLUMNS, REP_COLUMNS, Row, write_csv
from routing.generate.fit import fit_service, grade_by_value, rep_row

SEED = 20261005
START = date(2026, 10, 5)
WEEKS = 4
FILL = 0.85
COLUMNS = (*CUSTOMER_COLUMNS, "address", "osm_id", "osm_opening_hours")
PER_WEEK = {"A": Fraction(1), "B": Fraction(1, 2), "C": Fraction(1, 4)}
GRADE_SHARES = {"A": 0.25, "B": 0.4, "C": 0.35}  # by sales, best first

# channel: minutes on site before scaling, median sales in euro a year, hours in which reps are received, post, purpose
CHANNELS = {
    "food_shop": (30, 60_000, "08:30-12:30;14:30-18:30", "store manager", "shelf check, order"),
    "shop": (20, 18_000, "10:00-19:00", "store manager", "order"),
    "pharmacy": (25, 45_000, "08:30-12:30;14:00-19:00", "pharmacist in charge", "new products, order"),
    "hotel": (40, 90_000, "09:00-12:00;14:00-18:00", "purchasing manager", "contract, order"),
    "restaurant": (25, 30_000, "09:30-12:00;15:00-18:30", "kitchen manager", "menu planning, order"),
    "cafe_bar": (20, 20_000, "09:30-12:00;14:30-18:30", "manager", "order"),
}
OWN_HOURS = ("food_shop", "shop", "pharmacy")  # here the mapped opening hours count; elsewhere meals come first
REPS = (  # name, home near (lat, lon), start of the shift in minutes, mode
    ("Alix", 43.7318, 7.4170, 8 * 60 + 30, TravelMode.FOOT),
    ("Bastien", 43.7372, 7.4212, 9 * 60, TravelMode.FOOT),
    ("Célia", 43.7445, 7.4305, 9 * 60, TravelMode.MOTOR_SCOOTER),
)


def customer(place: Found, grade: str, sales: float, rng: np.random.Generator) -> Row:
    """Row of one place but for the time on site."""
    _, _, received, post, purpose = CHANNELS[place.channel]
    weeks = int(1 / PER_WEEK[grade])
    last = START - timedelta(weeks=1 + int(rng.integers(weeks))) + timedelta(days=int(rng.integers(5)))
    return {
        "customer_id": f"MC-{place.osm_id}",
        "name": place.name,
        "lat": f"{place.lat:.6f}",
        "lon": f"{place.lon:.6f}",
        "grade": grade,
        "channel": place.channel,
        "visit_frequency": "",
        "opening_hours": (plain_hours(place.hours) if place.channel in OWN_HOURS else "") or received,
        "sales": f"{round(sales, -2):.0f}",
        "potential": f"{round(sales * float(rng.uniform(1.0, 1.6)), -2):.0f}",
        "priority": "0",
        "last_visit": last.isoformat(),
        "active": "yes",
        "contact": "front desk",
        "post": post,
        "purpose": purpose,
        "address": place.street,
        "osm_id": place.osm_id,
        "osm_opening_hours": place.hours,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the extract, write customers.csv and reps.csv, say what they ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extract", type=Path, help="monaco.osm.pbf")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    options = parser.parse_args(arguments)
    rng = np.random.default_rng(SEED)
    places, streets = read_places(options.extract)
    sales = np.array([CHANNELS[p.channel][1] * float(rng.lognormal(0, 0.7)) for p in places])
    grades = grade_by_value(sales, GRADE_SHARES)
    rows = [customer(p, g, s, rng) for p, g, s in zip(places, grades, sales.tolist(), strict=True)]
    homes = [streets[int(np.argmin(metres(lat, lon, streets[:, 0], streets[:, 1])))] for _, lat, lon, _, _ in REPS]
    rep_rows = [
        rep_row(f"M{k + 1}", name, home.tolist(), start=start, mode=mode)
        for k, ((name, _, _, start, mode), home) in enumerate(zip(REPS, homes, strict=True))
    ]
    minutes, work = fit_service(
        np.array([(p.lat, p.lon) for p in places]),
        np.array(homes),
        np.array([CHANNELS[p.channel][0] * float(rng.uniform(0.8, 1.2)) for p in places]),
        per_week=[PER_WEEK[g] for g in grades],
        weeks=WEEKS,
        fill=FILL,
        modes=[rep[4] for rep in REPS],
    )
    for row, m in zip(rows, minutes.tolist(), strict=True):
        row["service_duration"] = f"{m:.0f}"
    write_csv(options.out / "customers.csv", rows, COLUMNS)
    write_csv(options.out / "reps.csv", rep_rows, REP_COLUMNS)
    print(f"{len(rows)} customers, {len(rep_rows)} reps, {work.visits:.0f} visits in {WEEKS} weeks")
    print(
        f"service {work.service / 3600:.0f} h, travel {work.travel / 3600:.0f} h, offered {work.offered / 3600:.0f} h:"
    )
    print(f"fill {work.fill:.1%}, travel share {work.travel_share:.1%}, fullest rep {work.fullest_rep:.1%}")


if __name__ == "__main__":
    main()
