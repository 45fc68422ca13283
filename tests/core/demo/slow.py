"""Figures counted anew, slowly, from a store's rows by the domain's definitions alone.

Imports nothing from the rules or the queries that it checks.
"""

import calendar
import datetime as dt
from collections import Counter, defaultdict
from fractions import Fraction

from sqlmodel import select

from core import db, models

WORK_UNIT = "arbete-forsorjning"
BENEFIT_UNIT = "ekonomiskt-bistand-beroende"


def months_later(day, months):
    """The same day of the month some months later, or that month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Facts:
    """A unit's cases with everything that hangs on them."""

    def __init__(self, slug):
        with db.read() as session:
            self.unit = session.exec(select(models.Unit).where(models.Unit.slug == slug)).one()
            self.cases = [
                case
                for case in session.exec(select(models.Case))
                if case.unit_id == self.unit.id and case.voided_at is None
            ]
            self.workers = {w.id: w for w in session.exec(select(models.Caseworker))}
            self.groups = {g.id: g for g in session.exec(select(models.Group))}
            self.adults = self._by(session, models.CaseAdult, "case_id")
            self.obstacles = self._by(session, models.AdultObstacle, "adult_id")
            self.compositions = self._by(session, models.CaseComposition, "case_id")
            self.assignments = self._by(session, models.CaseAssignment, "case_id")
            self.plans = self._by(session, models.ChangePlan, "case_id")
            self.revisions = self._by(session, models.PlanRevision, "plan_id")
            self.exemptions = self._by(session, models.PlanExemption, "case_id")
            self.decisions = [
                d
                for d in session.exec(select(models.AdverseDecision))
                if d.unit_id == self.unit.id and d.voided_at is None
            ]
            self.affected = self._by(session, models.AffectedChild, "decision_id")
            self.analyses = self._by(session, models.ChildImpactAnalysis, "affected_child_id")
            session.expunge_all()

    @staticmethod
    def _by(session, model, key):
        found = defaultdict(list)
        for row in session.exec(select(model).order_by(model.id)):
            if getattr(row, "voided_at", None) is None:
                found[getattr(row, key)].append(row)
        return found

    def open(self, on, kind="benefit"):
        """The cases of a kind that are open on a day."""
        return [
            case
            for case in self.cases
            if case.kind.value == kind
            and case.opened_on <= on
            and (case.closed_on is None or case.closed_on > on)
        ]

    def adults_on(self, case, on):
        """The adults of a case on a day."""
        return [
            a
            for a in self.adults[case.id]
            if a.valid_from <= on and (a.valid_to is None or a.valid_to >= on)
        ]

    def gender(self, case, on):
        """The applicant's gender on a day."""
        return next((a.gender.value for a in self.adults_on(case, on) if a.number == 1), "other")

    @staticmethod
    def latest(rows, on):
        """The dated row that holds on a day."""
        known = [row for row in rows if row.valid_from <= on]
        return max(known, key=lambda row: (row.valid_from, row.id), default=None)

    def children(self, case, on):
        """The children of a case on a day."""
        row = self.latest(self.compositions[case.id], on)
        return 0 if row is None else row.children

    def caseworker(self, case, on):
        """The caseworker's name on a day, None without one."""
        held = self.latest(self.assignments[case.id], on)
        worker = held and self.workers.get(held.caseworker_id)
        return worker.name if worker else None

    def group(self, case, on):
        """The group's slug on a day, None without one."""
        held = self.latest(self.assignments[case.id], on)
        found = held and self.groups.get(held.group_id)
        return found.slug if found else None

    def obstacle_counts(self, on):
        """Adults of open cases by obstacle on a day."""
        counts = Counter()
        for case in self.open(on):
            for adult in self.adults_on(case, on):
                row = self.latest(self.obstacles[adult.id], on)
                counts[row.obstacle.value if row else "unknown"] += 1
        return counts

    def household_counts(self, on):
        """Households, adults, children, and households by the applicant's gender."""
        cases = self.open(on)
        genders = Counter(self.gender(case, on) for case in cases)
        return {
            "households": len(cases),
            "adults": sum(len(self.adults_on(case, on)) for case in cases),
            "children": sum(self.children(case, on) for case in cases),
            "women": genders["woman"],
            "men": genders["man"],
            "other": genders["other"],
        }

    def exempt(self, case, on):
        """Whether an exemption applies on a day."""
        return any(e.valid_from <= on <= e.valid_to for e in self.exemptions[case.id])

    def statuses(self, on, gender=None):
        """Cases by plan status on a day."""
        counts = Counter()
        for case in self.open(on):
            if case.referred_on is None or case.referred_on > on:
                continue
            if gender is None or self.gender(case, on) == gender:
                counts[self.status(case, on)] += 1
        return counts

    def status(self, case, on):
        """A case's plan status on a day."""
        if self.exempt(case, on):
            return "exempt"
        plans = [
            p
            for p in self.plans[case.id]
            if p.established_on <= on and (p.ended_on is None or p.ended_on > on)
        ]
        if plans:
            plan = max(plans, key=lambda p: (p.established_on, p.id))
            revised = [r.revised_on for r in self.revisions[plan.id] if r.revised_on <= on]
            since = max([plan.established_on, *revised])
            return "current" if on <= months_later(since, 4) else "outdated"
        return "due" if on <= months_later(case.referred_on, 3) else "overdue"

    def coverage(self, on, gender=None):
        """Covered cases and those asked for a plan, as (numerator, denominator)."""
        counts = self.statuses(on, gender)
        covered = counts["current"] + counts["outdated"]
        return covered, covered + counts["due"] + counts["overdue"]

    def within_three_months(self, start, end, today, gender=None):
        """Hits and deadlines as (numerator, denominator)."""
        hits = deadlines = 0
        for case in self.cases:
            if case.kind.value != "benefit" or case.referred_on is None:
                continue
            by = months_later(case.referred_on, 3)
            if not start <= by <= min(end, today) or self.exempt(case, by):
                continue
            if gender is not None and self.gender(case, by) != gender:
                continue
            hit = any(p.established_on <= by for p in self.plans[case.id])
            if case.closed_on is not None and case.closed_on <= by and not hit:
                continue
            hits += hit
            deadlines += 1
        return hits, deadlines

    def bka(self, start, end, today):
        """Decisions, children, and children by whether the analysis was done in time."""
        counts = Counter()
        for decision in self.decisions:
            if start <= decision.decided_on <= end and self.affected[decision.id]:
                counts["decisions"] += 1
                for child in self.affected[decision.id]:
                    counts["children"] += 1
                    days = [a.analysed_on for a in self.analyses[child.id]]
                    first = min((day for day in days if day <= today), default=None)
                    counts[_analysis_word(first, decision.decided_on)] += 1
        return counts

    def decisions_without_all_analyses(self, start, end):
        """How many decisions of a period have a child without a timely analysis."""
        count = 0
        for decision in self.decisions:
            if start <= decision.decided_on <= end:
                children = self.affected[decision.id]
                days = [[a.analysed_on for a in self.analyses[c.id]] for c in children]
                count += any(not d or min(d) > decision.decided_on for d in days)
        return count


def _analysis_word(first, decided_on):
    if first is None:
        return "missing"
    return "done" if first <= decided_on else "late"


def percent(part):
    """A (numerator, denominator) as a whole percentage, half away from zero."""
    return int(Fraction(*part) * 100 + Fraction(1, 2))
