"""Placements and budget once more, written straight from the domain's text: a day at a time.

Imports nothing from `core.rules`. Works on any objects with the rules' attribute names.
"""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from tests.core.rules.slow import DAY, add_months, days

# Placements


def rate(p, day):
    best = None
    for row in p.rates:
        if row.valid_from <= day and (best is None or row.valid_from >= best.valid_from):
            best = row
    return best.amount


def decision_at(p, day):
    best = None
    for row in p.decisions:
        if row.decided_on <= day and (best is None or row.decided_on >= best.decided_on):
            best = row
    return best


def decision_for(p, day):
    found = decision_at(p, day)
    if found is None and p.decisions:
        first = min(row.decided_on for row in p.decisions)
        found = next(row for row in p.decisions if row.decided_on == first)
    return found


def ended(p, on):
    return p.ended_on is not None and p.ended_on <= on


def is_paid(p, day, on):
    """Tell whether a day is paid, or committed, as known on `on`."""
    if day < p.starts_on:
        return False
    if p.starts_on > on and decision_at(p, on) is None:
        return False
    if ended(p, on):
        return day <= p.ended_on
    if day <= on:
        return True
    decision = decision_at(p, on)
    if decision is None or decision.planned_end_on is None or decision.planned_end_on < on:
        return True
    return day <= decision.planned_end_on


def paid_days(p, start, end, on):
    return [day for day in days(start, end) if is_paid(p, day, on)]


def cost(p, paid):
    total = Decimal("0.00")
    for day in paid:
        total += rate(p, day)
    return total


def month_cost(p, on):
    year = days(dt.date(on.year, 1, 1), dt.date(on.year, 12, 31))
    return cost(p, [day for day in year if day.month == on.month and is_paid(p, day, on)])


def cost_to_date(p, on):
    return cost(p, paid_days(p, dt.date(on.year, 1, 1), on, on))


def committed(p, on):
    return cost(p, paid_days(p, on + DAY, dt.date(on.year, 12, 31), on))


def listed(p, on):
    return bool(paid_days(p, dt.date(on.year, 1, 1), dt.date(on.year, 12, 31), on))


def listed_rate(p, on):
    if p.starts_on > on:
        return rate(p, p.starts_on)
    return rate(p, p.ended_on if ended(p, on) else on)


def split(p, start, end, today):
    """Return a dict of (month, contract, provider) to days and cost, a day at a time."""
    sums = {}
    for day in paid_days(p, start, end, today):
        decision = decision_for(p, min(day, today))
        key = (day.replace(day=1), decision and decision.contract, decision and decision.provider)
        number, money = sums.get(key, (0, Decimal(0)))
        sums[key] = (number + 1, money + rate(p, day))
    return sums


def review_overdue(p, on):
    if on < p.starts_on or (p.ended_on is not None and p.ended_on < on):
        return False
    last_month = [
        day
        for day in days(on - 70 * DAY, on)
        if (day.year, day.month) == ((on.year, on.month - 1) if on.month > 1 else (on.year - 1, 12))
    ]
    ran_it_all = all(day >= p.starts_on for day in last_month)
    done = [review for review in p.reviews if review.reviewed_on <= on]
    if ran_it_all and not any(review.reviewed_on >= last_month[0] for review in done):
        return True
    if not done:
        return False
    latest = max(review.reviewed_on for review in done)
    last = [review for review in done if review.reviewed_on == latest][-1]
    return last.next_review_on is not None and on > last.next_review_on


# Budget


def booked(rows, month, on):
    found = None
    for row in rows:
        newer = found is None or row.booked_on >= found.booked_on
        if row.month == month and row.booked_on <= on and newer:
            found = row
    return None if found is None else found.amount


def latest_booked_month(lines, on):
    """Return the number of month m, 0 for none. `lines`: the rows of each line."""
    m = 0
    for number in range(1, 13):
        month = dt.date(on.year, number, 1)
        has_ended = add_months(month, 1) - DAY <= on
        if has_ended and any(booked(rows, month, on) is not None for rows in lines):
            m = number
    return m


def sum_to(rows, year, m, on):
    total = Fraction(0)
    for number in range(1, m + 1):
        total += Fraction(booked(rows, dt.date(year, number, 1), on) or 0)
    return total


def line_figures(line, on, lines, last_year_lines):
    """Return (outcome to date, run rate, last year's pattern, bottom-up) of a line."""
    m = latest_booked_month(lines, on)
    outcome = sum_to(line.outcomes, on.year, m, on)
    extra = None if line.placement_cost is None else outcome + Fraction(line.placement_cost)
    if m == 0:
        return None, None, None, extra
    pattern = None
    last_to_m = sum_to(line.last_year, on.year - 1, m, on)
    last_total = sum_to(line.last_year, on.year - 1, 12, on)
    december = dt.date(on.year - 1, 12, 1)
    closed = any(booked(rows, december, on) is not None for rows in last_year_lines)
    if closed and last_total != 0 and last_to_m / last_total > 0:
        pattern = outcome / (last_to_m / last_total)
    return outcome, outcome / m * 12, pattern, extra


def prognosis(rows, on):
    found = None
    for row in rows:
        if row.made_on <= on and (found is None or row.made_on >= found.made_on):
            found = row
    return None if found is None else found.amount
