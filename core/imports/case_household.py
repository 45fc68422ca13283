"""A stored case's household: composition, adults and obstacles, each new one from a day on."""

from __future__ import annotations

import datetime as dt

from core.imports.case_new import add_adult
from core.imports.case_store import Adult, StoredCase
from core.imports.case_words import Life
from core.imports.kinds import Change, Insert, Planned, Row, Update, Void
from core.models import AdultObstacle, Area, CaseAdult, CaseComposition
from core.rules.cases import APPLICANT
from core.services.base import Checks
from core.services.case_checks import household, open_that_day
from core.services.case_details import SECOND_ADULT
from core.services.cases import COUPLES, SINGLES
from core.terms import CaseKind, HouseholdType, Obstacle

COLUMNS = (
    "household_type",
    "children",
    "applicant_gender",
    "second_adult_gender",
    "obstacle",
    "second_obstacle",
)
OF_ADULT = {
    APPLICANT: ("applicant_gender", "obstacle"),
    SECOND_ADULT: ("second_adult_gender", "second_obstacle"),
}
ONE_DAY = dt.timedelta(days=1)


def plan_household(planned: Planned, case: StoredCase, life: Life, today: dt.date) -> None:
    """Plan what a row changes in a case's household.

    In a closed case nothing changes unless the row says from which day.
    """
    row = planned.row
    if case.kind is not CaseKind.BENEFIT:
        _nothing(planned)
        return
    wanted = _Wanted(row, case)
    if not wanted.differs or (life.closed_on is not None and row["household_from"] is None):
        return
    since = row["household_from"] or today
    checks = Checks()
    open_that_day(checks, "household_from", since, life)
    wanted.check(checks, since)
    planned.faults_of(checks)
    if planned.faults:
        return
    before = len(planned.writes)
    wanted.write(planned, since)
    if len(planned.writes) > before:
        planned.moved.append((Area.CASES, since))


def _nothing(planned: Planned) -> None:
    told = any(planned.row[name] for name in COLUMNS)
    if told:
        message = "Hushållets uppgifter gäller bara ekonomiskt bistånd. Lämna dem tomma."
        planned.fault("household_type", message)


class _Wanted:
    """The household as the row wants it, beside the stored one."""

    def __init__(self, row: Row, case: StoredCase) -> None:
        self.row, self.case, stored = row, case, case.composition
        self.type: HouseholdType | None = row.get(
            "household_type", stored.household_type if stored else None
        )
        self.children: int = row.get("children", stored.children if stored else 0)
        self.adults = {number: case.adult(number) for number in OF_ADULT}
        self.leaves = self.type in SINGLES and self.adults[SECOND_ADULT] is not None

    @property
    def composition_differs(self) -> bool:
        stored = self.case.composition
        told = self.row["household_type"] is not None or self.row["children"] is not None
        same = stored is not None and (stored.household_type, stored.children) == (
            self.type,
            self.children,
        )
        return told and not same

    @property
    def differs(self) -> bool:
        """Tell whether anything would change."""
        adults = any(self._adult_differs(number) for number in OF_ADULT)
        return self.composition_differs or adults

    def check(self, checks: Checks, since: dt.date) -> None:
        """Refuse a household that is incomplete, contradicts itself or begins too early."""
        if self.type is None:
            checks.refuse_if(self.composition_differs, "household_type", "Ange hushållstyp.")
        elif self.composition_differs:
            household(checks, self.type, self.children)
        second = self.row["second_adult_gender"]
        checks.refuse_if(
            self.type in COUPLES and second is None and self.adults[SECOND_ADULT] is None,
            "second_adult_gender",
            "Ett par har två vuxna. Ange den andra vuxnas kön.",
        )
        checks.refuse_if(
            self.type in SINGLES and second is not None,
            "second_adult_gender",
            "En ensamstående har ingen andra vuxen. Välj ett par, eller lämna fältet tomt.",
        )
        self._check_order(checks, since)
        for number, (gender, obstacle) in OF_ADULT.items():
            missing = self.row[gender] is None and self.adults[number] is None
            checks.refuse_if(
                self.row[obstacle] is not None and missing,
                gender,
                "Försörjningshindret gäller en vuxen som inte finns i ärendet. Ange den vuxnas kön.",
            )

    def write(self, planned: Planned, since: dt.date) -> None:
        """Plan the rows."""
        if self.composition_differs:
            self._compose(planned, since)
        for number in OF_ADULT:
            if number == SECOND_ADULT and self.leaves:
                self._leave(planned, since)
            else:
                self._write_adult(planned, number, since)

    def _adult_differs(self, number: int) -> bool:
        gender, obstacle = (self.row[name] for name in OF_ADULT[number])
        adult = self.adults[number]
        if adult is None:
            return gender is not None or obstacle not in (None, Obstacle.UNKNOWN)
        return gender not in (None, adult.gender) or obstacle not in (None, adult.obstacle)

    def _check_order(self, checks: Checks, since: dt.date) -> None:
        """Refuse a day before what is already said: it would never hold."""
        stored = self.case.composition
        latest = [stored.valid_from] if stored and self.composition_differs else []
        for number in OF_ADULT:
            adult = self.case.adults.get(number)
            if adult is not None and self._adult_differs(number):
                latest.append(max(adult.valid_from, adult.obstacle_from))
                latest += [adult.valid_to + ONE_DAY] if adult.valid_to else []
        if latest and self.case.opened_on <= since < max(latest):
            message = f"Hushållet ändrades senast {max(latest)}. Ange den dagen eller en senare."
            checks.refuse_if(True, "household_from", message)

    def _compose(self, planned: Planned, since: dt.date) -> None:
        stored = self.case.composition
        old: tuple[HouseholdType | None, int | None] = (None, None)
        if stored is not None:
            old = (stored.household_type, stored.children)
        pairs = (("household_type", old[0], self.type), ("children", old[1], self.children))
        planned.changes += [Change(*pair) for pair in pairs if pair[1] != pair[2]]
        values = {"case_id": self.case.id, "valid_from": since}
        household_now = {"household_type": self.type, "children": self.children}
        planned.writes.append(Insert(CaseComposition, values | household_now))

    def _write_adult(self, planned: Planned, number: int, since: dt.date) -> None:
        if not self._adult_differs(number):
            return
        adult, (gender_column, obstacle_column) = self.adults[number], OF_ADULT[number]
        gender, obstacle = self.row[gender_column], self.row[obstacle_column]
        known = adult.obstacle if adult else Obstacle.UNKNOWN
        if gender is not None and (adult is None or gender is not adult.gender):
            planned.changes.append(Change(gender_column, adult.gender if adult else None, gender))
            if adult is not None:
                _end(planned, adult, since)
            kept = obstacle or (known if known is not Obstacle.UNKNOWN else None)
            add_adult(planned, self.case.id, (number, gender, since), kept)
        elif adult is not None:
            values = {"adult_id": adult.id, "valid_from": since, "obstacle": obstacle}
            planned.writes.append(Insert(AdultObstacle, values))
        if obstacle not in (None, known):
            planned.changes.append(Change(obstacle_column, known, obstacle))

    def _leave(self, planned: Planned, since: dt.date) -> None:
        adult = self.adults[SECOND_ADULT]
        if adult is not None:
            planned.changes.append(Change("second_adult_gender", adult.gender, None))
            _end(planned, adult, since)


def _end(planned: Planned, adult: Adult, since: dt.date) -> None:
    """Let an adult belong to the case until the day before; one who came that day never did."""
    last = since - ONE_DAY
    if last < adult.valid_from:
        planned.writes.append(Void(CaseAdult, adult.id))
    else:
        before = {"valid_to": adult.valid_to}
        planned.writes.append(Update(CaseAdult, adult.id, before, {"valid_to": last}))
