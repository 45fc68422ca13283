"""The audit log's codes in Swedish: what was done, and what it was done to."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What sort of event it is."""

    WRITE = "write"
    READ = "read"
    EXPORT = "export"
    SIGN_IN = "sign_in"
    REFUSED = "refused"


KINDS: dict[EventKind, str] = {
    EventKind.WRITE: "Ändringar",
    EventKind.READ: "Visade listor",
    EventKind.EXPORT: "Hämtade filer",
    EventKind.SIGN_IN: "In- och utloggningar",
    EventKind.REFUSED: "Nekade försök",
}
ACTIONS_OF: dict[EventKind, tuple[str, ...]] = {
    EventKind.READ: ("read",),
    EventKind.EXPORT: ("export",),
    EventKind.SIGN_IN: ("sign_in", "sign_in_failed", "sign_out"),
    EventKind.REFUSED: ("refused",),
}
"""The actions of each kind; any other action is a change."""

ACTIONS: dict[str, str] = {
    "add": "Lade till",
    "add_adult": "Lade till",
    "add_caseworker": "Lade till",
    "add_group": "Lade till",
    "add_line": "Lade till",
    "add_user": "Lade till",
    "back_up": "Säkerhetskopierade",
    "change": "Ändrade",
    "change_amount": "Ändrade belopp",
    "change_composition": "Ändrade",
    "change_definition": "Ändrade definition",
    "change_password": "Bytte lösenord",
    "change_item": "Rättade",
    "close": "Avslutade",
    "create_unit": "Skapade",
    "decide": "Beslutade",
    "define": "Lade till",
    "derive": "Räknade fram",
    "disable_user": "Stängde",
    "enable_user": "Öppnade",
    "end": "Avslutade",
    "end_adult": "Avslutade",
    "end_role": "Tog bort roll",
    "establish": "Upprättade",
    "exempt": "Undantog",
    "export": "Hämtade fil",
    "fill_demo": "Fyllde med exempeldata",
    "import": "Läste in fil",
    "note": "Noterade",
    "pay_from": "Valde budgetpost",
    "read": "Såg lista",
    "reassign": "Fördelade om",
    "reassign_caseload": "Lämnade över ärenden",
    "record": "Rapporterade",
    "refer": "Remitterade",
    "refused": "Nekades",
    "register": "Registrerade",
    "remove_closed": "Gallrade",
    "reopen": "Öppnade igen",
    "report": "Rapporterade",
    "report_nothing": "Rapporterade inget",
    "reset_password": "Gav nytt lösenord",
    "restore": "Återställde kopia",
    "resume": "Återtog",
    "review": "Följde upp",
    "revise": "Reviderade",
    "save_table": "Sparade tabell",
    "set_amount": "Satte belopp",
    "set_months": "Ändrade månader",
    "set_obstacle": "Ändrade",
    "set_outcome": "Satte utfall",
    "set_prognosis": "Satte prognos",
    "set_rate": "Satte dygnskostnad",
    "set_role": "Ändrade roll",
    "set_status": "Ändrade status",
    "set_target": "Satte årsmål",
    "set_term": "Ändrade tid",
    "set_value": "Satte värde",
    "sign_in": "Loggade in",
    "sign_in_failed": "Misslyckad inloggning",
    "sign_out": "Loggade ut",
    "snooze": "Sköt upp",
    "start": "Startade",
    "start_chain": "Loggen fick sin kedja",
    "take_cases": "Får ta ärenden",
    "take_no_cases": "Får inte ta ärenden",
    "undo": "Ångrade",
    "undo_import": "Ångrade inläsning",
    "undo_reports": "Ångrade",
    "void": "Makulerade",
}
ENTITIES: dict[str, str] = {
    "activity": "aktivitet",
    "adult_obstacle": "försörjningshinder",
    "adverse_decision": "negativt beslut",
    "analysis": "barnkonsekvensanalys",
    "benefit_month": "biståndsmånader",
    "budget_line": "budgetpost",
    "case": "ärende",
    "case_adult": "vuxen i ärende",
    "case_assignment": "fördelning av ärende",
    "case_composition": "hushåll i ärende",
    "case_file": "ärende",
    "cases": "ärenden",
    "caseworker": "handläggare",
    "change_plan": "förändringsplan",
    "child_impact": "barnkonsekvensanalyser",
    "child_impact_analysis": "barnkonsekvensanalys",
    "client_survey": "brukarundersökning",
    "day_rate": "dygnskostnad",
    "decision": "negativt beslut",
    "goal": "mål",
    "group": "grupp",
    "household_month": "hushållsmånad",
    "import_preview": "förhandsvisad inläsning",
    "import_run": "inläsning",
    "indicator": "indikator",
    "indicator_target": "årsmål",
    "indicator_value": "indikatorvärde",
    "login": "inloggning",
    "measure_entry": "svar på mätpunkt",
    "measure_point": "mätpunkt",
    "my_week": "egna ärenden i Min vecka",
    "outcome": "utfall",
    "placement": "placering",
    "placement_decision": "placeringsbeslut",
    "placement_kind": "placeringsslag",
    "placement_plan": "syfte och plan för placering",
    "placement_review": "uppföljning av placering",
    "placements": "placeringar",
    "plan_cases": "ärenden bakom förändringsplanerna",
    "plan_exemption": "undantag från plan",
    "plan_revision": "revidering av plan",
    "prognosis": "prognos",
    "reminder_snooze": "uppskjuten påminnelse",
    "report": "rapport",
    "reporting": "rapporteringsläge",
    "retention_run": "gallring",
    "retention_term": "gallringstid",
    "row": "rad utanför det egna",
    "staff_survey": "medarbetarenkät",
    "store": "databasen",
    "unit": "enhet",
    "user": "konto",
    "walk_through": "genomgång",
    "walk_through_item": "beslut vid genomgång",
}
PERMISSION_WORDS: dict[str, str] = {
    "view_sums": "se summor",
    "view_cases": "se ärenden",
    "view_own_week": "se Min vecka",
    "view_placements": "se placeringar",
    "view_budget": "se budget",
    "view_users": "se konton",
    "view_audit": "se händelseloggen",
    "register_case": "registrera ärenden",
    "refer_case": "remittera ärenden",
    "reassign_case": "fördela om ärenden",
    "close_case": "avsluta ärenden",
    "report_plans": "rapportera förändringsplaner",
    "report_child_impact": "rapportera barnkonsekvensanalyser",
    "manage_placements": "registrera placeringar",
    "edit_budget": "ändra budget",
    "edit_goals": "ändra mål",
    "edit_households": "ändra hushåll",
    "edit_staff_survey": "ändra medarbetarenkät",
    "manage_users": "sköta konton",
    "report_measures": "svara på mätpunkter",
    "view_reporting": "se rapporteringsläget",
    "edit_measures": "ändra mätpunkter",
    "edit_client_surveys": "ändra brukarundersökningar",
    "edit_benefit_months": "ändra biståndsmånader",
    "view_imports": "se inläsningar",
    "import_files": "läsa in filer",
    "manage_retention": "gallra",
}
"""What somebody was refused."""

DETAILS: dict[str, str] = {
    "case_id": "ärende",
    "cases": "ärenden",
    "caseworker_id": "handläggare",
    "changed": "ändrade",
    "created": "nya",
    "decision_id": "beslut",
    "events": "händelser",
    "group_id": "grupp",
    "indicator_id": "indikator",
    "line_id": "budgetpost",
    "placement_id": "placering",
    "reports": "rapporter",
    "role": "roll",
    "rows": "rader",
    "unchanged": "oförändrade",
    "year": "år",
}
"""The details that an admin is shown: numbers of rows and how many. What a case holds is not."""


def action_word(action: str) -> str:
    """Return what was done, in Swedish; the code itself for one without a word."""
    return ACTIONS.get(action, action)


def entity_word(entity: str) -> str:
    """Return what it was done to, in Swedish; a file's own name stands as it is."""
    return ENTITIES.get(entity) or PERMISSION_WORDS.get(entity, entity)
