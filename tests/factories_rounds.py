"""Prognosis rounds for tests: a unit with lines, and rounds at each step."""

from decimal import Decimal

from core import db
from core.models import PrognosisRound, PrognosisRoundLine, Unit
from core.services import prognosis_rounds as rounds
from core.services.prognosis_round_inputs import LineChoice
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import rows, run, world

MAY = make.day("2024-05-01")
LAST_APRIL_DAY = make.day("2024-04-15")


def round_world():
    """A unit with two lines of 2024: one with outcome through April and April's prognosis."""
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        placed = money.line(session, unit, 1_200_000)
        made.extra["line"] = placed.id
        made.extra["income"] = money.line(session, unit, -200_000, name="Bidrag").id
        for month in (1, 2, 3, 4):
            first = make.day(f"2024-0{month}-01")
            money.outcome(session, placed, first, 110_000, make.day(f"2024-0{month + 1}-10"))
        money.prognosis(session, placed, 1_280_000, LAST_APRIL_DAY, comment="fler boende")
    return made


def opened(made, month=MAY):
    """Open a month's round and return its id."""
    return run(rounds.open_round, month, by=made.actors["controller"])


def line_of(made, round_id, line="line"):
    """Return the round's row of a budget line of the world."""
    return rows(PrognosisRoundLine, round_id=round_id, line_id=made.extra[line])[0]


def choose(made, row, amount=None, comment="", method=None, **more):
    """Save what the controller says of a round's line."""
    said = LineChoice(method, None if amount is None else Decimal(amount), comment, **more)
    return run(rounds.save_line, row.id, said, version=row.version, by=made.actors["controller"])


def filled(made):
    """Open May's round and fill in both lines; return its id."""
    round_id = opened(made)
    choose(made, line_of(made, round_id), 1_320_000, "Två vårdplaner förlängda")
    choose(made, line_of(made, round_id, "income"), -200_000)
    return round_id


def version_of(round_id):
    """Return a round's version."""
    return rows(PrognosisRound, id=round_id)[0].version


def handed_over(made):
    """Fill in May's round and hand it over; return its id."""
    round_id = filled(made)
    version = version_of(round_id)
    run(rounds.hand_over, round_id, version=version, by=made.actors["controller"])
    return round_id


def approved(made, comment=""):
    """Have May's round approved; return its id."""
    round_id = handed_over(made)
    version = version_of(round_id)
    run(rounds.approve, round_id, comment, version=version, by=made.manager)
    return round_id
