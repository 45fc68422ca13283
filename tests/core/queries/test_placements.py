"""The placement list and its cost, worked out by hand."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlmodel import select

from core import db
from core.auth import Scope
from core.clock import now
from core.models import Case, DayRate, Placement, PlacementDecision, PlacementReview
from core.queries import cache, placement_groups, placement_sums, placements
from core.queries.keys import By
from core.queries.placements import LIST_COLUMNS
from core.terms import Contract
from tests import factories as make
from tests import factories_money as money

day = make.day
ON = day("2024-05-27")


@pytest.fixture
def unit(store):
    """A unit with a kind of placement, a group, a caseworker and a case of theirs."""
    with db.write() as session:
        row = make.unit(session)
        group = make.group(session, row, name="Ett")
        worker = make.caseworker(session, row, name="Ada", group_id=group.id)
        case = make.case(
            session,
            row,
            day("2023-01-01"),
            reference="AR-1234",
            caseworker=worker,
            group=group,
        )
        kind = money.kind(session, row)
        hotel = money.kind(session, row, "hotell", is_hotel=True)
    return SimpleNamespace(
        id=row.id, row=row, group=group, worker=worker, case=case, kind=kind, hotel=hotel
    )


def place(unit, starts_on, *, kind=None, case=None, **fields):
    """Save a placement of the unit's case; its first and last day are written as text."""
    if "ended_on" in fields:
        fields["ended_on"] = day(fields["ended_on"])
    with db.write() as session:
        return money.placement(
            session,
            case or unit.case,
            kind or unit.kind,
            day(starts_on),
            **{"rates": 1000} | fields,
        )


def ask(unit, query, **scope):
    """Run a query in the unit's scope, on the rows as they are now."""
    cache.clear()
    with db.read() as session:
        return query(session, Scope(unit.id, **scope))


def list_at(unit, on=ON, **scope):
    return ask(unit, lambda s, scope: placements.placements(s, scope, on=on), **scope)


def row_at(unit, on=ON):
    (row,) = list_at(unit, on).to_dict("records")
    return row


def cost_of(unit, start, end, by=By.NONE, today=ON, **scope):
    table = ask(
        unit,
        lambda s, scope: placements.placement_cost(
            s, scope, start=day(start), end=day(end), today=today, by=by
        ),
        **scope,
    )
    return [tuple(row) for row in table.itertuples(index=False)]


def test_a_running_placement_counts_its_whole_month_and_the_rest_of_the_year(unit):
    place(
        unit,
        "2024-02-10",
        reference="PL-7",
        rates=[(day("2024-02-10"), "1850.50"), (day("2024-05-15"), 2000)],
        reviews=[(day("2024-04-20"), None)],
    )

    assert row_at(unit) == {
        "reference": "PL-7",
        "case": "AR-1234",
        "kind": "HVB",
        "contract": "ramavtal",
        "starts_on": day("2024-02-10"),
        "planned_end_on": None,
        "ended_on": None,
        "day_rate": Decimal(2000),
        "month_cost": 14 * Decimal("1850.50") + 17 * 2000,
        # 20 + 31 + 30 + 14 days at the first rate, 13 at the second
        "cost_to_date": 95 * Decimal("1850.50") + 13 * 2000,
        # 4 + 30 + 31 + 31 + 30 + 31 + 30 + 31 days
        "committed": Decimal(218 * 2000),
        "full_year": 95 * Decimal("1850.50") + (13 + 218) * 2000,
        "last_review_on": day("2024-04-20"),
        "review_overdue": False,
    }


def test_a_placement_stands_with_the_units_own_words_for_law_and_contract(unit):
    own = {"decided_on": day("2024-04-01"), "contract_name": "Ramavtal syd"}
    first = {"decided_on": day("2024-03-01")}
    place(unit, "2024-03-01", decisions=[first, own], legal_name="SoL 4:1")

    def listed(on):
        (row,) = ask(
            unit, lambda s, scope: placements.placement_rows(s, scope, on=on, with_case=True)
        )
        return row

    row, before = listed(ON), listed(day("2024-03-31"))
    assert (row.contract_word, row.legal_word) == ("Ramavtal syd", "SoL 4:1")
    assert row.contract is Contract.FRAMEWORK
    assert before.contract_word == "ramavtal"


def test_the_table_has_the_columns_of_the_file_also_without_rows(unit):
    assert list(list_at(unit).columns) == list(LIST_COLUMNS)
    assert cost_of(unit, "2024-01-01", "2024-01-31") == [("alla", 0, Decimal(0))]


def test_the_planned_end_limits_what_is_committed_until_it_has_passed(unit):
    place(
        unit,
        "2024-05-01",
        decisions=[{"decided_on": day("2024-04-20"), "planned_end_on": day("2024-06-05")}],
    )

    assert row_at(unit)["committed"] == 9 * 1000
    assert row_at(unit)["month_cost"] == 31 * 1000
    assert row_at(unit, day("2024-06-05"))["committed"] == 0
    passed = row_at(unit, day("2024-06-06"))
    assert passed["committed"] == (24 + 184) * 1000
    assert passed["planned_end_on"] == day("2024-06-05")


def test_an_end_does_not_exist_before_its_day(unit):
    place(unit, "2024-05-01", ended_on="2024-05-20")

    assert row_at(unit, day("2024-05-19"))["ended_on"] is None
    assert row_at(unit, day("2024-05-19"))["month_cost"] == 31 * 1000
    assert row_at(unit, day("2024-05-20"))["ended_on"] == day("2024-05-20")
    assert row_at(unit)["month_cost"] == 20 * 1000
    assert row_at(unit)["full_year"] == 20 * 1000


def test_a_decision_does_not_exist_before_its_day_and_before_the_first_the_first_holds(unit):
    place(
        unit,
        "2024-05-01",
        decisions=[
            {"decided_on": day("2024-05-10"), "planned_end_on": day("2024-05-31")},
            {
                "decided_on": day("2024-05-20"),
                "planned_end_on": day("2024-06-30"),
                "contract": Contract.INDIVIDUAL,
                "provider": "Eken",
            },
        ],
    )

    first, second, third = (row_at(unit, day(f"2024-05-{n}")) for n in ("09", 19, 20))
    assert (first["contract"], first["planned_end_on"]) == ("ramavtal", None)
    assert (second["contract"], second["planned_end_on"]) == ("ramavtal", day("2024-05-31"))
    assert (third["contract"], third["planned_end_on"]) == ("individavtal", day("2024-06-30"))


@pytest.mark.parametrize(
    ("fields", "on", "listed"),
    [
        ({"starts_on": "2024-06-01"}, "2024-05-27", False),
        ({"starts_on": "2024-06-01", "decided": "2024-05-27"}, "2024-05-27", True),
        ({"starts_on": "2024-06-01", "decided": "2024-05-27"}, "2024-05-26", False),
        ({"starts_on": "2025-01-01", "decided": "2024-05-27"}, "2024-05-27", False),
        ({"starts_on": "2024-12-31", "decided": "2024-05-27"}, "2024-05-27", True),
        ({"starts_on": "2023-05-01", "ended_on": "2024-01-01"}, "2024-05-27", True),
        ({"starts_on": "2023-05-01", "ended_on": "2023-12-31"}, "2024-05-27", False),
        ({"starts_on": "2023-05-01", "ended_on": "2023-12-31"}, "2023-12-31", True),
    ],
)
def test_the_list_holds_what_has_a_paid_day_in_the_year_and_is_known(unit, fields, on, listed):
    fields = dict(fields)
    starts_on = fields.pop("starts_on")
    decided = day(fields.pop("decided", starts_on))
    place(unit, starts_on, decisions=[{"decided_on": decided}], **fields)

    assert len(list_at(unit, day(on))) == listed


def test_a_placement_over_new_year_costs_each_year_its_own_days(unit):
    place(unit, "2023-12-20", ended_on="2024-01-05")

    assert row_at(unit, day("2023-12-31"))["cost_to_date"] == 12 * 1000
    assert row_at(unit)["cost_to_date"] == 5 * 1000
    months = [
        ("2023-11", 0, Decimal(0)),
        ("2023-12", 12, Decimal(12000)),
        ("2024-01", 5, Decimal(5000)),
    ]
    assert cost_of(unit, "2023-11-15", "2024-01-31", By.MONTH) == months


def test_the_list_is_ordered_by_reference(unit):
    for reference in ("PL-0010", "B-1", "PL-0002"):
        place(unit, "2024-05-01", reference=reference)

    assert list(list_at(unit)["reference"]) == ["B-1", "PL-0002", "PL-0010"]


@pytest.mark.parametrize("table", [PlacementDecision, DayRate, PlacementReview])
def test_a_voided_row_counts_nowhere(unit, table):
    place(
        unit,
        "2024-03-01",
        rates=[(day("2024-03-01"), 1000), (day("2024-03-02"), 3000)],
        decisions=[
            {"decided_on": day("2024-03-01")},
            {"decided_on": day("2024-03-02"), "contract": Contract.LOV},
        ],
        reviews=[(day("2024-05-20"), None)],
    )
    before = row_at(unit)

    with db.write() as session:
        latest = session.exec(select(table).order_by(table.id.desc())).first()
        latest.voided_at = now()

    name, was, becomes = {
        PlacementDecision: ("contract", "LOV", "ramavtal"),
        DayRate: ("day_rate", Decimal(3000), Decimal(1000)),
        PlacementReview: ("last_review_on", day("2024-05-20"), None),
    }[table]
    assert (before[name], row_at(unit)[name]) == (was, becomes)


@pytest.mark.parametrize("table", [Placement, Case])
def test_a_voided_placement_or_case_leaves_the_list(unit, table):
    place(unit, "2024-03-01")
    with db.write() as session:
        session.exec(select(table)).one().voided_at = now()

    assert list_at(unit).empty


def test_an_overdue_review_is_told_in_the_list(unit):
    place(unit, "2024-03-31", reference="whole april")
    place(unit, "2024-04-02", reference="part of april")
    place(unit, "2024-03-01", reference="reviewed", reviews=[(day("2024-04-01"), None)])
    place(
        unit,
        "2024-05-01",
        reference="next passed",
        reviews=[(day("2024-05-03"), day("2024-05-26"))],
    )

    overdue = list_at(unit).set_index("reference")["review_overdue"].to_dict()

    assert overdue == {
        "whole april": True,
        "part of april": False,
        "reviewed": False,
        "next passed": True,
    }


def test_cost_by_contract_and_provider_follows_the_decision_of_each_day(unit):
    place(
        unit,
        "2024-05-01",
        decisions=[
            {"decided_on": day("2024-05-03")},
            {
                "decided_on": day("2024-05-21"),
                "contract": Contract.INDIVIDUAL,
                "provider": "Eken",
                "planned_end_on": day("2024-06-10"),
            },
        ],
    )

    assert cost_of(unit, "2024-05-01", "2024-06-30", By.CONTRACT) == [
        ("individavtal", 21, Decimal(21000)),
        ("ramavtal", 20, Decimal(20000)),
    ]
    assert cost_of(unit, "2024-05-20", "2024-05-22", By.PROVIDER) == [
        ("Björken", 1, Decimal(1000)),
        ("Eken", 2, Decimal(2000)),
    ]


def test_cost_by_kind_names_only_kinds_with_a_paid_day(unit):
    place(unit, "2024-05-01", ended_on="2024-05-03")
    place(unit, "2024-05-01", ended_on="2024-05-02", kind=unit.hotel, rates=500)

    assert cost_of(unit, "2024-05-01", "2024-05-31", By.KIND) == [
        ("hotell", 2, Decimal(1000)),
        ("HVB", 3, Decimal(3000)),
    ]
    assert cost_of(unit, "2024-05-03", "2024-05-31", By.KIND) == [("HVB", 1, Decimal(1000))]


def test_a_placement_without_a_decision_has_a_key_of_its_own_last(unit):
    bare = place(unit, "2024-05-01", ended_on="2024-05-03")
    place(unit, "2024-05-01", ended_on="2024-05-03")
    with db.write() as session:
        decision = session.exec(
            select(PlacementDecision).where(PlacementDecision.placement_id == bare.id)
        ).one()
        decision.voided_at = now()

    keys = [key for key, *_ in cost_of(unit, "2024-05-01", "2024-05-31", By.PROVIDER)]
    assert keys == ["Björken", "utan beslut"]
    assert list(list_at(unit)["contract"]) == [None, "ramavtal"]


def test_an_interval_before_an_end_that_is_not_known_yet_counts_on(unit):
    place(unit, "2024-05-01", ended_on="2024-05-20")

    june = ("2024-06-01", "2024-06-30")
    assert cost_of(unit, *june, today=day("2024-05-19")) == [("alla", 30, Decimal(30000))]
    assert cost_of(unit, *june, today=day("2024-05-20")) == [("alla", 0, Decimal(0))]


def test_a_caseworker_and_a_group_read_the_cases_they_held_on_the_day(unit):
    place(unit, "2024-05-01", reference="ours")
    with db.write() as session:
        other_group = make.group(session, unit.row, name="Två")
        other = make.caseworker(session, unit.row, name="Bo")
        theirs = make.case(
            session, unit.row, day("2024-01-01"), caseworker=other, group=other_group
        )
        make.assign(session, unit.case, day("2024-05-27"), caseworker=other, group=other_group)
    place(unit, "2024-05-01", reference="theirs", case=theirs)

    before, on = day("2024-05-26"), day("2024-05-27")
    for mine, others in (
        ({"caseworker_id": unit.worker.id}, {"caseworker_id": other.id}),
        ({"group_id": unit.group.id}, {"group_id": other_group.id}),
    ):
        assert list(list_at(unit, before, **mine)["reference"]) == ["ours"]
        assert list(list_at(unit, on, **mine)["reference"]) == []
        assert list(list_at(unit, on, **others)["reference"]) == ["ours", "theirs"]
    may = cost_of(unit, "2024-05-01", "2024-05-26", group_id=unit.group.id)
    assert may == [("alla", 26, Decimal(26000))]


def test_somebody_who_sees_no_cases_gets_no_trace_of_them(unit):
    place(unit, "2024-05-01")

    def rows(with_case):
        return ask(
            unit,
            lambda s, scope: placements.placement_rows(s, scope, on=ON, with_case=with_case),
        )

    (seen,), (hidden,) = rows(True), rows(False)
    assert (seen.case, seen.caseworker) == ("AR-1234", "Ada")
    assert (hidden.case, hidden.case_id, hidden.caseworker) == (None, None, None)
    assert (hidden.reference, hidden.full_year) == (seen.reference, seen.full_year)


def test_another_units_placements_are_not_read(unit):
    with db.write() as session:
        other = make.unit(session)
        kind = money.kind(session, other)
        case = make.case(session, other, day("2024-01-01"))
        money.placement(session, case, kind, day("2024-02-01"), rates=100)

    assert list_at(unit).empty


def test_the_summary_adds_up_the_list(unit):
    place(unit, "2024-03-01", reference="cheap", rates=500)
    place(unit, "2024-03-01", reference="dear", rates=1500)
    place(unit, "2024-05-20", reference="family", kind=unit.hotel, children=2)
    place(unit, "2024-05-21", reference="second room", kind=unit.hotel, children=1)
    place(unit, "2024-05-01", reference="adult", kind=unit.hotel)
    place(unit, "2024-01-01", reference="ended", ended_on="2024-01-10")
    place(
        unit,
        "2024-05-10",
        reference="passed",
        decisions=[{"decided_on": day("2024-05-10"), "planned_end_on": day("2024-05-26")}],
    )

    summary = ask(unit, lambda s, scope: placement_sums.placement_summary(s, scope, on=ON))
    table = list_at(unit)

    assert summary.running == 6
    assert summary.families_in_hotel == 1
    assert summary.planned_end_passed == 1
    assert [row.reference for row in summary.overdue] == ["dear", "cheap"]
    assert [row.reference for row in summary.families] == ["family", "second room"]
    assert [row.case for row in summary.overdue] == [None, None]
    for name in ("month_cost", "cost_to_date", "committed", "full_year"):
        assert getattr(summary, name) == sum(table[name]), name
    # four days are left of May; seven thousand a day run
    assert summary.month_committed == 4 * (500 + 1500 + 1000 * 4)


def test_months_of_the_year_are_paid_through_the_day_and_committed_after_it(unit):
    place(unit, "2024-03-30", ended_on="2024-04-02")
    place(
        unit,
        "2024-05-20",
        decisions=[{"decided_on": day("2024-05-20"), "planned_end_on": day("2024-06-03")}],
    )

    months = ask(unit, lambda s, scope: placement_sums.month_costs(s, scope, on=ON))

    assert list(months["month"]) == [day(f"2024-{n:02}-01") for n in range(1, 13)]
    paid = [0, 0, 2000, 2000, 8000, 0, 0, 0, 0, 0, 0, 0]
    assert list(months["paid"]) == paid
    assert list(months["committed"]) == [0, 0, 0, 0, 4000, 3000, 0, 0, 0, 0, 0, 0]


def test_sums_by_kind_contract_and_group_each_add_up_to_the_list(unit):
    with db.write() as session:
        loose = make.case(session, unit.row, day("2024-01-01"))
    place(unit, "2024-03-01", ended_on="2024-05-05")
    place(unit, "2024-05-26", kind=unit.hotel, case=loose)
    place(
        unit,
        "2024-05-01",
        decisions=[
            {"decided_on": day("2024-05-01")},
            {"decided_on": day("2024-05-11"), "contract": Contract.LOV},
        ],
    )
    table = list_at(unit)

    def split(by):
        found = ask(
            unit,
            lambda s, scope: placement_groups.cost_groups(s, scope, on=ON, by=by, with_case=True),
        )
        for name in ("month_cost", "cost_to_date", "committed", "full_year"):
            assert sum(found[name]) == sum(table[name]), name
        assert (sum(found["listed"]), sum(found["running"])) == (3, 2)
        return {row.key: (row.running, row.month_cost) for row in found.itertuples()}

    assert split(By.KIND) == {"HVB": (1, 36000), "hotell": (1, 6000)}
    assert split(By.CONTRACT) == {"LOV": (1, 21000), "ramavtal": (1, 5000 + 6000 + 10000)}
    assert split(By.PROVIDER) == {"Björken": (2, 42000)}
    for by, mine, nobodys in (
        (By.GROUP, "Ett", "utan grupp"),
        (By.CASEWORKER, "Ada", "utan handläggare"),
    ):
        found = split(by)
        assert found == {mine: (1, 36000), nobodys: (1, 6000)}
        assert list(found) == [mine, nobodys]


def test_kinds_to_choose_are_the_units_own_by_name(unit):
    kinds = ask(unit, placements.placement_kinds)

    assert [(kind.name, kind.is_hotel) for kind in kinds] == [("HVB", False), ("hotell", True)]
