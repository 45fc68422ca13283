"""The field's words: codes in English, as stored, with the Swedish that a screen or a file shows.

Source: the word list and definitions of the domain description. A code never changes its meaning;
a new word gets a new code.
"""

from __future__ import annotations

from enum import StrEnum

WITHOUT_CASEWORKER = "utan handläggare"
WITHOUT_GROUP = "utan grupp"
ALL = "alla"
HIDDEN_COUNT = "<5"
HIDDEN = ".."


class CaseKind(StrEnum):
    """What a case concerns. Different kinds are never added into one number of households."""

    BENEFIT = "benefit"
    ADDICTION = "addiction"
    WRONG_PAYMENT = "wrong_payment"
    ONE_OFF_APPLICATION = "one_off_application"
    STATEMENT = "statement"


ONGOING_KINDS = (CaseKind.BENEFIT, CaseKind.ADDICTION, CaseKind.WRONG_PAYMENT)
"""Kinds that count as ongoing cases in a caseworker's load."""


class Gender(StrEnum):
    """Registered gender; households count by their applicant's."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class HouseholdType(StrEnum):
    """The household's composition, without its number of children."""

    SINGLE = "single"
    SINGLE_WITH_CHILDREN = "single_with_children"
    COUPLE = "couple"
    COUPLE_WITH_CHILDREN = "couple_with_children"
    OTHER = "other"


class Obstacle(StrEnum):
    """Försörjningshinder: why an adult can't support themselves. One at a time."""

    UNEMPLOYED = "unemployed"
    SICK_WITH_SGI = "sick_with_sgi"
    SICK_WITHOUT_SGI = "sick_without_sgi"
    SICKNESS_COMPENSATION = "sickness_compensation"
    ACTIVITY_COMPENSATION = "activity_compensation"
    SOCIAL_REASONS = "social_reasons"
    CARE_OF_CHILD = "care_of_child"
    INVOLUNTARY_PART_TIME = "involuntary_part_time"
    FULL_TIME_WORK = "full_time_work"
    TEMPORARY_NEED = "temporary_need"
    ASYLUM_SEEKER = "asylum_seeker"
    OTHER = "other"
    UNKNOWN = "unknown"


class ClosingReason(StrEnum):
    """Why a case was closed; an empty one counts as unknown."""

    WORK = "work"
    HIGHER_INCOME = "higher_income"
    STUDIES = "studies"
    SOCIAL_INSURANCE = "social_insurance"
    PENSION = "pension"
    MOVED = "moved"
    COHABITATION = "cohabitation"
    NO_LONGER_APPLIES = "no_longer_applies"
    DECEASED = "deceased"
    OTHER = "other"
    UNKNOWN = "unknown"


class PlanStatus(StrEnum):
    """A case's change-plan status on a day; the first that fits, in this order."""

    EXEMPT = "exempt"
    CURRENT = "current"
    OUTDATED = "outdated"
    DUE = "due"
    OVERDUE = "overdue"


class ExemptionReason(StrEnum):
    """Why a household needs no change plan for a while."""

    MOVES_WITHIN_A_MONTH = "moves_within_a_month"
    OTHER_INCOME_WITHIN_A_MONTH = "other_income_within_a_month"
    OTHER = "other"


class DecisionKind(StrEnum):
    """Kinds of adverse decision."""

    REFUSAL = "refusal"
    PARTIAL_REFUSAL = "partial_refusal"
    TERMINATION = "termination"


class AnalysisStatus(StrEnum):
    """Whether a child's impact analysis was there when the decision was made."""

    DONE = "done"
    LATE = "late"
    MISSING = "missing"


class LegalBasis(StrEnum):
    """The law that a placement rests on."""

    SOL = "sol"
    LVM = "lvm"
    LSS = "lss"


class Contract(StrEnum):
    """How a placement was bought."""

    FRAMEWORK = "framework"
    INDIVIDUAL = "individual"
    IN_HOUSE = "in_house"
    LOV = "lov"


class PlacementForm(StrEnum):
    """Kinds of placement that every unit starts with."""

    CARE_HOME = "care_home"
    SUPPORTED_HOUSING = "supported_housing"
    HOTEL = "hotel"
    PROTECTED_HOUSING = "protected_housing"
    TRAINING_FLAT = "training_flat"
    TRIAL_FLAT = "trial_flat"
    FOSTER_HOME = "foster_home"
    SPECIAL_SERVICE_HOUSING = "special_service_housing"
    OTHER = "other"


class BridgeCause(StrEnum):
    """Why the placements' cost of the year is another than it was, in the order they are shown."""

    NEW = "new"
    EXTENDED = "extended"
    OVERRUN = "overrun"
    RATE = "rate"
    CONTRACT = "contract"
    SHORTENED = "shortened"
    ENDED = "ended"
    OTHER = "other"


class PrognosisMethod(StrEnum):
    """The computed prognoses: three of every line, and a driver model where a line has one."""

    RUN_RATE = "run_rate"
    LAST_YEAR_PATTERN = "last_year_pattern"
    BOTTOM_UP = "bottom_up"
    DRIVER = "driver"


class Direction(StrEnum):
    """Which way an indicator gets better."""

    HIGHER = "higher"
    LOWER = "lower"


class Periodicity(StrEnum):
    """How often an indicator is measured."""

    MONTH = "month"
    TERTIAL = "tertial"
    YEAR = "year"


class Accumulation(StrEnum):
    """How an indicator's values within a year make the year's."""

    LATEST = "latest"
    SUM = "sum"


class IndicatorUnit(StrEnum):
    """The unit of measure of an indicator's values."""

    PERCENT = "percent"
    COUNT = "count"
    INDEX = "index"
    KRONOR = "kronor"
    OWN = "own"


class IndicatorSource(StrEnum):
    """Where an indicator's values come from."""

    TYPED = "typed"
    IMPORTED = "imported"
    COMPUTED = "computed"


class ComputedFigure(StrEnum):
    """The figure that a computed indicator takes its values from."""

    PLANS_WITHIN_THREE_MONTHS = "plans_within_three_months"
    PLANS_CURRENT_SHARE = "plans_current_share"
    PLANS_COVERAGE = "plans_coverage"
    BKA_COVERAGE = "bka_coverage"
    CLOSED_AS_UNKNOWN = "closed_as_unknown"
    FAMILIES_IN_HOTEL = "families_in_hotel"
    LONG_TERM_SHARE = "long_term_share"
    REFUSALS_AFFECTING_CHILDREN = "refusals_affecting_children"


class Fulfilment(StrEnum):
    """How an indicator stands against its annual target."""

    NO_TARGET = "no_target"
    NO_OUTCOME_YET = "no_outcome_yet"
    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"


class GoalLevel(StrEnum):
    """Levels of the goal chain, from the city council to the unit."""

    CITY_DIRECTION = "city_direction"
    CITY_GOAL = "city_goal"
    BOARD_GOAL = "board_goal"
    UNIT_GOAL = "unit_goal"


class ActivityStatus(StrEnum):
    """Where an activity stands."""

    NOT_STARTED = "not_started"
    ONGOING = "ongoing"
    DONE = "done"
    CANCELLED = "cancelled"


class OwnerLevel(StrEnum):
    """Who decided on an indicator or an activity."""

    CITY = "city"
    BOARD = "board"
    UNIT = "unit"


class DataSource(StrEnum):
    """How a published or periodic value came into the store."""

    TYPED = "typed"
    IMPORTED = "imported"
    DERIVED = "derived"


class MeasureKind(StrEnum):
    """What one report on a measure point is."""

    NUMBER = "number"
    CASE_CHECK = "case_check"
    CHOICE = "choice"
    EVENT = "event"


class MeasureFrequency(StrEnum):
    """How often a measure point is reported."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    HALF_YEAR = "half_year"
    YEAR = "year"
    OWN_PERIODS = "own_periods"
    WHEN_IT_HAPPENS = "when_it_happens"


class MeasureSubject(StrEnum):
    """What must be reported on in each period for the period to be done."""

    OWN = "own"
    OPEN_CASES = "open_cases"
    SELF_SUPPORT_CLOSINGS = "self_support_closings"
    CASEWORKERS = "caseworkers"


class CaseReference(StrEnum):
    """Whether a report names a case."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class ChoiceCounts(StrEnum):
    """How a choice counts in a share: in numerator and denominator, in the latter, in neither."""

    YES = "yes"
    NO = "no"
    LEFT_OUT = "left_out"


class MeasureFeed(StrEnum):
    """How a measure point's reports make an indicator's value."""

    SUM = "sum"
    SHARE_YES = "share_yes"
    SHARE_OF_CHOICE = "share_of_choice"
    MEAN = "mean"


class PlacementState(StrEnum):
    """How a placement stands on a day."""

    RUNNING = "running"
    COMING = "coming"
    ENDED = "ended"


class DecisionReason(StrEnum):
    """Why a decision on a placement was made."""

    NEW = "new"
    EXTENSION = "extension"
    SHORTENING = "shortening"
    NEW_PROVIDER = "new_provider"
    NEW_CONTRACT = "new_contract"
    NEW_RATE = "new_rate"
    ENDED = "ended"
    REOPENED = "reopened"
    OTHER = "other"


class PlacementDimension(StrEnum):
    """What a unit can have own words for on its placements."""

    LEGAL_BASIS = "legal_basis"
    CONTRACT = "contract"


class WalkThroughOutcome(StrEnum):
    """What a walk-through decides on a placement."""

    CONTINUE = "continue"
    END = "end"
    CHANGE = "change"
    INVESTIGATE = "investigate"


class WalkThroughOrder(StrEnum):
    """Which running placements a walk-through goes through, and which of them come first."""

    ALL = "all_running"
    OVERDUE = "overdue_reviews"
    DEAREST = "dearest_first"
    OUTSIDE = "outside_framework_first"


class ScenarioStep(StrEnum):
    """An imagined change in a scenario."""

    MOVE_END = "move_end"
    SET_RATE = "set_rate"
    END = "end"
    REPLACE = "replace"
    ADD = "add"


class RoundState(StrEnum):
    """How far a month's prognosis has come."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class OneOffKind(StrEnum):
    """What is kept apart so that the underlying result shows."""

    STATE_GRANT = "state_grant"
    ONE_OFF = "one_off"


class ReminderKind(StrEnum):
    """What a case's reminder is about."""

    PLAN = "plan"
    CHILD_IMPACT = "child_impact"
    MEASURE = "measure"


class ClientSurveyKind(StrEnum):
    """Which survey clients answered."""

    CITY = "city"
    RECEPTION = "reception"
    PHONE = "phone"
    OWN = "own"


class ClientAnswer(StrEnum):
    """What a client can answer."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    DONT_KNOW = "dont_know"


class ImportKind(StrEnum):
    """What a file can hold."""

    CASES = "cases"
    BENEFIT_MONTHS = "benefit_months"
    HOUSEHOLD_MONTHS = "household_months"
    STAFF_SURVEY = "staff_survey"
    GOALS = "goals"
    INDICATOR_VALUES = "indicator_values"
    CLIENT_SURVEYS = "client_surveys"
    PLACEMENTS = "placements"
    LEDGER = "ledger"


_WORDS: tuple[tuple[StrEnum, str], ...] = (
    (CaseKind.BENEFIT, "ekonomiskt bistånd"),
    (CaseKind.ADDICTION, "beroende"),
    (CaseKind.WRONG_PAYMENT, "FUT"),
    (CaseKind.ONE_OFF_APPLICATION, "engångsansökan"),
    (CaseKind.STATEMENT, "yttrande"),
    (Gender.WOMAN, "kvinna"),
    (Gender.MAN, "man"),
    (Gender.OTHER, "annat/okänt"),
    (HouseholdType.SINGLE, "ensamstående"),
    (HouseholdType.SINGLE_WITH_CHILDREN, "ensamstående med barn"),
    (HouseholdType.COUPLE, "par"),
    (HouseholdType.COUPLE_WITH_CHILDREN, "par med barn"),
    (HouseholdType.OTHER, "övrig hushållstyp"),
    (Obstacle.UNEMPLOYED, "arbetslös"),
    (Obstacle.SICK_WITH_SGI, "sjukskriven med läkarintyg, med SGI"),
    (Obstacle.SICK_WITHOUT_SGI, "sjukskriven med läkarintyg, utan SGI"),
    (Obstacle.SICKNESS_COMPENSATION, "sjukersättning"),
    (Obstacle.ACTIVITY_COMPENSATION, "aktivitetsersättning"),
    (Obstacle.SOCIAL_REASONS, "arbetshinder, sociala skäl"),
    (Obstacle.CARE_OF_CHILD, "vård av barn"),
    (Obstacle.INVOLUNTARY_PART_TIME, "arbetar deltid ofrivilligt"),
    (Obstacle.FULL_TIME_WORK, "arbetar heltid"),
    (Obstacle.TEMPORARY_NEED, "tillfälligt behov"),
    (Obstacle.ASYLUM_SEEKER, "LMA"),
    (Obstacle.OTHER, "övriga"),
    (Obstacle.UNKNOWN, "uppgift saknas"),
    (ClosingReason.WORK, "arbete"),
    (ClosingReason.HIGHER_INCOME, "ökad inkomst"),
    (ClosingReason.STUDIES, "studier"),
    (ClosingReason.SOCIAL_INSURANCE, "ersättning från socialförsäkring eller a-kassa"),
    (ClosingReason.PENSION, "pension"),
    (ClosingReason.MOVED, "flyttat"),
    (ClosingReason.COHABITATION, "försörjs av annan i hushållet"),
    (ClosingReason.NO_LONGER_APPLIES, "söker inte längre"),
    (ClosingReason.DECEASED, "avliden"),
    (ClosingReason.OTHER, "annat"),
    (ClosingReason.UNKNOWN, "okänt"),
    (PlanStatus.EXEMPT, "undantag"),
    (PlanStatus.CURRENT, "aktuell"),
    (PlanStatus.OUTDATED, "inaktuell"),
    (PlanStatus.DUE, "saknas, inom tid"),
    (PlanStatus.OVERDUE, "saknas, försenad"),
    (ExemptionReason.MOVES_WITHIN_A_MONTH, "flyttar inom en månad"),
    (ExemptionReason.OTHER_INCOME_WITHIN_A_MONTH, "annan ersättning inom en månad"),
    (ExemptionReason.OTHER, "annat"),
    (DecisionKind.REFUSAL, "avslag"),
    (DecisionKind.PARTIAL_REFUSAL, "delavslag"),
    (DecisionKind.TERMINATION, "upphörande"),
    (AnalysisStatus.DONE, "gjord i tid"),
    (AnalysisStatus.LATE, "gjord för sent"),
    (AnalysisStatus.MISSING, "saknas"),
    (LegalBasis.SOL, "SoL"),
    (LegalBasis.LVM, "LVM"),
    (LegalBasis.LSS, "LSS"),
    (BridgeCause.NEW, "nya placeringar"),
    (BridgeCause.EXTENDED, "förlängda"),
    (BridgeCause.OVERRUN, "fortsatt efter planerat slut"),
    (BridgeCause.RATE, "ändrat dygnspris"),
    (BridgeCause.CONTRACT, "ändrat avtal eller utförare"),
    (BridgeCause.SHORTENED, "förkortade"),
    (BridgeCause.ENDED, "avslutade tidigare"),
    (BridgeCause.OTHER, "övrigt"),
    (Contract.FRAMEWORK, "ramavtal"),
    (Contract.INDIVIDUAL, "individavtal"),
    (Contract.IN_HOUSE, "egen regi"),
    (Contract.LOV, "LOV"),
    (PlacementForm.CARE_HOME, "HVB"),
    (PlacementForm.SUPPORTED_HOUSING, "stödboende"),
    (PlacementForm.HOTEL, "tillfälligt boende på hotell/vandrarhem"),
    (PlacementForm.PROTECTED_HOUSING, "skyddat boende"),
    (PlacementForm.TRAINING_FLAT, "träningslägenhet"),
    (PlacementForm.TRIAL_FLAT, "försökslägenhet"),
    (PlacementForm.FOSTER_HOME, "konsulentstött familjehem"),
    (PlacementForm.SPECIAL_SERVICE_HOUSING, "bostad med särskild service"),
    (PlacementForm.OTHER, "annat"),
    (PrognosisMethod.RUN_RATE, "rak framskrivning"),
    (PrognosisMethod.LAST_YEAR_PATTERN, "förra årets mönster"),
    (PrognosisMethod.BOTTOM_UP, "beslut framåt"),
    (PrognosisMethod.DRIVER, "drivarmodell"),
    (Direction.HIGHER, "högre är bättre"),
    (Direction.LOWER, "lägre är bättre"),
    (Periodicity.MONTH, "månad"),
    (Periodicity.TERTIAL, "tertial"),
    (Periodicity.YEAR, "år"),
    (Accumulation.LATEST, "senaste värdet"),
    (Accumulation.SUM, "summa över året"),
    (IndicatorUnit.PERCENT, "%"),
    (IndicatorUnit.COUNT, "antal"),
    (IndicatorUnit.INDEX, "index"),
    (IndicatorUnit.KRONOR, "kr"),
    (IndicatorUnit.OWN, "egen"),
    (IndicatorSource.TYPED, "inskrivet"),
    (IndicatorSource.IMPORTED, "importerat"),
    (IndicatorSource.COMPUTED, "räknas ut"),
    (ComputedFigure.PLANS_WITHIN_THREE_MONTHS, "förändringsplaner inom tre månader"),
    (ComputedFigure.PLANS_CURRENT_SHARE, "andel aktuella förändringsplaner"),
    (ComputedFigure.PLANS_COVERAGE, "täckning av förändringsplaner"),
    (ComputedFigure.BKA_COVERAGE, "barnkonsekvensanalyser vid negativt beslut"),
    (ComputedFigure.CLOSED_AS_UNKNOWN, "andel avslutade som okänt"),
    (ComputedFigure.FAMILIES_IN_HOTEL, "barnfamiljer i tillfälligt boende på hotell/vandrarhem"),
    (ComputedFigure.LONG_TERM_SHARE, "andel hushåll med långvarigt bistånd"),
    (ComputedFigure.REFUSALS_AFFECTING_CHILDREN, "negativa beslut som berör barn"),
    (Fulfilment.NO_TARGET, "saknar årsmål"),
    (Fulfilment.NO_OUTCOME_YET, "ej utfall än"),
    (Fulfilment.MET, "uppfylls helt"),
    (Fulfilment.PARTLY_MET, "uppfylls delvis"),
    (Fulfilment.NOT_MET, "uppfylls ej"),
    (GoalLevel.CITY_DIRECTION, "KF:s inriktningsmål"),
    (GoalLevel.CITY_GOAL, "KF:s mål för verksamhetsområdet"),
    (GoalLevel.BOARD_GOAL, "nämndmål"),
    (GoalLevel.UNIT_GOAL, "enhetsmål"),
    (ActivityStatus.NOT_STARTED, "ej påbörjad"),
    (ActivityStatus.ONGOING, "pågår"),
    (ActivityStatus.DONE, "klar"),
    (ActivityStatus.CANCELLED, "avbruten"),
    (OwnerLevel.CITY, "KF"),
    (OwnerLevel.BOARD, "nämnd"),
    (OwnerLevel.UNIT, "enhet"),
    (DataSource.TYPED, "inskrivet"),
    (DataSource.IMPORTED, "importerat"),
    (DataSource.DERIVED, "ur egna ärenden"),
    (MeasureKind.NUMBER, "antal per period"),
    (MeasureKind.CASE_CHECK, "ja eller nej per ärende"),
    (MeasureKind.CHOICE, "svar per ärende eller möte"),
    (MeasureKind.EVENT, "händelse med datum"),
    (MeasureFrequency.WEEK, "varje vecka"),
    (MeasureFrequency.MONTH, "varje månad"),
    (MeasureFrequency.QUARTER, "varje kvartal"),
    (MeasureFrequency.TERTIAL, "varje tertial"),
    (MeasureFrequency.HALF_YEAR, "varje halvår"),
    (MeasureFrequency.YEAR, "varje år"),
    (MeasureFrequency.OWN_PERIODS, "i egna mätperioder"),
    (MeasureFrequency.WHEN_IT_HAPPENS, "när det händer"),
    (MeasureSubject.OWN, "den som rapporterar"),
    (MeasureSubject.OPEN_CASES, "varje öppet ärende"),
    (MeasureSubject.SELF_SUPPORT_CLOSINGS, "varje ärende som avslutas till egen försörjning"),
    (MeasureSubject.CASEWORKERS, "varje handläggare"),
    (CaseReference.NONE, "inget ärende"),
    (CaseReference.OPTIONAL, "ärende om man vill"),
    (CaseReference.REQUIRED, "ärende krävs"),
    (ChoiceCounts.YES, "räknas som ja"),
    (ChoiceCounts.NO, "räknas som nej"),
    (ChoiceCounts.LEFT_OUT, "räknas inte med"),
    (MeasureFeed.SUM, "summa"),
    (MeasureFeed.SHARE_YES, "andel ja"),
    (MeasureFeed.SHARE_OF_CHOICE, "andel av ett svar"),
    (MeasureFeed.MEAN, "medelvärde"),
    (PlacementState.RUNNING, "pågående"),
    (PlacementState.COMING, "kommande"),
    (PlacementState.ENDED, "avslutad"),
    (DecisionReason.NEW, "ny placering"),
    (DecisionReason.EXTENSION, "förlängning"),
    (DecisionReason.SHORTENING, "förkortning"),
    (DecisionReason.NEW_PROVIDER, "byte av utförare"),
    (DecisionReason.NEW_CONTRACT, "byte av avtal"),
    (DecisionReason.NEW_RATE, "ändrad dygnskostnad"),
    (DecisionReason.ENDED, "avslut"),
    (DecisionReason.REOPENED, "återöppning"),
    (DecisionReason.OTHER, "annat skäl"),
    (PlacementDimension.LEGAL_BASIS, "lagrum"),
    (PlacementDimension.CONTRACT, "avtal"),
    (WalkThroughOutcome.CONTINUE, "fortsätt"),
    (WalkThroughOutcome.END, "avsluta"),
    (WalkThroughOutcome.CHANGE, "ändra"),
    (WalkThroughOutcome.INVESTIGATE, "utred alternativ"),
    (WalkThroughOrder.ALL, "alla pågående"),
    (WalkThroughOrder.OVERDUE, "bara försenade uppföljningar"),
    (WalkThroughOrder.DEAREST, "dyrast först"),
    (WalkThroughOrder.OUTSIDE, "utanför ramavtal först"),
    (ScenarioStep.MOVE_END, "flytta slutet"),
    (ScenarioStep.SET_RATE, "ändra dygnskostnaden"),
    (ScenarioStep.END, "avsluta"),
    (ScenarioStep.REPLACE, "byt till annan insats"),
    (ScenarioStep.ADD, "lägg till en placering"),
    (RoundState.OPEN, "påbörjad"),
    (RoundState.SUBMITTED, "lämnad till enhetschefen"),
    (RoundState.APPROVED, "godkänd och låst"),
    (OneOffKind.STATE_GRANT, "generalschablon"),
    (OneOffKind.ONE_OFF, "engångspost"),
    (ReminderKind.PLAN, "förändringsplan"),
    (ReminderKind.CHILD_IMPACT, "barnkonsekvensanalys"),
    (ReminderKind.MEASURE, "mätpunkt"),
    (ClientSurveyKind.CITY, "stadens brukarundersökning"),
    (ClientSurveyKind.RECEPTION, "Bemötandekollen"),
    (ClientSurveyKind.PHONE, "telefonenkät"),
    (ClientSurveyKind.OWN, "egen enkät"),
    (ClientAnswer.YES, "ja"),
    (ClientAnswer.PARTLY, "delvis"),
    (ClientAnswer.NO, "nej"),
    (ClientAnswer.IMPROVED, "bättre"),
    (ClientAnswer.UNCHANGED, "oförändrat"),
    (ClientAnswer.WORSE, "sämre"),
    (ClientAnswer.DONT_KNOW, "vet inte"),
    (ImportKind.CASES, "ärenden"),
    (ImportKind.BENEFIT_MONTHS, "biståndsmånader"),
    (ImportKind.HOUSEHOLD_MONTHS, "hushållsstatistik"),
    (ImportKind.STAFF_SURVEY, "medarbetarenkät"),
    (ImportKind.GOALS, "mål, indikatorer och aktiviteter"),
    (ImportKind.INDICATOR_VALUES, "indikatorvärden"),
    (ImportKind.CLIENT_SURVEYS, "brukarundersökningar"),
    (ImportKind.PLACEMENTS, "placeringslista"),
    (ImportKind.LEDGER, "utfall ur huvudboken"),
)
SWEDISH = {(type(code), code): word for code, word in _WORDS}
"""The Swedish word of every code, in lower case as inside a sentence.

By kind and code, since codes of two kinds may be spelt alike.
"""

OBSTACLE_CODES: dict[Obstacle, str] = {
    Obstacle.UNEMPLOYED: "arbetslös",
    Obstacle.SICK_WITH_SGI: "sjukskriven_med_sgi",
    Obstacle.SICK_WITHOUT_SGI: "sjukskriven_utan_sgi",
    Obstacle.SICKNESS_COMPENSATION: "sjukersättning",
    Obstacle.ACTIVITY_COMPENSATION: "aktivitetsersättning",
    Obstacle.SOCIAL_REASONS: "arbetshinder_sociala_skäl",
    Obstacle.CARE_OF_CHILD: "vård_av_barn",
    Obstacle.INVOLUNTARY_PART_TIME: "arbetar_deltid_ofrivilligt",
    Obstacle.FULL_TIME_WORK: "arbetar_heltid",
    Obstacle.TEMPORARY_NEED: "tillfälligt_behov",
    Obstacle.ASYLUM_SEEKER: "lma",
    Obstacle.OTHER: "övriga",
    Obstacle.UNKNOWN: "uppgift saknas",
}
"""The leaf codes that files carry, spelt as in the published figures."""


def sv(code: StrEnum) -> str:
    """Return a code's Swedish word, in lower case as inside a sentence."""
    return SWEDISH[type(code), code]


def sv_title(code: StrEnum) -> str:
    """Return a code's Swedish word with a capital, as a label."""
    word = sv(code)
    return word[0].upper() + word[1:]
