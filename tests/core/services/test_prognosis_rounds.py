"""The monthly round from opening to a locked approval, and all that is refused on the way."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import (
    AuditEvent,
    BudgetLine,
    Prognosis,
    PrognosisRound,
    PrognosisRoundLine,
    RoundLimits,
    Unit,
)
from core.queries.budget import budget_table
from core.services import prognosis_rounds as rounds
from core.services import round_limits
from core.services.base import ConflictError
from core.services.prognosis_round_inputs import LineChoice
from core.services.questions import AskedError
from core.services.round_checks import HANDED_OVER, LOCKED, NOT_HANDED_OVER
from core.terms import PrognosisMethod, RoundState
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, audit_count, refusals, rows, run
from tests.factories_rounds import (
    MAY,
    approved,
    choose,
    filled,
    handed_over,
    line_of,
    opened,
    round_world,
    version_of,
)

day = make.day
APRIL = day("2024-04-01")


@pytest.fixture
def w(store, today):
    """A unit with two lines of 2024, on 27 May."""
    today(TODAY)
    return round_world()


def controller(w):
    return w.actors["controller"]


def refused(w, service, *args, who="controller", **kwargs):
    return refusals(service, *args, by=w.actors[who], **kwargs)


def table_at(w, on=TODAY):
    with db.read() as session:
        return {row.id: row for row in budget_table(session, Scope(w.unit_id), on=on).lines}


def state_of(round_id):
    return rows(PrognosisRound, id=round_id)[0].state


def test_a_round_is_opened_filled_in_with_what_is_known(w):
    row = line_of(w, opened(w))

    assert (row.budget, row.outcome_to_date) == (1_200_000, 440_000)
    assert (row.before, row.amount) == (1_280_000, 1_280_000)
    assert (row.run_rate, row.last_year_pattern, row.driver) == (1_320_000, None, None)
    assert (row.method, row.comment) == (None, "")


def test_a_round_of_an_ended_month_is_as_it_was_known_then(w):
    round_id = opened(w, day("2024-04-20"))

    (row,) = rows(PrognosisRound, id=round_id)
    assert (row.month, row.made_on, row.number) == (APRIL, day("2024-04-30"), 1)
    assert line_of(w, round_id).outcome_to_date == 330_000
    assert line_of(w, round_id).before is None


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2024-06-01", "har inte börjat"),
        ("2023-11-01", "inga poster"),
        ("2024-05-31", "redan en runda"),
    ],
)
def test_a_month_that_has_no_round_to_open_is_refused(w, month, said):
    opened(w)
    assert said in refused(w, rounds.open_round, day(month))["month"]


def test_a_method_is_chosen_in_whole_kronor_and_a_typed_amount_is_kept_to_the_ore(w):
    round_id = opened(w)
    with db.write() as session:
        session.get_one(PrognosisRoundLine, line_of(w, round_id).id).run_rate = Decimal("999.50")
    choose(w, line_of(w, round_id), 5, method=PrognosisMethod.RUN_RATE)
    assert line_of(w, round_id).amount == 1000

    choose(w, line_of(w, round_id), "1320000.50", " Förlängt ")
    kept = line_of(w, round_id)
    assert (kept.method, kept.amount, kept.comment) == (None, Decimal("1320000.50"), "Förlängt")


@pytest.mark.parametrize(
    ("amount", "more", "field"),
    [
        (1, {"method": PrognosisMethod.DRIVER}, "method"),
        ("1320000.505", {}, "amount"),
        ("100000000000", {"confirmed": True}, "amount"),
        (1_300_000, {"comment": "x" * 501}, "comment"),
        (1_300_000, {"comment": "191212121212"}, "comment"),
    ],
)
def test_what_a_line_cant_be_is_refused(w, amount, more, field):
    row = line_of(w, opened(w))
    said = LineChoice(**{"method": None, "amount": Decimal(amount)} | more)
    assert list(refused(w, rounds.save_line, row.id, said, version=row.version)) == [field]


@pytest.mark.parametrize(("typed", "meant"), [(1_320, "1 320 000"), (1_320_000_000, "1 320 000")])
def test_an_amount_in_the_wrong_unit_takes_a_yes(w, typed, meant):
    row = line_of(w, opened(w))
    said = LineChoice(None, Decimal(typed))
    with pytest.raises(AskedError) as asked:
        run(rounds.save_line, row.id, said, version=row.version, by=controller(w))
    assert meant in asked.value.by_field()["amount"].replace("\u202f", " ")
    assert line_of(w, row.round_id).amount == 1_280_000

    choose(w, row, typed, confirmed=True)
    assert line_of(w, row.round_id).amount == typed


def test_a_draft_moves_no_figure(w):
    choose(w, line_of(w, opened(w)), 1_500_000)
    assert table_at(w)[w.extra["line"]].figures.prognosis == 1_280_000


def test_two_people_in_one_line_the_second_is_told(w):
    row = line_of(w, opened(w))
    choose(w, row, 1_300_000)
    with pytest.raises(ConflictError) as conflict:
        choose(w, row, 1_310_000)
    assert conflict.value.newest.values["amount"] == 1_300_000
    assert line_of(w, row.round_id).amount == 1_300_000


def test_a_line_that_passes_a_limit_is_not_handed_over_without_a_comment(w):
    round_id = opened(w)
    choose(w, line_of(w, round_id), 1_330_001)
    placed, income = line_of(w, round_id), line_of(w, round_id, "income")
    said = refused(w, rounds.hand_over, round_id, version=version_of(round_id))

    assert set(said) == {f"line-{placed.id}", f"line-{income.id}"}
    assert "avvikelsen" in said[f"line-{placed.id}"]
    assert "ändringen" in said[f"line-{placed.id}"]
    assert "välj metod" in said[f"line-{income.id}"]


def test_exactly_at_both_limits_no_comment_is_asked(w):
    round_id = opened(w)
    run(round_limits.set_limits, Decimal(130_000), Decimal(50_000), version=0, by=controller(w))
    choose(w, line_of(w, round_id), 1_330_000)
    choose(w, line_of(w, round_id, "income"), -200_000)
    run(rounds.hand_over, round_id, version=version_of(round_id), by=controller(w))
    assert state_of(round_id) is RoundState.SUBMITTED


def test_approval_writes_each_prognosis_dated_the_rounds_day_and_locks_it(w):
    before = len(rows(Prognosis))
    round_id = approved(w, "Bra genomgång")

    (row,) = rows(PrognosisRound, id=round_id)
    assert (row.state, row.approved_by_id) == (RoundState.APPROVED, w.manager.user_id)
    assert (row.manager_comment, row.made_on) == ("Bra genomgång", TODAY)
    made = rows(Prognosis)[before:]
    assert {(one.line_id, one.amount, one.made_on, one.comment) for one in made} == {
        (w.extra["line"], 1_320_000, TODAY, "Två vårdplaner förlängda"),
        (w.extra["income"], -200_000, TODAY, ""),
    }
    assert {line_of(w, round_id, name).prognosis_id for name in ("line", "income")} == {
        one.id for one in made
    }
    assert {one.created_by_id for one in made} == {controller(w).user_id}
    now = table_at(w)[w.extra["line"]]
    assert (now.figures.prognosis, now.before, now.change) == (1_320_000, 1_280_000, 40_000)


def test_a_locked_round_refuses_every_write_and_says_why(w):
    round_id = approved(w)
    row, version = line_of(w, round_id), version_of(round_id)
    said = LineChoice(None, Decimal(1))

    for answer in (
        refused(w, rounds.save_line, row.id, said, version=row.version),
        refused(w, rounds.hand_over, round_id, version=version),
        refused(w, rounds.refresh, round_id, version=version),
        refused(w, rounds.approve, round_id, version=version, who="unit_manager"),
        refused(w, rounds.send_back, round_id, "Nej", version=version, who="unit_manager"),
        refused(w, rounds.comment_line, row.id, "Nej", version=row.version, who="unit_manager"),
    ):
        assert answer == {"round": LOCKED}
    assert len(rows(Prognosis)) == 3


def test_a_round_handed_over_waits_for_the_manager(w):
    round_id = handed_over(w)
    row = line_of(w, round_id)
    answer = refused(w, rounds.save_line, row.id, LineChoice(None, None), version=row.version)
    assert answer == {"round": HANDED_OVER}


def test_the_manager_waits_until_it_is_handed_over(w):
    round_id = filled(w)
    answer = refused(w, rounds.approve, round_id, version=version_of(round_id), who="unit_manager")
    assert answer == {"round": NOT_HANDED_OVER}


def test_the_manager_comments_lines_and_sends_back_with_a_reason(w):
    round_id = handed_over(w)
    row = line_of(w, round_id)
    run(rounds.comment_line, row.id, " Vilka? ", version=row.version, by=w.manager)
    version = version_of(round_id)
    assert list(
        refused(w, rounds.send_back, round_id, " ", version=version, who="unit_manager")
    ) == ["comment"]
    run(rounds.send_back, round_id, "Se HVB", version=version, by=w.manager)

    (sent,) = rows(PrognosisRound, id=round_id)
    assert (sent.state, sent.manager_comment, sent.submitted_at) == (
        RoundState.OPEN,
        "Se HVB",
        None,
    )
    assert line_of(w, round_id).manager_comment == "Vilka?"
    choose(w, line_of(w, round_id), 1_310_000, "Två vårdplaner")


def test_a_later_change_is_a_new_version_filled_in_as_the_former(w):
    first = approved(w)
    second = run(rounds.open_version, first, by=controller(w))

    (row,) = rows(PrognosisRound, id=second)
    assert (row.month, row.number, row.state) == (MAY, 2, RoundState.OPEN)
    kept = line_of(w, second)
    assert (kept.amount, kept.comment) == (1_320_000, "Två vårdplaner förlängda")
    assert kept.before == 1_280_000
    assert state_of(first) is RoundState.APPROVED


def test_a_new_version_needs_an_approved_one_that_is_the_latest(w):
    first = handed_over(w)
    assert "inte godkänd" in refused(w, rounds.open_version, first)["round"]
    run(rounds.approve, first, version=version_of(first), by=w.manager)
    run(rounds.open_version, first, by=controller(w))
    assert "senare version" in refused(w, rounds.open_version, first)["round"]


def test_new_figures_are_fetched_into_an_open_round(w):
    round_id = opened(w)
    choose(w, line_of(w, round_id), method=PrognosisMethod.RUN_RATE, comment="Följer utfallet")
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        line = session.get_one(BudgetLine, w.extra["line"])
        money.outcome(session, line, APRIL, 140_000, day("2024-05-20"))
        w.extra["new"] = money.line(session, unit, 50_000, name="Ny").id
    run(rounds.refresh, round_id, version=version_of(round_id), by=controller(w))

    row = line_of(w, round_id)
    assert (row.outcome_to_date, row.amount) == (470_000, 1_410_000)
    assert (row.method, row.comment) == (PrognosisMethod.RUN_RATE, "Följer utfallet")
    assert line_of(w, round_id, "new").amount is None


def test_a_method_that_lost_its_value_leaves_the_amount_as_typed(w):
    round_id = opened(w)
    row = line_of(w, round_id)
    with db.write() as session:
        session.get_one(PrognosisRoundLine, row.id).driver = Decimal(1_300_000)
    choose(w, line_of(w, round_id), method=PrognosisMethod.DRIVER)
    run(rounds.refresh, round_id, version=version_of(round_id), by=controller(w))

    kept = line_of(w, round_id)
    assert (kept.method, kept.amount, kept.driver) == (None, 1_300_000, None)


def test_limits_are_set_and_changed_with_a_version(w):
    run(round_limits.set_limits, Decimal(5), Decimal(7), version=0, by=controller(w))
    run(round_limits.set_limits, Decimal(6), Decimal(7), version=1, by=controller(w))
    (row,) = rows(RoundLimits)
    assert (row.deviation, row.change, row.version) == (6, 7, 2)
    with pytest.raises(ConflictError) as conflict:
        run(round_limits.set_limits, Decimal(1), Decimal(1), version=1, by=controller(w))
    assert conflict.value.newest.values == {"deviation": 6, "change": 7}
    assert set(refused(w, round_limits.set_limits, Decimal(-1), None, version=2)) == {
        "deviation",
        "change",
    }


def edits(round_id, line):
    """Return every write of the controller's to a round."""
    version = version_of(round_id)
    return [
        partial(run, rounds.open_round, APRIL),
        partial(run, rounds.refresh, round_id, version=version),
        partial(run, rounds.hand_over, round_id, version=version),
        partial(run, rounds.open_version, round_id),
        partial(run, rounds.save_line, line.id, LineChoice(None, None), version=line.version),
        partial(run, round_limits.set_limits, Decimal(1), Decimal(1), version=0),
    ]


def approvals(round_id, line):
    """Return every write of the manager's to a round."""
    version = version_of(round_id)
    return [
        partial(run, rounds.approve, round_id, version=version),
        partial(run, rounds.send_back, round_id, "Nej", version=version),
        partial(run, rounds.comment_line, line.id, "Nej", version=line.version),
    ]


def test_only_the_controller_edits_and_only_the_manager_approves(w):
    round_id = handed_over(w)
    line, count = line_of(w, round_id), audit_count()
    for name in w.actors:
        denied = edits(round_id, line) if name != "controller" else []
        denied += approvals(round_id, line) if name != "unit_manager" else []
        for write in denied:
            with pytest.raises(PermissionDeniedError):
                write(by=w.actors[name])
    assert audit_count() == count
    assert state_of(round_id) is RoundState.SUBMITTED


def test_another_units_round_is_out_of_reach(w):
    round_id = handed_over(w)
    stranger = w.actors["other_unit_manager"]
    for write in approvals(round_id, line_of(w, round_id)):
        with pytest.raises(PermissionDeniedError):
            write(by=stranger)
    with pytest.raises(PermissionDeniedError):
        run(rounds.comment_line, 4711, "Nej", version=1, by=w.manager)


def test_a_form_sent_twice_is_one_round_one_draft_and_one_approval(w):
    by = controller(w)
    first = run(rounds.open_round, MAY, by=by, key="a")
    assert run(rounds.open_round, MAY, by=by, key="a") == first
    line = line_of(w, first)
    said = LineChoice(None, Decimal(1_320_000), "Skäl")
    for _ in range(2):
        run(rounds.save_line, line.id, said, version=line.version, by=by, key="b")
    choose(w, line_of(w, first, "income"), -200_000)
    version = version_of(first)
    for _ in range(2):
        run(rounds.hand_over, first, version=version, by=by, key="c")
    version = version_of(first)
    for _ in range(2):
        run(rounds.approve, first, version=version, by=w.manager, key="d")
    for _ in range(2):
        run(rounds.open_version, first, by=by, key="e")
    assert len(rows(PrognosisRound)) == 2
    assert len(rows(Prognosis)) == 3


def test_every_step_is_in_the_log(w):
    first = handed_over(w)
    line = line_of(w, first)
    run(rounds.comment_line, line.id, "Bra", version=line.version, by=w.manager, key="k")
    run(rounds.comment_line, line.id, "Bra", version=line.version, by=w.manager, key="k")
    run(rounds.send_back, first, "Se", version=version_of(first), by=w.manager, key="s")
    run(rounds.send_back, first, "Se", version=0, by=w.manager, key="s")
    run(rounds.refresh, first, version=version_of(first), by=controller(w), key="r")
    run(rounds.refresh, first, version=0, by=controller(w), key="r")
    for _ in range(2):
        run(round_limits.set_limits, Decimal(1), Decimal(1), version=0, by=controller(w), key="l")

    assert [(one.action, one.entity) for one in rows(AuditEvent)] == [
        ("open", "prognosis_round"),
        ("change", "prognosis_round_line"),
        ("change", "prognosis_round_line"),
        ("hand_over", "prognosis_round"),
        ("comment", "prognosis_round_line"),
        ("send_back", "prognosis_round"),
        ("refresh", "prognosis_round"),
        ("set_limits", "round_limits"),
    ]


def test_a_new_version_on_a_later_day_counts_from_that_day(w, today):
    first = approved(w)
    today(TODAY + timedelta(days=2))
    second = run(rounds.open_version, first, by=controller(w))
    choose(w, line_of(w, second), 1_400_000, "Ny placering")
    run(rounds.hand_over, second, version=version_of(second), by=controller(w))
    run(rounds.approve, second, version=version_of(second), by=w.manager)

    assert table_at(w)[w.extra["line"]].figures.prognosis == 1_320_000
    later = table_at(w, TODAY + timedelta(days=2))[w.extra["line"]]
    assert (later.figures.prognosis, later.before) == (1_400_000, 1_320_000)


def test_an_approved_round_holds_over_a_prognosis_typed_while_it_was_open(w, today):
    round_id = handed_over(w)
    today(TODAY + timedelta(days=2))
    with db.write() as session:
        line = session.get_one(BudgetLine, w.extra["line"])
        money.prognosis(session, line, 1_500_000, TODAY + timedelta(days=1))
    run(rounds.approve, round_id, version=version_of(round_id), by=w.manager)

    now = table_at(w, TODAY + timedelta(days=2))[w.extra["line"]]
    assert (now.figures.prognosis, now.made_on) == (1_320_000, TODAY + timedelta(days=1))


def test_a_late_rounds_approval_leaves_the_next_months_prognosis(w):
    round_id = opened(w, APRIL)
    for name, amount in (("line", 1_210_000), ("income", -200_000)):
        choose(w, line_of(w, round_id, name), amount)
    with db.write() as session:
        line = session.get_one(BudgetLine, w.extra["line"])
        money.prognosis(session, line, 1_500_000, day("2024-05-02"))
    run(rounds.hand_over, round_id, version=version_of(round_id), by=controller(w))
    run(rounds.approve, round_id, version=version_of(round_id), by=w.manager)

    assert table_at(w)[w.extra["line"]].figures.prognosis == 1_500_000
    assert table_at(w, day("2024-04-30"))[w.extra["line"]].figures.prognosis == 1_210_000
