"""What a placement list is narrowed to: which placements a set of choices lets through.

Who may not see whose a case is may not choose or group by caseworker either: it would tell.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from core.auth import PermissionDeniedError, Scope
from core.queries.cache import cached
from core.queries.keys import By
from core.queries.placement_facts import AREAS
from core.queries.placements import PlacementRow, placement_rows
from core.rules.framework_agreement import OUTSIDE
from core.terms import Contract, PlacementState

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """A narrowed list. An empty choice lets everything through; several values let each through.

    A caseworker is an id, `NOBODY` for cases without one. `outside` keeps what has individavtal on
    the day, `overdue` what lacks its review.
    """

    kinds: tuple[str, ...] = ()
    contracts: tuple[Contract, ...] = ()
    providers: tuple[str, ...] = ()
    caseworkers: tuple[int, ...] = ()
    states: tuple[PlacementState, ...] = ()
    outside: bool = False
    overdue: bool = False

    def let_through(self, row: PlacementRow) -> bool:
        """Tell whether a placement is on the narrowed list."""
        return (
            (not self.kinds or row.kind in self.kinds)
            and (not self.contracts or row.contract in self.contracts)
            and (not self.providers or row.provider in self.providers)
            and (not self.caseworkers or (row.caseworker_id or NOBODY) in self.caseworkers)
            and (not self.states or row.state in self.states)
            and (not self.outside or row.contract is OUTSIDE)
            and (not self.overdue or row.review_overdue)
        )


EVERYTHING = Choices()


@cached(*AREAS)
def chosen_rows(
    session: Session, scope: Scope, *, on: dt.date, with_case: bool, choices: Choices
) -> tuple[PlacementRow, ...]:
    """Return the placements of a day's list that the choices let through, ordered by reference.

    Raises `PermissionDeniedError` for a choice of caseworker by somebody who sees no cases.
    """
    refuse_caseworkers(choices, with_case=with_case)
    rows = placement_rows(session, scope, on=on, with_case=with_case)
    return rows if choices == EVERYTHING else tuple(filter(choices.let_through, rows))


def refuse_caseworkers(choices: Choices, by: By = By.NONE, *, with_case: bool) -> None:
    """Raise `PermissionDeniedError` for caseworkers asked about by somebody who sees no cases."""
    if not with_case and (choices.caseworkers or by is By.CASEWORKER):
        raise PermissionDeniedError("caseworker")
