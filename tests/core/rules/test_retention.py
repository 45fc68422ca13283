"""What removed cases leave behind gives every day's counts, as the rules count them."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import cases as case_rules
from core.rules import change_plans as plan_rules
from core.rules import placements as placement_rules
from core.rules import retention
from core.rules.child_impact import analysis_status
from core.rules.dates import months_between
from core.rules.households import count_long_term
from core.rules.retention import ChildrenFrom, CountKey, Holding, Kept, PastCase, Refusal
from core.terms import AnalysisStatus, CaseKind, ClosingReason, Gender, Obstacle, PlanStatus
from tests.core.rules import strategies as made
from tests.core.rules.test_retained_costs import ended_placements, holdings

day = dt.date.fromisoformat
SPAN = [day("2023-08-01") + dt.timedelta(days=n) for n in range(800)]


@st.composite
def closed_plan_cases(draw):
    case = draw(made.plan_cases())
    last = max([case.opened_on, *(d for d in (case.referred_on, case.closed_on) if d)])
    return plan_rules.PlanCase(case.opened_on, case.referred_on, last, case.plans, case.exemptions)


@st.composite
def adults(draw):
    start = draw(made.day)
    found = draw(made.adults)
    return case_rules.Adult(
        draw(st.sampled_from([1, 2])),
        found.gender,
        start,
        draw(st.none() | made.later(start, most=120)),
        found.obstacles,
    )


past_cases = st.builds(
    PastCase,
    kind=st.sampled_from([CaseKind.BENEFIT, CaseKind.BENEFIT, *CaseKind]),
    plan=closed_plan_cases(),
    reason=st.none() | st.sampled_from(ClosingReason),
    held=holdings,
    adults=st.lists(adults(), max_size=3).map(tuple),
    children=st.lists(st.builds(ChildrenFrom, made.day, st.integers(0, 3)), max_size=2).map(
        lambda rows: tuple(sorted(rows, key=lambda row: row.valid_from))
    ),
    benefit_months=st.sets(st.sampled_from(months_between(SPAN[0], SPAN[-1]))).map(tuple),
    refusals=st.lists(
        st.builds(Refusal, made.day, st.lists(st.none() | made.day, max_size=3).map(tuple)),
        max_size=2,
    ).map(tuple),
    placements=st.lists(ended_placements(), max_size=2).map(tuple),
)
EVENTS = {Kept.MOVE, Kept.CLOSING, Kept.DEADLINE, Kept.DECISION, Kept.CHILD}


def counted(case, on):
    """Return what a case counts as on a day, straight from the rules."""
    held = case_rules.as_of(case.held, on) or Holding(on)
    who = (held.caseworker_id, held.group_id)
    benefit = case.kind is CaseKind.BENEFIT
    gender = case_rules.applicant_gender(case.adults, on) if benefit else None
    found = of_placements(case, on, who)
    if benefit and case.plan.opened_on <= on:
        paid = count_long_term(case.benefit_months, on)
        found[CountKey(Kept.BENEFIT, *who, gender)] += paid.households
        found[CountKey(Kept.LONG_TERM, *who, gender)] += paid.long_term
    if case_rules.is_open(case.plan.opened_on, case.plan.closed_on, on):
        if case_rules.counts_in_load(case.kind):
            found[CountKey(Kept.OPEN, *who, gender, case.kind.value)] += 1
        if benefit:
            found += of_household(case, on, who)
            found += of_plan(case, on, who, gender)
    return +found


def of_placements(case, on, who):
    in_hotel = any(placement_rules.family_in_hotel(p, on) for p in case.placements)
    found = Counter({CountKey(Kept.HOTEL, *who): int(in_hotel)})
    for p in case.placements:
        passed = placement_rules.planned_end_passed(p, on) and placement_rules.listed(p, on)
        found[CountKey(Kept.END_PASSED, *who)] += passed
        found[CountKey(Kept.REVIEW_OVERDUE, *who)] += placement_rules.review_overdue(p, on)
    return found


def of_household(case, on, who):
    people = case_rules.adults_on(case.adults, on)
    household = case_rules.as_of(case.children, on)
    found = Counter({CountKey(Kept.ADULTS, *who): len(people)})
    found[CountKey(Kept.CHILDREN, *who)] = household.children if household else 0
    for adult in people:
        part = case_rules.obstacle_on(adult, on).value
        found[CountKey(Kept.OBSTACLE, *who, part=part)] += 1
        long = case_rules.long_obstacle(adult, on)
        found[CountKey(Kept.LONG_OBSTACLE, *who, part=part)] += long
    return found


def of_plan(case, on, who, gender):
    status = plan_rules.status(case.plan, on)
    if status is None:
        return Counter()
    overdue = status is PlanStatus.OVERDUE
    since = plan_rules.deadline(case.plan.referred_on) if overdue else None
    return Counter({CountKey(Kept.PLAN, *who, gender, status.value, since): 1})


@made.few
@given(past_cases)
def test_the_counts_of_every_day_are_those_of_the_rules(case):
    changes = sorted(retention.changes(case).items(), key=lambda item: item[0][1])
    standing, place = Counter(), 0
    for on in SPAN:
        while place < len(changes) and changes[place][0][1] <= on:
            (key, _), number = changes[place]
            standing[key] += number * (key.kept not in EVENTS)
            place += 1
        assert {key: n for key, n in standing.items() if n} == counted(case, on)


@made.few
@given(past_cases)
def test_what_happened_is_kept_on_its_day_with_whose_the_case_was(case):
    expected = Counter()

    def add(kept, on, part, gender=None, since=None):
        held = case_rules.as_of(case.held, on) or Holding(on)
        expected[CountKey(kept, held.caseworker_id, held.group_id, gender, part, since), on] += 1

    plan = case.plan
    if case.kind is CaseKind.BENEFIT:
        add(Kept.MOVE, plan.opened_on, "opened")
        add(Kept.MOVE, plan.closed_on, "closed")
        add(Kept.CLOSING, plan.closed_on, case.reason or "")
        if plan.referred_on:
            add(Kept.MOVE, plan.referred_on, "referred")
            by = plan_rules.deadline(plan.referred_on)
            hit = plan_rules.within_three_months(plan, SPAN[0], SPAN[-1], SPAN[-1])
            if hit is not None:
                gender = case_rules.applicant_gender(case.adults, by)
                add(Kept.DEADLINE, by, "hit" if hit else "miss", gender)
    for refusal in case.refusals:
        on = refusal.decided_on
        if refusal.first_analyses:
            add(Kept.DECISION, on, "")
        for first in refusal.first_analyses:
            found = analysis_status(on, [first] if first else [], dt.date.max)
            add(Kept.CHILD, on, found, since=first if found is AnalysisStatus.LATE else None)
    events = {at: n for at, n in retention.changes(case).items() if at[0].kept in EVENTS}
    assert events == dict(expected)


def test_a_closed_case_leaves_its_rise_and_fall():
    case = PastCase(
        CaseKind.BENEFIT,
        plan_rules.PlanCase(day("2021-01-10"), day("2021-01-20"), day("2021-06-01")),
        ClosingReason.WORK,
        (Holding(day("2021-01-10"), 3, 4),),
        (case_rules.Adult(1, Gender.WOMAN, day("2021-01-10")),),
        (ChildrenFrom(day("2021-01-10"), 2),),
    )
    unknown, deadline = Obstacle.UNKNOWN.value, day("2021-04-20")

    def key(kept, part="", gender=None, since=None):
        return CountKey(kept, 3, 4, gender, part, since)

    woman = Gender.WOMAN
    assert retention.changes(case) == {
        (key(Kept.OPEN, "benefit", woman), day("2021-01-10")): 1,
        (key(Kept.OPEN, "benefit", woman), day("2021-06-01")): -1,
        (key(Kept.ADULTS), day("2021-01-10")): 1,
        (key(Kept.ADULTS), day("2021-06-01")): -1,
        (key(Kept.CHILDREN), day("2021-01-10")): 2,
        (key(Kept.CHILDREN), day("2021-06-01")): -2,
        (key(Kept.OBSTACLE, unknown), day("2021-01-10")): 1,
        (key(Kept.OBSTACLE, unknown), day("2021-06-01")): -1,
        (key(Kept.PLAN, "due", woman), day("2021-01-20")): 1,
        (key(Kept.PLAN, "due", woman), day("2021-04-21")): -1,
        (key(Kept.PLAN, "overdue", woman, deadline), day("2021-04-21")): 1,
        (key(Kept.PLAN, "overdue", woman, deadline), day("2021-06-01")): -1,
        (key(Kept.MOVE, "opened"), day("2021-01-10")): 1,
        (key(Kept.MOVE, "referred"), day("2021-01-20")): 1,
        (key(Kept.MOVE, "closed"), day("2021-06-01")): 1,
        (key(Kept.CLOSING, "work"), day("2021-06-01")): 1,
        (key(Kept.DEADLINE, "miss", woman), deadline): 1,
    }


@pytest.mark.parametrize(
    ("closed", "today", "removed"),
    [
        ("2022-05-27", "2024-05-27", False),
        ("2022-05-27", "2024-05-28", True),
        ("2022-02-28", "2024-02-28", False),
        ("2022-02-28", "2024-02-29", True),
        ("2020-02-29", "2022-02-28", False),
        ("2020-02-29", "2022-03-01", True),
        ("2021-12-31", "2023-12-31", False),
        ("2021-12-31", "2024-01-01", True),
    ],
)
def test_a_case_is_kept_through_the_day_two_years_after_it_closed(closed, today, removed):
    assert (day(closed) <= retention.closed_through(day(today), 24)) is removed
