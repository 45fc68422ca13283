"""The demo's prognosis rounds and the published results of earlier years."""

import csv
import datetime as dt
from collections import defaultdict
from decimal import Decimal

from sqlmodel import select

from core import db
from core.auth import Scope
from core.config import DATA
from core.models import Prognosis, Unit, YearResult
from core.queries.prognosis_rounds import round_heads, round_view
from core.terms import RoundState

APRIL, MAY = dt.date(2024, 4, 1), dt.date(2024, 5, 1)


def units():
    with db.read() as session:
        return {unit.slug: unit.id for unit in session.exec(select(Unit))}


def test_each_unit_has_an_approved_round_and_an_open_one(demo):
    for unit_id in units().values():
        with db.read() as session:
            heads = round_heads(session, Scope(unit_id), since=dt.date(2024, 1, 1))
        assert [(head.month, head.state) for head in heads] == [
            (MAY, RoundState.OPEN),
            (APRIL, RoundState.APPROVED),
        ]
        assert heads[1].submitted_by
        assert heads[1].approved_by


def test_the_approved_round_holds_what_was_foreseen_and_explains_what_it_must(demo):
    for unit_id in units().values():
        with db.read() as session:
            view = round_view(session, Scope(unit_id), month=APRIL)
            made = {
                row.line_id: row.amount
                for row in session.exec(select(Prognosis))
                if row.made_on == view.head.made_on
            }
        assert view.lines
        assert not view.unexplained
        assert all(line.amount == made[line.line_id] for line in view.lines)


def test_the_open_round_has_something_to_explain(demo):
    with db.read() as session:
        view = round_view(session, Scope(units()["ekonomiskt-bistand-beroende"]), month=MAY)
    assert not view.without_amount
    assert len(view.unexplained) >= 2


def test_every_published_result_stands_with_the_unit_it_belongs_to(demo):
    with (DATA / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        published = defaultdict(dict)
        for row in csv.DictReader(file):
            if row["measure"] == "budget_result":
                amount = Decimal(row["value"]) * 1_000_000
                published[row["unit"]][int(row["period"])] = amount
    with db.read() as session:
        stored = defaultdict(dict)
        for row in session.exec(select(YearResult)):
            stored[row.unit_id][row.year] = row.amount

    own = published["Bromma arbete och försörjning"]
    assert own == {2019: 5_500_000, 2020: -6_000_000, 2021: 6_000_000}
    # The other document's unit is none of the demo's.
    assert set(published) == {
        "Bromma arbete och försörjning",
        "Östermalm stöd och service beställare",
    }
    assert dict(stored) == {units()["arbete-forsorjning"]: own}
