"""All tables. Importing this package registers them with `Base.metadata`."""

from core.models.audit import AuditEvent, AuditHead, AuditLink
from core.models.base import Base
from core.models.benefit_months import BenefitMonth
from core.models.budget import (
    BudgetLine,
    DriverAssumption,
    LedgerMapping,
    LedgerRow,
    OneOffItem,
    Outcome,
    Prognosis,
    PrognosisRound,
    PrognosisRoundLine,
    RoundLimits,
    SavingsFollowUp,
    SavingsMeasure,
    YearResult,
)
from core.models.cases import (
    AdultObstacle,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
)
from core.models.child_impact import AdverseDecision, AffectedChild, ChildImpactAnalysis
from core.models.client_surveys import ClientSurvey, ClientSurveyCount
from core.models.goals import Activity, Goal, Indicator, IndicatorTarget, IndicatorValue
from core.models.households import HouseholdMonth, HouseholdMonthPart
from core.models.imports import ImportChange, ImportRun
from core.models.measures import (
    MeasureAnswer,
    MeasureChoice,
    MeasureDefinition,
    MeasureEntry,
    MeasurePoint,
    MeasureQuestion,
    MeasureWindow,
)
from core.models.placements import (
    DayRate,
    Placement,
    PlacementDecision,
    PlacementKind,
    PlacementPlan,
    PlacementReview,
    PlacementTerm,
    WalkThrough,
    WalkThroughItem,
)
from core.models.plans import ChangePlan, PlanExemption, PlanRevision
from core.models.reminders import ReminderSnooze
from core.models.retention import RetainedCost, RetainedCount, RetentionRun, RetentionTerm
from core.models.scenarios import Scenario, ScenarioChange
from core.models.staff_survey import StaffSurvey
from core.models.store import Area, DataVersion, StoreInfo
from core.models.units import Caseworker, Group, Unit
from core.models.users import Login, SignInThrottle, User, UserRole
from core.models.views import ColumnMapping, SavedView

__all__ = [
    "Activity",
    "AdultObstacle",
    "AdverseDecision",
    "AffectedChild",
    "Area",
    "AuditEvent",
    "AuditHead",
    "AuditLink",
    "Base",
    "BenefitMonth",
    "BudgetLine",
    "Case",
    "CaseAdult",
    "CaseAssignment",
    "CaseComposition",
    "Caseworker",
    "ChangePlan",
    "ChildImpactAnalysis",
    "ClientSurvey",
    "ClientSurveyCount",
    "ColumnMapping",
    "DataVersion",
    "DayRate",
    "DriverAssumption",
    "Goal",
    "Group",
    "HouseholdMonth",
    "HouseholdMonthPart",
    "ImportChange",
    "ImportRun",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "LedgerMapping",
    "LedgerRow",
    "Login",
    "MeasureAnswer",
    "MeasureChoice",
    "MeasureDefinition",
    "MeasureEntry",
    "MeasurePoint",
    "MeasureQuestion",
    "MeasureWindow",
    "OneOffItem",
    "Outcome",
    "Placement",
    "PlacementDecision",
    "PlacementKind",
    "PlacementPlan",
    "PlacementReview",
    "PlacementTerm",
    "PlanExemption",
    "PlanRevision",
    "Prognosis",
    "PrognosisRound",
    "PrognosisRoundLine",
    "ReminderSnooze",
    "RetainedCost",
    "RetainedCount",
    "RetentionRun",
    "RetentionTerm",
    "RoundLimits",
    "SavedView",
    "SavingsFollowUp",
    "SavingsMeasure",
    "Scenario",
    "ScenarioChange",
    "SignInThrottle",
    "StaffSurvey",
    "StoreInfo",
    "Unit",
    "User",
    "UserRole",
    "WalkThrough",
    "WalkThroughItem",
    "YearResult",
]
