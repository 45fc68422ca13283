"""Figures are printed with the digits that files promise."""

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from core import clock
from core.cli import figures
from core.queries.keys import By

DAY = dt.date(2024, 5, 27)


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("share", Fraction(161, 207), "0.7778"),
        ("share", Fraction(1, 20_000), "0.0001"),
        ("coverage", Fraction(1), "1.0000"),
        ("coverage", None, ""),
        ("month_cost", Decimal("1234.5"), "1234.50"),
        ("run_rate", Fraction(1, 3), "0.33"),
        ("run_rate", Fraction(1, 200), "0.01"),
        ("deviation", Decimal("-0.005"), "-0.01"),
        ("value", Decimal("77.7800"), "77.78"),
        ("value", Fraction(2, 3), "0.6667"),
        ("value", Decimal(90), "90"),
        ("value", Decimal("-0.00001"), "0"),
        ("target", "fastställs 2024", "fastställs 2024"),
        ("review_overdue", True, "true"),
        ("review_overdue", False, "false"),
        ("starts_on", DAY, "2024-05-27"),
        ("open", 0, "0"),
    ],
)
def test_a_value_is_written_with_its_own_digits(column, value, text):
    assert figures.as_text(column, value) == text


def test_json_has_the_digits_of_csv_and_null_for_no_value(capsys):
    frame = pd.DataFrame(
        [["alla", 3, Fraction(2, 3), None, True]],
        columns=["key", "open", "coverage", "current_share", "review_overdue"],
        dtype=object,
    )
    figures.write_json(frame)

    assert json.loads(capsys.readouterr().out) == [
        {
            "key": "alla",
            "open": 3,
            "coverage": 0.6667,
            "current_share": None,
            "review_overdue": True,
        }
    ]


def test_csv_keeps_a_name_with_a_comma_whole(capsys):
    figures.write_csv(pd.DataFrame([["Ek, Alva", 1]], columns=["key", "open"], dtype=object))

    assert capsys.readouterr().out == 'key,open\n"Ek, Alva",1\n'


def ask(name, **options):
    return figures.ask_for(
        figures.FIGURES[name], {"on": None, "start": None, "end": None, "by": None} | options
    )


def test_without_a_date_a_figure_is_todays(today):
    today(DAY)

    assert ask("load").on == DAY
    assert ask("load").by is By.NONE
    assert ask("flow", start=DAY, end=DAY).today == clock.today()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("flow", {}, "--from DATUM och --to DATUM"),
        ("flow", {"start": DAY}, "--from DATUM och --to DATUM"),
        ("flow", {"start": DAY, "end": DAY - dt.timedelta(1)}, "ligger före"),
        ("load", {"start": DAY, "end": DAY}, "ange --on DATUM"),
        ("load", {"by": "gender"}, "Möjliga: caseworker, group, none"),
        ("obstacles", {"by": "none"}, "Möjliga: inget"),
        ("change-plans", {"by": "colour"}, "--by colour går inte"),
    ],
)
def test_a_question_that_a_figure_cannot_answer_is_refused(name, options, message):
    with pytest.raises(ValueError, match=message):
        ask(name, **options)
