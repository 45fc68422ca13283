"""The words of placement lists: tills vidare, dates with fr.o.m., and the unit's own terms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from core.imports.kinds import CellError
from core.imports.values import DATE, date, folded, plain_text, quoted
from core.terms import Contract, LegalBasis, PlacementForm, sv

T = TypeVar("T")
Code = TypeVar("Code", bound=Hashable)
OPEN_ENDED = "tills vidare"
LONGEST_REFERENCE = 20
MOST_DIGITS = 9
_OPEN_ENDED = {"tills vidare", "tillsvidare", "t.v", "tv", "t v", "löpande", "löper tills vidare"}
_NOTHING = {"-", "–", "—", "--", "pågår", "pågående"}
_BEFORE = re.compile(
    r"(?:fr\.?\s?o\.?\s?m\.?|t\.?\s?o\.?\s?m\.?|från och med|till och med|från|till|den|sedan)\s+"
)
_REFERENCE = re.compile(r"(?=.*[0-9])[\w/.-]+")
FORMS: dict[str, str] = {
    "hotell": sv(PlacementForm.HOTEL),
    "vandrarhem": sv(PlacementForm.HOTEL),
    "hotell/vandrarhem": sv(PlacementForm.HOTEL),
    "hotell eller vandrarhem": sv(PlacementForm.HOTEL),
    "tillfälligt boende": sv(PlacementForm.HOTEL),
    "hem för vård eller boende": sv(PlacementForm.CARE_HOME),
    "hvb-hem": sv(PlacementForm.CARE_HOME),
    "stödboenden": sv(PlacementForm.SUPPORTED_HOUSING),
    "skyddade boenden": sv(PlacementForm.PROTECTED_HOUSING),
    "träningslägenheter": sv(PlacementForm.TRAINING_FLAT),
    "försökslägenheter": sv(PlacementForm.TRIAL_FLAT),
    "konsulentstödda familjehem": sv(PlacementForm.FOSTER_HOME),
    "bss": sv(PlacementForm.SPECIAL_SERVICE_HOUSING),
    "bostäder med särskild service": sv(PlacementForm.SPECIAL_SERVICE_HOUSING),
}
"""Other words for the kinds that units start with."""
BASES = {
    "sol": LegalBasis.SOL,
    "socialtjänstlagen": LegalBasis.SOL,
    "lvm": LegalBasis.LVM,
    "lss": LegalBasis.LSS,
}
CONTRACTS = {
    "ram": Contract.FRAMEWORK,
    "ramavtalat": Contract.FRAMEWORK,
    "ramavtal stockholms stad": Contract.FRAMEWORK,
    "individuellt avtal": Contract.INDIVIDUAL,
    "individ": Contract.INDIVIDUAL,
    "egen": Contract.IN_HOUSE,
    "egenregi": Contract.IN_HOUSE,
    "i egen regi": Contract.IN_HOUSE,
    "lag om valfrihetssystem": Contract.LOV,
}
_WORD = re.compile(r"[a-zåäö]+")


def or_nothing(read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """Return a reader for which a dash is an empty cell."""

    def reader(cell: Any) -> T | None:
        return None if folded(plain_text(cell)) in _NOTHING else read(cell)

    return reader


def day(cell: Any) -> dt.date:
    """Read a date, also as fr.o.m. 2024-03-05 or den 5 mars 2024."""
    if isinstance(cell, dt.date):
        return date(cell)
    written = plain_text(cell)
    short = _BEFORE.sub("", written.casefold(), count=1)
    try:
        return date(short)
    except CellError as error:
        msg = str(error).replace(quoted(short), quoted(cell))
        raise CellError(msg) from None


def planned_end(cell: Any) -> dt.date | str:
    """Read a planned end: a date, or `OPEN_ENDED`."""
    if folded(plain_text(cell)) in _OPEN_ENDED:
        return OPEN_ENDED
    try:
        return day(cell)
    except CellError as error:
        msg = str(error).replace(DATE, f"{DATE} Eller skriv {OPEN_ENDED}.")
        raise CellError(msg) from None


def reference(cell: Any) -> str:
    """Read a placement's reference: short, in one word, with a digit but not ten of them."""
    written = plain_text(cell)
    digits = sum(char.isdigit() for char in written)
    if len(written) > LONGEST_REFERENCE or not _REFERENCE.fullmatch(written):
        msg = (
            f"{quoted(cell)} är ingen referens till en placering, som PL-0001. Står något annat i "
            "kolumnen, till exempel utföraren, så välj det för kolumnen."
        )
        raise CellError(msg)
    if digits > MOST_DIGITS:
        msg = "En referens får inte ha tio siffror eller fler."
        raise CellError(msg)
    return written


@dataclass(frozen=True, slots=True)
class Term(Generic[Code]):
    """A word of the unit's: the code (or id) that it is, its name, and whether it can be chosen."""

    code: Code
    name: str
    active: bool = True


@dataclass(slots=True)
class Terms(Generic[Code]):
    """The words that a unit's lists may use for one thing; `names` are those to choose from."""

    what: str
    by_word: dict[str, Term[Code]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def add(self, word: str, term: Term[Code]) -> None:
        """Let a word mean a term; a word that means something already goes on meaning that."""
        self.by_word.setdefault(folded(word), term)
        if term.active and word == term.name:
            self.names.append(word)

    def find(self, word: str) -> Term[Code]:
        """Return what a word means. Raises `CellError` with the words to choose from."""
        found = self.by_word.get(folded(word)) or self._within(word)
        if found is None:
            known = ", ".join(self.names)
            msg = f"{quoted(word)} är inget {self.what}. Skriv något av: {known}."
            raise CellError(msg)
        return found

    def _within(self, _word: str) -> Term[Code] | None:
        return None


class BasisTerms(Terms[LegalBasis]):
    """Legal bases, also with chapter and section (4 kap. 1 § SoL) as long as one law is named."""

    def _within(self, word: str) -> Term[LegalBasis] | None:
        words = _WORD.findall(folded(word))
        laws = {BASES[one] for one in words if one in BASES}
        rest = [one for one in words if one not in BASES and one not in {"kap", "p", "st"}]
        return Term(laws.pop(), "") if len(laws) == 1 and not rest else None


def bases(own: Iterable[tuple[str, str, bool]]) -> BasisTerms:
    """Return a unit's legal bases; `own` are its own words: name, code, whether active."""
    terms = BasisTerms("lagrum")
    _fill(terms, LegalBasis, own, BASES)
    return terms


def contracts(own: Iterable[tuple[str, str, bool]]) -> Terms[Contract]:
    """Return a unit's contracts; `own` are its own words: name, code, whether active."""
    terms: Terms[Contract] = Terms("avtal")
    _fill(terms, Contract, own, CONTRACTS)
    return terms


def kinds(own: Iterable[tuple[int, str, bool]]) -> Terms[int]:
    """Return a unit's kinds of placement: id, name, whether active."""
    terms: Terms[int] = Terms("slag av placering i enheten")
    for row_id, name, active in own:
        terms.add(name, Term(row_id, name, active))
    for word, usual in FORMS.items():
        found = terms.by_word.get(folded(usual))
        if found is not None:
            terms.add(word, found)
    return terms


def _fill(
    terms: Terms[Any],
    codes: type[LegalBasis] | type[Contract],
    own: Iterable[tuple[str, str, bool]],
    also: Mapping[str, LegalBasis | Contract],
) -> None:
    """Add a unit's own words first, then the usual ones, which stand without a name of their own."""
    for name, code, active in own:
        terms.add(name, Term(codes(code), name, active))
    for usual in codes:
        terms.by_word.setdefault(folded(sv(usual)), Term(usual, ""))
        terms.by_word.setdefault(folded(usual.value), Term(usual, ""))
        terms.names.append(sv(usual))
    for word, usual in also.items():
        terms.by_word.setdefault(folded(word), Term(usual, ""))
