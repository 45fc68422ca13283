"""What a timeline of placements shows of each: its days, decisions and reviews."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.rules.dates import Period
from core.rules.placements import Decision


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A placement in a year as known on a day, without its case.

    `paid` are its days through the day and `committed` those after it, both None for none.
    `open_ended` tells that nothing ends it. `decisions` and `reviews` are the year's, oldest first,
    `next_review_on` the day decided for the next one.
    """

    reference: str
    kind: str
    provider: str | None
    family_in_hotel: bool
    starts_on: dt.date
    ends_on: dt.date | None
    paid: Period | None
    committed: Period | None
    decisions: tuple[Decision, ...]
    reviews: tuple[dt.date, ...]
    next_review_on: dt.date | None

    @property
    def open_ended(self) -> bool:
        """Tell whether nothing that is known on the day ends it."""
        return self.ends_on is None
