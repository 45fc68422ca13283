"""Every kind of file that can be imported, in the order that a person chooses from."""

from __future__ import annotations

from core.imports.benefit_months import BENEFIT_MONTHS
from core.imports.cases import CASES
from core.imports.kinds import Kind
from core.terms import ImportKind

KINDS: dict[ImportKind, Kind] = {kind.code: kind for kind in (CASES, BENEFIT_MONTHS)}
