"""Cases of the first unit, built so that the published figures come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from core.demo import assignments, flow, households, inputs, plans
from core.demo.matters import Matter, Person
from core.demo.people import WORK_UNIT, Place
from core.rules.dates import month_end
from core.terms import CaseKind, Gender, Obstacle

HIT_RATE = 0.82
EXEMPT_FROM = dt.date(2022, 6, 1)
EXEMPT_A_MONTH = 3
PUBLISHED_GENDER = {Gender.WOMAN: "kvinnor", Gender.MAN: "män"}
PUBLISHED_OBSTACLES = {
    Obstacle.UNEMPLOYED: "obstacle_arbetslös",
    Obstacle.SICK_WITHOUT_SGI: "obstacle_sjukskriven_utan_sgi",
    Obstacle.ACTIVITY_COMPENSATION: "obstacle_aktivitetsersättning",
}
COUNTED_MONTH = "2022-01"
COUNTED_ON = month_end(inputs.day(f"{COUNTED_MONTH}-01"))


def matters(rng: Random, place: Place, today: dt.date) -> list[Matter]:
    """Return the unit's cases."""
    course = flow.steps(WORK_UNIT, CaseKind.BENEFIT)
    made = flow.run(rng, CaseKind.BENEFIT, course)
    households.settle_children(rng, made, course)
    plans.refer(rng, made, today)
    _settle_genders(rng, made, _choose_within_three_months(rng, made))
    _settle_partners(rng, made)
    _settle_obstacles(rng, made)
    _settle_plans(rng, made, today)
    assignments.assign_benefit(rng, made, place, today)
    return made


def _choose_within_three_months(rng: Random, made: Sequence[Matter]) -> dict[Gender, list[Matter]]:
    """Choose the counted matters of each published period; those split by gender are returned."""
    by_gender: dict[Gender, list[Matter]] = {}
    periods: dict[tuple[dt.date, dt.date], list[inputs.Record]] = {}
    for record in _targets("within_three_months"):
        period = inputs.day(record["start"]), inputs.day(record["end"])
        periods.setdefault(period, []).append(record)
    for (start, end), records in periods.items():
        wanted = sum(int(record["denominator"]) for record in records)
        counted = plans.choose_counted(rng, plans.due_in(made, start, end), wanted)
        rng.shuffle(counted)
        for record in records:
            part, counted = (
                counted[: int(record["denominator"])],
                counted[int(record["denominator"]) :],
            )
            plans.choose_hits(rng, part, int(record["numerator"]))
            if record["group"]:
                by_gender[Gender(record["group"])] = part
    return by_gender


def _settle_genders(rng: Random, made: Sequence[Matter], known: dict[Gender, list[Matter]]) -> None:
    for gender, chosen in known.items():
        for matter in chosen:
            matter.adults = [Person(gender)]
    present = [matter for matter in made if matter.open_on(COUNTED_ON)]
    free = [matter for matter in present if not matter.adults]
    rng.shuffle(free)
    for gender, word in PUBLISHED_GENDER.items():
        wanted = int(inputs.published_number("households", COUNTED_MONTH, word))
        have = sum(bool(m.adults) and m.gender is gender for m in present)
        part, free = free[: wanted - have], free[wanted - have :]
        for matter in part:
            matter.adults = [Person(gender)]


def _settle_partners(rng: Random, made: Sequence[Matter]) -> None:
    present = [matter for matter in made if matter.open_on(COUNTED_ON)]
    adults = int(_targets("adults")[0]["numerator"])
    couples = rng.sample(present, adults - len(present))
    for matter in couples:
        households.add_partner(matter)
    chosen = {id(matter) for matter in present}
    households.settle_adults(rng, [matter for matter in made if id(matter) not in chosen])


def _settle_obstacles(rng: Random, made: Sequence[Matter]) -> None:
    present = [matter for matter in made if matter.open_on(COUNTED_ON)]
    adults = [(matter, person) for matter in present for person in matter.adults]
    dealt = [code for code, count in _obstacle_counts().items() for _ in range(count)]
    rng.shuffle(dealt)
    for (matter, person), obstacle in zip(adults, dealt, strict=True):
        if obstacle is not Obstacle.UNKNOWN:
            person.obstacles.append((matter.opened_on, obstacle))
            households.change_later(rng, matter, person, COUNTED_ON)
    chosen = {id(matter) for matter in present}
    households.settle_obstacles(rng, [matter for matter in made if id(matter) not in chosen])


def _obstacle_counts() -> dict[Obstacle, int]:
    """Return how many adults have each obstacle on the counted day."""
    year = COUNTED_MONTH[:4]
    counts = {
        code: int(inputs.published_number(measure, year))
        for code, measure in PUBLISHED_OBSTACLES.items()
    }
    certificates = int(inputs.published_number("obstacle_sjukskriven_läkarintyg", year))
    counts[Obstacle.SICK_WITH_SGI] = certificates - counts[Obstacle.SICK_WITHOUT_SGI]
    for row in inputs.read("demo_obstacles"):
        if row["adults"]:
            counts[Obstacle(row["obstacle"])] = int(row["adults"])
    return counts


def _settle_plans(rng: Random, made: Sequence[Matter], today: dt.date) -> None:
    on = COUNTED_ON
    for record in _targets("coverage"):
        on = inputs.day(record["start"])
        gender = Gender(record["group"])
        plans.choose_covered(rng, made, gender, on, int(record["numerator"]))
    for matter in made:
        plans.write_plans_around(rng, matter, on, today, HIT_RATE)
    plans.exempt_monthly(rng, made, EXEMPT_FROM, EXEMPT_A_MONTH)


def _targets(measure: str) -> list[inputs.Record]:
    return [row for row in inputs.of_unit("demo_targets", WORK_UNIT) if row["measure"] == measure]
