"""Every kind of file that can be imported, in the order that a person chooses from."""

from __future__ import annotations

from core.imports.benefit_months import BENEFIT_MONTHS
from core.imports.cases import CASES
from core.imports.client_surveys import CLIENT_SURVEYS
from core.imports.goals import GOALS
from core.imports.household_months import HOUSEHOLD_MONTHS
from core.imports.indicator_values import INDICATOR_VALUES
from core.imports.kinds import Kind
from core.imports.ledger import LEDGER
from core.imports.placements import PLACEMENTS
from core.imports.staff_survey import STAFF_SURVEY
from core.terms import ImportKind

KINDS: dict[ImportKind, Kind] = {
    kind.code: kind
    for kind in (
        CASES,
        BENEFIT_MONTHS,
        HOUSEHOLD_MONTHS,
        STAFF_SURVEY,
        GOALS,
        INDICATOR_VALUES,
        CLIENT_SURVEYS,
        LEDGER,
        PLACEMENTS,
    )
}
