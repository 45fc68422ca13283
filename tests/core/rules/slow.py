"""The definitions once more, written straight from the domain's text: slow, and a day at a time.

Imports nothing from `core.rules`, so that a property test compares two independent readings.
Works on any objects with the rules' attribute names.
"""

import datetime as dt
import itertools
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

DAY = dt.timedelta(days=1)


# Dates


def days(start, end):
    day = start
    while day <= end:
        yield day
        day += DAY


def add_months(day, months):
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    number = day.day
    while True:
        try:
            return dt.date(year, month, number)
        except ValueError:
            number -= 1


def is_last_of_month(day):
    return (day + DAY).month != day.month


def earliest_reaching(on, months):
    return next(
        day for day in days(on - 31 * DAY * (months + 2), on + DAY) if add_months(day, months) >= on
    )


def latest_within(on, months):
    return max(
        day for day in days(on - 31 * DAY * (months + 2), on) if add_months(day, months) <= on
    )


def months_between(start, end):
    return sorted({dt.date(day.year, day.month, 1) for day in days(start, end)})


def last_twelve(on):
    ends = [
        day
        for day in days(on - 400 * DAY, on)
        if is_last_of_month(day) and (day.year, day.month) != (on.year, on.month)
    ]
    return [*ends[-11:], on]


def tertial_days(day):
    months = next(m for m in ([1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]) if day.month in m)
    year = days(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))
    return [other for other in year if other.month in months]


# Shares


def rounded(value, digits):
    many = Context(prec=200)
    exact = many.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=many)


# Cases


def is_open(case, day):
    return case.opened_on <= day and not (case.closed_on is not None and case.closed_on <= day)


def valid_row(rows, day):
    for earlier in reversed(list(days(day - 1500 * DAY, day))):
        same_day = [row for row in rows if row.valid_from == earlier]
        if same_day:
            return same_day[-1]
    return None


def obstacle(adult, day):
    row = valid_row(adult.obstacles, day)
    return "unknown" if row is None else row.obstacle


def obstacle_since(adult, day):
    now = obstacle(adult, day)
    if now == "unknown":
        return None
    while obstacle(adult, day - DAY) == now:
        day -= DAY
    return day


def flow(cases, start, end):
    opened = referred = closed = 0
    for day in days(start, end):
        opened += len([case for case in cases if case.opened_on == day])
        referred += len([case for case in cases if case.referred_on == day])
        closed += len([case for case in cases if case.closed_on == day])
    return opened, referred, closed


# Change plans


def plan_exists(plan, day):
    if plan.established_on > day:
        return False
    return plan.ended_on is None or plan.ended_on > day


def current_from(case, day):
    latest = None
    for plan in case.plans:
        newer = latest is None or plan.established_on >= latest.established_on
        if plan_exists(plan, day) and newer:
            latest = plan
    if latest is None:
        return None
    found = None
    for earlier in days(latest.established_on, day):
        if earlier == latest.established_on or earlier in latest.revised_on:
            found = earlier
    return found


def is_exempt(case, day):
    return any(day in list(days(e.valid_from, e.valid_to)) for e in case.exemptions)


def plan_status(case, day):
    if not is_open(case, day) or case.referred_on is None or case.referred_on > day:
        return None
    if is_exempt(case, day):
        return "exempt"
    since = current_from(case, day)
    if since is not None:
        return "outdated" if day > add_months(since, 4) else "current"
    return "overdue" if day > add_months(case.referred_on, 3) else "due"


def turns_worse_after(case, day):
    """Step on from a day, with only what is known that day, until the status is a bad one."""
    since = current_from(case, day)
    limit = add_months(case.referred_on, 3) if since is None else add_months(since, 4)
    exempt = [e for e in case.exemptions if e.valid_from <= day <= e.valid_to]
    if not exempt:
        return limit
    later = day
    while later + DAY <= limit or any(later + DAY <= e.valid_to for e in exempt):
        later += DAY
    return later


def within_three_months(case, start, end, today):
    if case.referred_on is None:
        return None
    deadline = add_months(case.referred_on, 3)
    if deadline not in list(days(start, end)) or deadline > today:
        return None
    if is_exempt(case, deadline):
        return None
    established = sorted(plan.established_on for plan in case.plans)
    hit = bool(established) and established[0] <= deadline
    if case.closed_on is not None and case.closed_on <= deadline and not hit:
        return None
    return hit


# Child impact analyses


def analysis_status(decision_on, analysed_on, on):
    existing = sorted(day for day in analysed_on if day <= on)
    if not existing:
        return "missing"
    return "late" if existing[0] > decision_on else "done"


# Indicators


def year_value(values, summed, year, on):
    periods = {}
    for value in values:
        if value.measured_on <= on and value.period.end.year == year:
            held = periods.get(value.period.end)
            if held is None or value.measured_on >= held.measured_on:
                periods[value.period.end] = value
    if not periods:
        return None
    if summed:
        return sum(Fraction(value.value) for value in periods.values())
    return Fraction(periods[max(periods)].value)


def fulfilment(value, target, lower, tolerance, summed, complete):
    if target is None or isinstance(target, str):
        return "no_target"
    if value is None:
        return "no_outcome_yet"
    value, target = Fraction(value), Fraction(target)
    allowed = abs(target) / 10 if tolerance is None else Fraction(tolerance)
    past = lower and value > target + allowed
    if summed and not complete:
        return "not_met" if past else "no_outcome_yet"
    if (value <= target) if lower else (value >= target):
        return "met"
    near = value <= target + allowed if lower else value >= target - allowed
    return "partly_met" if near else "not_met"


# Suppression


def possible_parts(texts, total_text, most):
    """Return, for each part of a shown series, the values up to `most` that it could have.

    Tries every series, keeping to what the reader knows: `<5` is 1-4 and `..` is any count.
    """
    choices = [[value for value in range(most + 1) if may_be(text, value)] for text in texts]
    found = [set() for _ in texts]
    for values in itertools.product(*choices):
        if may_be(total_text, sum(values)):
            for possible, value in zip(found, values, strict=True):
                possible.add(value)
    return found


def with_totals(rows):
    extended = [[*row, sum(row)] for row in rows]
    return [*extended, [sum(column) for column in zip(*extended, strict=True)]]


def may_be(text, value):
    if text == "<5":
        return 1 <= value <= 4
    return text == ".." or value == int(text)
