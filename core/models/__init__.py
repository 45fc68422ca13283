"""All tables. Importing this package registers them with `Base.metadata`."""

from core.models.audit import AuditEvent, AuditHead, AuditLink
from core.models.base import Base
from core.models.benefit_months import BenefitMonth
from core.models.budget import BudgetLine, Outcome, Prognosis
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
    PlacementReview,
)
from core.models.plans import ChangePlan, PlanExemption, PlanRevision
from core.models.reminders import ReminderSnooze
from core.models.retention import RetainedCost, RetainedCount, RetentionRun, RetentionTerm
from core.models.staff_survey import StaffSurvey
from core.models.store import Area, DataVersion, StoreInfo
from core.models.units import Caseworker, Group, Unit
from core.models.users import Login, SignInThrottle, User, UserRole

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
    "DataVersion",
    "DayRate",
    "Goal",
    "Group",
    "HouseholdMonth",
    "HouseholdMonthPart",
    "ImportChange",
    "ImportRun",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Login",
    "MeasureAnswer",
    "MeasureChoice",
    "MeasureDefinition",
    "MeasureEntry",
    "MeasurePoint",
    "MeasureQuestion",
    "MeasureWindow",
    "Outcome",
    "Placement",
    "PlacementDecision",
    "PlacementKind",
    "PlacementReview",
    "PlanExemption",
    "PlanRevision",
    "Prognosis",
    "ReminderSnooze",
    "RetainedCost",
    "RetainedCount",
    "RetentionRun",
    "RetentionTerm",
    "SignInThrottle",
    "StaffSurvey",
    "StoreInfo",
    "Unit",
    "User",
    "UserRole",
]
