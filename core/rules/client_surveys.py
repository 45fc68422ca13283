"""Client surveys: answers on a scale, their shares, and what a small survey may show.

Source: domain, client surveys (stadens brukarundersökning, Bemötandekollen, telephone answers) and
Suppression.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.rules.shares import share
from core.rules.suppression import (
    Shown,
    ShownShare,
    is_small,
    suppress_series,
    suppressed_share,
)
from core.terms import HIDDEN, ClientAnswer, ClientSurveyKind


class Scale(StrEnum):
    """What a question can be answered with."""

    SATISFACTION = "satisfaction"
    CHANGE = "change"


ANSWERS: dict[Scale, tuple[ClientAnswer, ...]] = {
    Scale.SATISFACTION: (
        ClientAnswer.YES,
        ClientAnswer.PARTLY,
        ClientAnswer.NO,
        ClientAnswer.DONT_KNOW,
    ),
    Scale.CHANGE: (
        ClientAnswer.IMPROVED,
        ClientAnswer.UNCHANGED,
        ClientAnswer.WORSE,
        ClientAnswer.DONT_KNOW,
    ),
}
"""A scale's answers, the good one first."""
USUAL_SCALE: dict[ClientSurveyKind, Scale] = {
    ClientSurveyKind.CITY: Scale.CHANGE,
    ClientSurveyKind.PHONE: Scale.CHANGE,
    ClientSurveyKind.RECEPTION: Scale.SATISFACTION,
    ClientSurveyKind.OWN: Scale.SATISFACTION,
}


def good_answer(scale: Scale) -> ClientAnswer:
    """Return the answer whose share a question is judged by: ja or bättre."""
    return ANSWERS[scale][0]


def scale_of(answers: Iterable[ClientAnswer]) -> Scale | None:
    """Return the scale that all of some answers stand on, None for answers of two scales.

    Answers that stand on both (only "vet inte") are taken for SATISFACTION.
    """
    given = set(answers)
    return next((scale for scale, known in ANSWERS.items() if given <= set(known)), None)


def total(counts: Mapping[ClientAnswer, int]) -> int:
    """Return how many answered a question, "vet inte" too: the denominator of its shares."""
    return sum(counts.values())


def answer_share(counts: Mapping[ClientAnswer, int], answer: ClientAnswer) -> Fraction | None:
    """Return an answer's share of everybody who answered the question; None when nobody did."""
    return share(counts.get(answer, 0), total(counts))


@dataclass(frozen=True, slots=True)
class ShownAnswers:
    """The answers to a question as a reader may see them."""

    counts: Mapping[ClientAnswer, Shown]
    answered: Shown

    def share(self, answer: ClientAnswer) -> ShownShare:
        """Return an answer's share of everybody who answered, hidden with either count."""
        return suppressed_share(self.counts[answer], self.answered)


def as_they_are(counts: Mapping[ClientAnswer, int]) -> ShownAnswers:
    """Return answers with nothing hidden."""
    whole = total(counts)
    return ShownAnswers(
        {answer: Shown(count, str(count)) for answer, count in counts.items()},
        Shown(whole, str(whole)),
    )


def protected(counts: Mapping[ClientAnswer, int]) -> ShownAnswers:
    """Return the answers to a question with small counts hidden (domain: Suppression).

    The questions of a survey are mostly answered by the same people, so one question's total tells
    another's: where the total must be hidden, no count of the question is shown at all.
    """
    series = suppress_series(list(counts.values()))
    if series.total.hidden:
        return ShownAnswers({answer: Shown(None, HIDDEN) for answer in counts}, series.total)
    return ShownAnswers(dict(zip(counts, series.counts, strict=True)), series.total)


def gender_can_be_shown(counts: Iterable[int]) -> bool:
    """Tell whether a reader may see a survey by gender.

    `counts` are all counts by question, answer and gender. With a single small one the split is left
    out whole: men and women add up to everybody, in each question.
    """
    return not any(map(is_small, counts))
