"""Made-up facts around a few months, dense in coinciding days, month ends and year ends."""

import datetime as dt
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from core.rules.budget import LineFacts, OutcomeRow, PrognosisRow
from core.rules.cases import Adult, CaseDates, ObstacleFrom
from core.rules.change_plans import Exemption, Plan, PlanCase
from core.rules.dates import Period, month_end
from core.rules.indicators import Measurement
from core.rules.placements import Decision, PlacementFacts, Rate, Review
from core.terms import Contract, ExemptionReason, Gender, Obstacle

many = settings(max_examples=250, deadline=None)
few = settings(max_examples=80, deadline=None)

EDGES = [
    dt.date(2023, 2, 28),
    dt.date(2023, 10, 31),
    dt.date(2023, 11, 30),
    dt.date(2023, 12, 1),
    dt.date(2023, 12, 31),
    dt.date(2024, 1, 1),
    dt.date(2024, 1, 31),
    dt.date(2024, 2, 28),
    dt.date(2024, 2, 29),
    dt.date(2024, 3, 1),
    dt.date(2024, 3, 31),
]
any_day = st.dates(dt.date(1996, 1, 1), dt.date(2032, 12, 31))
day = st.one_of(st.sampled_from(EDGES), st.dates(dt.date(2023, 9, 1), dt.date(2024, 6, 30)))


def later(first, most=200):
    """Draw a day on or after another one."""
    return st.integers(0, most).map(lambda n: first + dt.timedelta(days=n))


@st.composite
def plans(draw):
    established = draw(day)
    revised = draw(st.lists(later(established), max_size=3))
    return Plan(established, draw(st.none() | later(established)), tuple(revised))


@st.composite
def exemptions(draw):
    start = draw(day)
    reason = draw(st.sampled_from(ExemptionReason))
    return Exemption(reason, start, draw(later(start, most=40)))


@st.composite
def plan_cases(draw):
    opened = draw(day)
    referred = draw(st.none() | later(opened, most=60))
    closed = draw(st.none() | later(opened, most=250))
    return PlanCase(
        opened,
        referred,
        closed,
        tuple(draw(st.lists(plans(), max_size=3))),
        tuple(draw(st.lists(exemptions(), max_size=2))),
    )


@st.composite
def case_dates(draw):
    opened = draw(day)
    return CaseDates(
        opened, draw(st.none() | later(opened)), draw(st.none() | later(opened, most=90))
    )


obstacles = st.builds(
    ObstacleFrom,
    st.sampled_from([Obstacle.UNEMPLOYED, Obstacle.SICK_WITH_SGI, Obstacle.UNKNOWN]),
    day,
)
adults = st.builds(
    Adult,
    number=st.just(1),
    gender=st.sampled_from(Gender),
    valid_from=day,
    valid_to=st.none(),
    obstacles=st.lists(obstacles, max_size=4).map(tuple),
)

money = st.integers(1, 500_000).map(lambda n: Decimal(n) / 100)


@st.composite
def placements(draw):
    starts = draw(day)
    rates = [Rate(starts, draw(money)), *draw(st.lists(rate_from(starts), max_size=3))]
    return PlacementFacts(
        starts_on=starts,
        ended_on=draw(st.none() | later(starts, most=150)),
        rates=tuple(draw(st.permutations(rates)) if draw(st.booleans()) else rates),
        decisions=tuple(draw(st.lists(decisions(), max_size=3))),
        reviews=tuple(draw(st.lists(reviews(), max_size=3))),
    )


def rate_from(starts):
    return st.builds(Rate, later(starts), money)


def decisions():
    return st.builds(
        Decision,
        decided_on=day,
        planned_end_on=st.none() | day,
        provider=st.sampled_from(["Björken", "Eken"]),
        contract=st.sampled_from(Contract),
    )


@st.composite
def reviews(draw):
    reviewed = draw(day)
    return Review(reviewed, draw(st.none() | later(reviewed, most=60)))


amounts = st.integers(-300, 900).map(lambda n: Decimal(n) * 10)


def outcomes(year):
    return st.builds(
        OutcomeRow,
        month=st.integers(1, 12).map(lambda number: dt.date(year, number, 1)),
        amount=amounts,
        booked_on=st.dates(dt.date(year, 1, 15), dt.date(year + 1, 2, 15)),
    )


lines = st.builds(
    LineFacts,
    budget=amounts,
    outcomes=st.lists(outcomes(2024), max_size=6).map(tuple),
    last_year=st.lists(outcomes(2023), max_size=8).map(tuple),
    prognoses=st.lists(st.builds(PrognosisRow, day, amounts), max_size=4).map(tuple),
    placement_cost=st.none() | amounts,
)


@st.composite
def measurements(draw):
    year, number = draw(st.integers(2022, 2024)), draw(st.integers(1, 12))
    start = dt.date(year, number, 1)
    measured = month_end(start) + dt.timedelta(days=draw(st.integers(-5, 60)))
    return Measurement(Period(start, month_end(start)), measured, draw(amounts))
