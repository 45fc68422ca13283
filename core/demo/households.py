"""Who lives in the made-up households: adults, children over time, obstacles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from core.demo import inputs
from core.demo.flow import Step, workday
from core.demo.matters import Matter, Person
from core.rules.dates import ONE_DAY
from core.terms import Gender, Obstacle

MOST_CHILDREN = 5
COUPLES = 0.09
OTHER_GENDER = 0.006
SIZES = (1, 1, 2, 2, 2, 3, 3, 4)


def settle_children(rng: Random, matters: Sequence[Matter], course: Sequence[Step]) -> None:
    """Give households children so that each day of the course has exactly the wanted number.

    New households and those that already had children change first.
    """
    before = min(matter.opened_on for matter in matters) - ONE_DAY
    for step in course:
        present = [matter for matter in matters if matter.open_on(step.on)]
        fresh = [matter for matter in present if matter.opened_on > before]
        for matter in matters:
            if before < matter.opened_on <= step.on:
                family = rng.random() < 0.24
                matter.set_children(matter.opened_on, rng.choice(SIZES) if family else 0)
        _correct(rng, present, fresh, step, before)
        before = step.on


def _correct(
    rng: Random, present: list[Matter], fresh: list[Matter], step: Step, before: dt.date
) -> None:
    missing = step.children - sum(matter.children_on(step.on) for matter in present)
    families = [matter for matter in present if matter.children_on(step.on)]
    order = rng.sample(fresh, len(fresh)) + rng.sample(families, len(families))
    order += rng.sample(present, len(present))
    for matter in order:
        if not missing:
            return
        have = matter.children_on(step.on)
        change = max(-have, min(MOST_CHILDREN - have, missing, rng.randint(1, 2)))
        if missing < 0:
            change = max(-have, missing)
        if change:
            matter.set_children(_day_of_change(rng, matter, before, step.on), have + change)
            missing -= change


def _day_of_change(rng: Random, matter: Matter, before: dt.date, until: dt.date) -> dt.date:
    first = max(before + ONE_DAY, matter.opened_on)
    return matter.opened_on if matter.opened_on == first else workday(rng, first, until)


def settle_adults(rng: Random, matters: Sequence[Matter]) -> None:
    """Give each household that has none an applicant and maybe another adult."""
    for matter in matters:
        if not matter.adults:
            matter.adults.append(Person(_gender(rng)))
        if len(matter.adults) == 1 and rng.random() < COUPLES:
            add_partner(matter)


def add_partner(matter: Matter) -> None:
    """Give a household a second adult."""
    other = {Gender.WOMAN: Gender.MAN, Gender.MAN: Gender.WOMAN, Gender.OTHER: Gender.WOMAN}
    matter.adults.append(Person(other[matter.gender]))


def _gender(rng: Random) -> Gender:
    if rng.random() < OTHER_GENDER:
        return Gender.OTHER
    return Gender.WOMAN if rng.random() < 0.52 else Gender.MAN


def settle_obstacles(rng: Random, matters: Sequence[Matter]) -> None:
    """Give each adult that has none an obstacle, and some of them another one later."""
    records = inputs.read("demo_obstacles")
    codes = [Obstacle(row["obstacle"]) for row in records]
    weights = [int(row["weight"]) for row in records]
    for matter in matters:
        for person in matter.adults:
            obstacle = rng.choices(codes, weights)[0]
            if not person.obstacles and obstacle is not Obstacle.UNKNOWN:
                person.obstacles.append((matter.opened_on, obstacle))
                change_later(rng, matter, person, matter.opened_on)


def change_later(rng: Random, matter: Matter, person: Person, since: dt.date) -> None:
    """Let some adults have another obstacle a year or so after a day, if the case is still open."""
    later = since + dt.timedelta(days=rng.randint(150, 900))
    if rng.random() < 0.3 and later < (matter.closed_on or inputs.DEMO_TODAY):
        held = person.obstacles[-1][1]
        other = Obstacle.SOCIAL_REASONS if held is Obstacle.UNEMPLOYED else Obstacle.UNEMPLOYED
        person.obstacles.append((later, other))
