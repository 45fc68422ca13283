"""Child impact analyses of adverse decisions (domain: BKA)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.rules.shares import share
from core.terms import AnalysisStatus


def analysis_status(
    decision_on: dt.date, analysed_on: Iterable[dt.date], on: dt.date
) -> AnalysisStatus:
    """Return whether a child's analysis was there when the decision was made.

    The earliest analysis counts, the decision's own day is in time, and analyses dated after `on`
    do not exist yet.
    """
    first = min((day for day in analysed_on if day <= on), default=None)
    if first is None:
        return AnalysisStatus.MISSING
    return AnalysisStatus.DONE if first <= decision_on else AnalysisStatus.LATE


@dataclass(frozen=True, slots=True)
class BkaCounts:
    """Decisions with an affected child, and their children by analysis status."""

    decisions: int = 0
    children: int = 0
    done: int = 0
    late: int = 0
    missing: int = 0

    @property
    def coverage(self) -> Fraction | None:
        """Return done / children, None without children."""
        return share(self.done, self.children)

    def __add__(self, other: BkaCounts) -> BkaCounts:
        """Return the sums of two counts."""
        return BkaCounts(
            self.decisions + other.decisions,
            self.children + other.children,
            self.done + other.done,
            self.late + other.late,
            self.missing + other.missing,
        )


def count_decision(
    decision_on: dt.date, children: Iterable[Iterable[dt.date]], on: dt.date
) -> BkaCounts:
    """Count one decision: for each affected child the days of its analyses (maybe none).

    A decision without an affected child counts as no decision.
    """
    found = Counter(analysis_status(decision_on, analysed_on, on) for analysed_on in children)
    return BkaCounts(
        decisions=min(1, found.total()),
        children=found.total(),
        done=found[AnalysisStatus.DONE],
        late=found[AnalysisStatus.LATE],
        missing=found[AnalysisStatus.MISSING],
    )
