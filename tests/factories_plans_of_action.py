"""A unit with a paid-benefit line, households and an action plan, for tests. All of it is made up."""

from core import db
from core.models import Unit
from tests import factories as make
from tests import factories_goals as statistics
from tests import factories_money as money
from tests.factories_cases import world

APRIL = make.day("2024-04-01")


def benefit_world():
    """Return a world with a line of 12 mnkr: 1 mnkr and 100 households a month to April, a prognosis.

    `extra` holds `line` and `other`, a line of 100,000 kronor with nothing booked.
    """
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        line = money.line(session, unit, 12_000_000, name="Utbetalt bistånd")
        made.extra["line"] = line.id
        made.extra["other"] = money.line(session, unit, 100_000, name="Boende").id
        for number in range(1, 5):
            month = make.day(f"2024-{number:02}-01")
            money.outcome(session, line, month, 1_000_000, make.day(f"2024-{number + 1:02}-08"))
            statistics.household_month(
                session,
                unit,
                f"{month:%Y-%m}",
                make.day(f"2024-{number + 1:02}-20"),
                households=100,
            )
        money.prognosis(session, line, 12_300_000, make.day("2024-05-10"))
    return made
