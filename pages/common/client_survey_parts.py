"""Pieces of Brukarundersökningar: what may be shown, the tiles, the chart's and the tables' rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from core.auth import Actor, Role, Scope, row_scope, unit_scope
from core.charts.client_surveys import COLUMNS as CHART_COLUMNS
from core.charts.theme import remembered
from core.queries.client_surveys import QuestionResult
from core.rules.client_surveys import (
    ANSWERS,
    ShownAnswers,
    as_they_are,
    gender_can_be_shown,
    good_answer,
    protected,
)
from core.rules.dates import Period, month_of
from core.rules.suppression import Shown
from core.terms import ALL, HIDDEN, ClientAnswer, Direction, sv, sv_title
from pages.common import text, tiles
from pages.common.tables import Column, Kind

WHOLE_UNIT, EVERYBODY = "Hela enheten", "Alla"
ABOUT = ("survey", "group", "question", "gender")
MOST_TILES, IN_A_ROW = 6, 4
NARROWEST_LABEL = Fraction(8, 100)
"""A part of a bar narrower than this has no room for its share in writing."""
Results = Sequence[QuestionResult]


def scope_of(actor: Actor) -> Scope:
    """Return whose surveys the actor sees: a group manager the own group's and the whole unit's."""
    return row_scope(actor) if actor.role is Role.GROUP_MANAGER else unit_scope(actor)


def columns(results: Results) -> tuple[Column, ...]:
    """Return the table's columns for questions on one scale: those that tell rows apart."""
    answers = [
        answer
        for answer in ANSWERS[results[0].scale]
        if answer is not ClientAnswer.DONT_KNOW or any(answer in r.everybody for r in results)
    ]
    in_groups = any(result.group != ALL for result in results)
    several = len({result.question for result in results}) > 1
    return (
        Column("survey", "Undersökning"),
        *([Column("group", "Gäller")] if in_groups else []),
        *([Column("question", "Fråga")] if several else []),
        Column("gender", "Kön"),
        Column("answered", "Svarade", Kind.COUNT),
        *(Column(answer.value, sv_title(answer), Kind.COUNT) for answer in answers),
        *(
            Column(f"{answer.value}_share", f"Andel {sv(answer)}", Kind.SHARE)
            for answer in answers
            if answer is not ClientAnswer.DONT_KNOW
        ),
    )


def seen_by(results: Results, actor: Actor) -> tuple[QuestionResult, ...]:
    """Return the results that the actor sees: a reader only such as can't be subtracted."""
    return without_parts(results) if actor.role is Role.READER else tuple(results)


def without_parts(results: Results) -> tuple[QuestionResult, ...]:
    """Return results without a group's where the whole unit was asked at the same time.

    The others' answers could be worked out from the difference.
    """
    whole = [result for result in results if result.group == ALL]
    return tuple(
        result
        for result in results
        if result.group == ALL or not any(_at_once(result, other) for other in whole)
    )


def _at_once(one: QuestionResult, other: QuestionResult) -> bool:
    return (
        one.kind is other.kind and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
    )


def period_name(starts_on: dt.date, ends_on: dt.date) -> str:
    """Return a survey's time in words: "oktober 2021", "2023" or both its days."""
    period = Period(starts_on, ends_on)
    return text.month_sv(starts_on) if period == month_of(starts_on) else period.label


def survey_name(result: QuestionResult) -> str:
    """Return which survey a result is of: its time, and the group if it is of one."""
    when = period_name(result.starts_on, result.ends_on)
    return when if result.group == ALL else f"{when}, {result.group}"


def questions(results: Results) -> list[str]:
    """Return the questions that have been asked, in the order of the latest survey first."""
    latest_first = sorted(results, key=lambda one: one.ends_on, reverse=True)
    return list(dict.fromkeys(result.question for result in latest_first))


@remembered
def table_rows(results: Results, *, hide: bool) -> pd.DataFrame:
    """Return the table's rows, the latest survey first, a row for everybody and one for each gender.

    Args:
        results: Questions on one scale.
        hide: Whether small counts are hidden, as a reader and a file have them.
    """
    shown = without_parts(results) if hide else results
    split = _split_surveys(shown) if hide else {_which(result) for result in shown}
    rows = []
    for result in sorted(shown, key=lambda one: one.ends_on, reverse=True):
        about = (
            period_name(result.starts_on, result.ends_on),
            WHOLE_UNIT if result.group == ALL else result.group,
            result.question,
        )
        genders = result.by_gender if _which(result) in split else {}
        for name, counts in ((EVERYBODY, result.everybody), *_named(genders)):
            answers = protected(counts) if hide else as_they_are(counts)
            rows.append(dict(zip(ABOUT, (*about, name), strict=True)) | _numbers(answers))
    return pd.DataFrame(rows, dtype=object).fillna({ClientAnswer.DONT_KNOW.value: 0})


def _named(genders: Mapping[Any, Mapping[ClientAnswer, int]]) -> Iterable[tuple[str, Any]]:
    return [(sv_title(gender), counts) for gender, counts in genders.items()]


def _which(result: QuestionResult) -> tuple[object, ...]:
    """Return what all questions of one survey have in common."""
    return (result.survey_id, result.kind, result.group, result.starts_on, result.ends_on)


def _split_surveys(results: Results) -> set[tuple[object, ...]]:
    """Return the surveys whose split by gender can be shown to a reader."""
    return {
        which
        for which in map(_which, results)
        if gender_can_be_shown(
            count
            for result in results
            if _which(result) == which
            for counts in result.by_gender.values()
            for count in counts.values()
        )
    }


def _numbers(answers: ShownAnswers) -> dict[str, object]:
    numbers: dict[str, object] = {"answered": _seen(answers.answered)}
    for answer, count in answers.counts.items():
        share = answers.share(answer)
        numbers[answer.value] = _seen(count)
        numbers[f"{answer.value}_share"] = HIDDEN if share.hidden else share.value
    return numbers


def _seen(count: Shown) -> int | str:
    return count.text if count.value is None else count.value


@remembered
def chart_rows(results: Results, question: str, *, hide: bool) -> pd.DataFrame:
    """Return the chart's rows of one question, the latest survey first: `CHART_COLUMNS`.

    A survey with a hidden count is left out: a bar without one of its parts would tell it.
    """
    rows = []
    for result in sorted(results, key=lambda one: one.ends_on, reverse=True):
        answers = protected(result.everybody) if hide else as_they_are(result.everybody)
        whole = answers.answered.value
        if result.question != question or not whole:
            continue
        if not any(count.hidden for count in answers.counts.values()):
            rows += _parts(survey_name(result), result.everybody, whole)
    return pd.DataFrame(rows, columns=CHART_COLUMNS)


def _parts(name: str, counts: Mapping[ClientAnswer, int], whole: int) -> list[list[object]]:
    rows, before = [], Fraction(0)
    for place, (answer, count) in enumerate(counts.items()):
        share = Fraction(count, whole)
        label = text.percent(share) if share >= NARROWEST_LABEL else ""
        middle = float(before + share / 2)
        rows.append([name, sv_title(answer), place, float(share), middle, count, whole, label])
        before += share
    return rows


def draw_tiles(results: Results, actor: Actor) -> None:
    """Draw the latest survey's questions: the share of the good answer, and the change before.

    `results` are of one kind. The whole unit's survey goes before a group's.
    """
    latest = max(result.ends_on for result in results)
    newest = [result for result in results if result.ends_on == latest]
    group = min((result.group for result in newest), key=lambda name: (name != ALL, name))
    shown = [result for result in newest if result.group == group][:MOST_TILES]
    with tiles.row(3 if len(shown) > IN_A_ROW else max(2, len(shown))):
        for result in shown:
            _tile(result, _history(results, result), actor)


def _history(results: Results, result: QuestionResult) -> list[QuestionResult]:
    """Return the results of the same question and clients through this one, the oldest first."""
    same = (result.question, result.group, result.scale)
    return [
        one
        for one in sorted(results, key=lambda one: one.ends_on)
        if (one.question, one.group, one.scale) == same and one.ends_on <= result.ends_on
    ]


def _tile(result: QuestionResult, history: list[QuestionResult], actor: Actor) -> None:
    hide = actor.role is Role.READER
    good = good_answer(result.scale)
    shares = [_good_share(one, hide=hide) for one in history]
    answers = protected(result.everybody) if hide else as_they_are(result.everybody)
    count, whole = _words(answers.counts[good]), _words(answers.answered)
    change = None
    if len(shares) > 1 and shares[-1] is not None and shares[-2] is not None:
        before = history[-2]
        since = f"sedan {period_name(before.starts_on, before.ends_on)}"
        moved = (shares[-1] - shares[-2]) * 100
        change = tiles.Change(moved, "%-enheter", since, Direction.HIGHER)
    hidden = hide and answers.share(good).hidden
    tiles.tile(
        text.safe(result.question),
        HIDDEN if hidden else f"{text.percent(shares[-1])} {sv(good)}",
        sub=f"{count} av {whole} svarade {sv(good)}",
        change=change,
        series=[None if share is None else share * 100 for share in shares],
        source=text.safe(f"{sv_title(result.kind)}, {survey_name(result)}"),
    )


def _good_share(result: QuestionResult, *, hide: bool) -> Fraction | None:
    answers = protected(result.everybody) if hide else as_they_are(result.everybody)
    return answers.share(good_answer(result.scale)).value


def _words(count: Shown) -> str:
    return count.text if count.value is None else text.number(count.value)
