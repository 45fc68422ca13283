"""The menu: every page, its Swedish title, its address and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st
from streamlit.navigation.page import Page

from core.auth import PERMISSIONS, ROLE_NAMES, Permission, Role
from core.charts.theme import PALETTES
from core.queries.users import Visit
from pages.common import gate


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A page. `path` is relative to `pages/`, `permission` is what the page itself requires."""

    section: str
    title: str
    icon: str
    path: str
    url_path: str
    permission: Permission


START, FOLLOW_UP, PLACEMENTS, MONEY, REPORTING, GOALS, ADMIN = (
    "Start",
    "Följa upp",
    "Placeringar",
    "Ekonomi",
    "Rapportera",
    "Mål",
    "Administration",
)
MENU = (
    MenuItem(START, "Start", "home", "overview/start.py", "start", Permission.VIEW_SUMS),
    MenuItem(
        FOLLOW_UP,
        "Förändringsplaner",
        "assignment_turned_in",
        "follow_up/change_plans.py",
        "forandringsplaner",
        Permission.VIEW_CASES,
    ),
    MenuItem(
        FOLLOW_UP,
        "BKA",
        "child_care",
        "follow_up/child_impact.py",
        "bka",
        Permission.VIEW_CASES,
    ),
    MenuItem(
        FOLLOW_UP,
        "Hushåll",
        "groups",
        "follow_up/households.py",
        "hushall",
        Permission.VIEW_SUMS,
    ),
    MenuItem(
        FOLLOW_UP,
        "Medarbetarenkät",
        "sentiment_satisfied",
        "follow_up/staff_survey.py",
        "medarbetarenkat",
        Permission.VIEW_SUMS,
    ),
    MenuItem(
        FOLLOW_UP,
        "Brukarundersökningar",
        "reviews",
        "follow_up/client_surveys.py",
        "brukarundersokningar",
        Permission.VIEW_SUMS,
    ),
    MenuItem(
        PLACEMENTS,
        "Placeringar",
        "bed",
        "follow_up/placements.py",
        "placeringar",
        Permission.VIEW_PLACEMENTS,
    ),
    MenuItem(
        PLACEMENTS,
        "Tillfälligt boende",
        "hotel",
        "follow_up/temporary_housing.py",
        "tillfalligt-boende",
        Permission.VIEW_PLACEMENTS,
    ),
    MenuItem(
        PLACEMENTS,
        "Genomgång",
        "checklist",
        "follow_up/walk_through.py",
        "genomgang",
        Permission.MANAGE_PLACEMENTS,
    ),
    MenuItem(
        PLACEMENTS,
        "Kostnadsprognos",
        "query_stats",
        "follow_up/cost_outlook.py",
        "kostnadsprognos",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        PLACEMENTS,
        "Vad händer om",
        "alt_route",
        "follow_up/scenarios.py",
        "vad-hander-om",
        Permission.EDIT_SCENARIOS,
    ),
    MenuItem(
        MONEY,
        "Månadens läge",
        "summarize",
        "follow_up/month_summary.py",
        "manadens-lage",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        MONEY,
        "Budget och prognos",
        "payments",
        "follow_up/budget.py",
        "budget",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        MONEY,
        "Prognosrunda",
        "event_repeat",
        "follow_up/prognosis_round.py",
        "prognosrunda",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        MONEY,
        "Träffsäkerhet",
        "target",
        "follow_up/accuracy.py",
        "traffsakerhet",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        MONEY,
        "Biståndsmodell",
        "tune",
        "follow_up/drivers.py",
        "bistandsmodell",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        MONEY,
        "Åtgärdsplan",
        "savings",
        "follow_up/savings.py",
        "atgardsplan",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        MONEY,
        "Underliggande resultat",
        "layers",
        "follow_up/underlying.py",
        "underliggande-resultat",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        MONEY,
        "Huvudbok",
        "menu_book",
        "admin/ledger.py",
        "huvudbok",
        Permission.VIEW_BUDGET,
    ),
    MenuItem(
        REPORTING,
        "Min vecka",
        "view_week",
        "reporting/my_week.py",
        "min-vecka",
        Permission.VIEW_OWN_WEEK,
    ),
    MenuItem(
        REPORTING,
        "Ärenden",
        "folder_open",
        "reporting/cases.py",
        "arenden",
        Permission.REGISTER_CASE,
    ),
    MenuItem(
        REPORTING,
        "Rapporteringsläge",
        "fact_check",
        "reporting/reporting_status.py",
        "rapporteringslage",
        Permission.VIEW_REPORTING,
    ),
    MenuItem(GOALS, "Mål", "account_tree", "overview/goals.py", "mal", Permission.VIEW_SUMS),
    MenuItem(
        ADMIN,
        "Importer",
        "upload_file",
        "admin/imports.py",
        "importer",
        Permission.VIEW_IMPORTS,
    ),
    MenuItem(
        ADMIN,
        "Mätpunkter",
        "add_task",
        "admin/measure_points.py",
        "matpunkt",
        Permission.EDIT_MEASURES,
    ),
    MenuItem(
        ADMIN,
        "Placeringsval",
        "list_alt",
        "admin/placement_terms.py",
        "placeringsval",
        Permission.EDIT_PLACEMENT_TERMS,
    ),
    MenuItem(ADMIN, "Användare", "group", "admin/users.py", "anvandare", Permission.VIEW_USERS),
    MenuItem(
        ADMIN,
        "Händelselogg",
        "history",
        "admin/audit_log.py",
        "handelselogg",
        Permission.VIEW_AUDIT,
    ),
    MenuItem(
        ADMIN,
        "Gallring",
        "auto_delete",
        "admin/retention.py",
        "gallring",
        Permission.MANAGE_RETENTION,
    ),
)
DIRECT, HOME = "", "hem"
PASSWORD = "account/password.py"  # noqa: S105  (a page's path)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page about one's own account, which every role has and reaches from its name."""

    title: str
    icon: str
    path: str
    url_path: str


OWN = (
    OwnPage("Byt lösenord", "key", PASSWORD, "losenord"),
    OwnPage("Mina enheter", "devices", "account/devices.py", "mina-enheter"),
)


def navigation(visit: Visit | None) -> Page:
    """Register every page and return the one that was asked for.

    All addresses are registered for everybody, so that a link survives sign-in and a page that the
    role lacks says so in Swedish. The bare address shows the role's first page.
    """
    free = visit is not None and not visit.must_change_password
    # Streamlit marks the page that it returns, so each run has its own copies.
    sections = {name: [copy(page) for page in pages] for name, pages in _sections(visit).items()}
    return st.navigation(sections, position="top" if free else "hidden")


def addresses() -> set[str]:
    """Return the address of every page."""
    return {HOME, *(page.url_path for page in (*MENU, *OWN))}


def page_of(url_path: str | None) -> Page | None:
    """Return a page of the menu for those who may see it; None for others."""
    page = _links(gate.visit().actor.role, MENU).get(url_path or "")
    return page if page and page.visibility == "visible" else None


def _sections(visit: Visit | None) -> dict[str, list[Page]]:
    role = None if visit is None else visit.actor.role
    locked = visit is not None and visit.must_change_password
    return _made(role, locked=locked, items=MENU)


@lru_cache(maxsize=64)
def _links(role: Role, items: tuple[MenuItem, ...]) -> dict[str, Page]:
    """Return a role's pages by address, for links; a link by path would look it up in each run."""
    sections = _made(role, locked=False, items=items)
    return {page.url_path: page for pages in sections.values() for page in pages}


@lru_cache(maxsize=64)
def _made(role: Role | None, *, locked: bool, items: tuple[MenuItem, ...]) -> dict[str, list[Page]]:
    """Return every page by section for a role, None for nobody; made once, as it resolves paths.

    `locked` is somebody who must change password: every address shows that page.
    """
    seen = [item for item in items if _sees(role, item)]
    sections: dict[str, list[Page]] = {DIRECT: []}
    for item in items:
        page = st.Page(
            _script(item, seen, locked=locked),
            title=item.title,
            icon=f":material/{item.icon}:",
            url_path=item.url_path,
            visibility="visible" if item in seen else "hidden",
        )
        sections.setdefault(_section(item, seen), []).append(page)
    home = seen[0]
    sections[DIRECT] += [
        st.Page(
            _script(home, seen, locked=locked),
            title=home.title,
            url_path=HOME,
            default=True,
            visibility="hidden",
        ),
        *(
            st.Page(
                PASSWORD if locked else own.path,
                title=own.title,
                url_path=own.url_path,
                visibility="hidden",
            )
            for own in OWN
        ),
    ]
    return sections


def _sees(role: Role | None, item: MenuItem) -> bool:
    return role is None or item.permission in PERMISSIONS[role]


def _section(item: MenuItem, seen: list[MenuItem]) -> str:
    """Return the section that a page is shown in: alone in its section it is a direct link."""
    shown = [other for other in seen if other.section == item.section]
    return item.section if len(shown) > 1 else DIRECT


def _script(item: MenuItem, seen: list[MenuItem], *, locked: bool) -> str | Callable[[], None]:
    if locked:
        return PASSWORD
    return item.path if item in seen else _denial(item)


def _denial(item: MenuItem) -> Callable[[], None]:
    def denied() -> None:
        gate.denied(item.permission)

    return denied


def header() -> None:
    """Draw, in the bar of the menu: example data, where and who one is, and the way out."""
    visit = gate.visit()
    dark = st.context.theme.type == "dark"
    palette = PALETTES["dark" if dark else "light"]
    st.html(HEADER_CSS.replace("BACKGROUND", palette.background) + (DARK_CSS if dark else ""))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="user-menu"):
        gate.hand_out_cookie()
        if visit.is_demo:
            demo_badge()
        with st.popover(visit.actor.name, icon=":material/person:", type="tertiary"):
            where = " · ".join(part for part in (visit.unit_name, visit.group_name) if part)
            st.markdown(f"**{visit.actor.name}**  \n{ROLE_NAMES[visit.actor.role]}  \n{where}")
            links = _links(visit.actor.role, MENU)
            for own in OWN[:1] if visit.must_change_password else OWN:
                link = links[own.url_path]
                st.page_link(link, label=own.title, icon=f":material/{own.icon}:")
            st.button("Logga ut", icon=":material/logout:", on_click=gate.sign_out, key="_sign_out")


HEADER_CSS = """
<style>
[data-testid="stMainBlockContainer"] { padding-top: 4rem; }
[data-testid="stHeader"] { background: BACKGROUND; }
.st-key-user-menu {
  position: fixed; top: .6rem; right: 1rem; z-index: 999990; width: auto; flex-wrap: nowrap;
}
.st-key-user-menu [data-testid="stPopoverButton"] p {
  max-width: 38vw; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
@media print { .st-key-user-menu [data-testid="stPopover"] { display: none; } }
</style>
"""


# The dark theme's accent is light: white letters on it would have too little contrast.
DARK_CSS = """
<style>
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] p { color: #0B1216; }
.st-key-user-menu [data-testid="stPopoverButton"], .st-key-user-menu span { color: inherit; }
</style>
"""


def demo_badge() -> None:
    """Draw the mark that every page of a demo store carries."""
    st.badge("Exempeldata", icon=":material/science:", color="orange")
