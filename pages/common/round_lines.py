"""The lines of a prognosis round to fill in, by the controller and by the unit's manager."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from core.auth import Actor
from core.queries.accuracy import AccuracyTable
from core.queries.prognosis_rounds import RoundLine, RoundView
from core.rules.prognosis_round import Passed
from core.services.base import Newest
from core.terms import sv_title
from pages.common import conflicts, forms, text
from pages.common import round_drafts as drafts
from pages.common.conflicts import Compared
from pages.common.round_drafts import OWN, Draft, key

WIDTHS = (9, 7, 4, 8)
PASSED = {Passed.DEVIATION: "avvikelsen", Passed.CHANGE: "ändringen"}
STYLE = """
<style>
[class*="st-key-round-line-"] {
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); padding: .35rem 0;
}
[class*="st-key-round-line-"] p { line-height: 1.35; }
</style>
"""


def draw(view: RoundView, accuracy: AccuracyTable, actor: Actor) -> None:
    """Draw the fields of every line for the controller, section by section."""
    st.html(STYLE)
    st.markdown(
        ":small[Välj en metod eller skriv ett eget belopp i kronor. Varje rad sparas när du lämnar "
        "fältet med Tab eller Enter.]"
    )
    for section in view.sections:
        st.subheader(section.section, anchor=False)
        for line in view.lines:
            if line.section == section.section:
                _draw_line(line, view, accuracy, actor)


def draw_for_manager(view: RoundView, actor: Actor) -> None:
    """Draw a field for the manager's comment to each line, those with something said first."""
    st.html(STYLE)
    for line in sorted(view.lines, key=lambda one: not one.comment):
        draft = drafts.of_manager(line)
        with st.container(key=f"round-line-{line.id}"):
            facts, field = st.columns(2, gap="small")
            said = f"  \n:small[{text.safe(line.comment)}]" if line.comment else ""
            moved = (
                f"{text.safe(line.section)}: {text.tkr(line.amount)}, "
                f"avvikelse {text.tkr(line.deviation)}, ändring {text.tkr(line.change)}"
            )
            facts.markdown(f"**{text.safe(line.line)}**  \n:small[{moved}]{said}")
            field.text_input(
                f"Din kommentar till {_full(line)}",
                key=key(line, "manager"),
                placeholder="Din kommentar",
                max_chars=500,
                label_visibility="collapsed",
                on_change=drafts.save_comment,
                args=(line, actor),
            )
            typed = drafts.value(line, "manager")
            for message in draft.faults.values():
                field.markdown(f":red[:material/error: {message}]")
            both = [Compared("manager_comment", "Din kommentar", draft.comment, typed)]
            _draw_problems(line, draft, both, actor)


def draw_unsaved(view: RoundView) -> None:
    """Tell what was typed in lines that can't be changed any more, so that nothing is lost."""
    for line in view.lines:
        draft = drafts.unsaved(line)
        if draft is None:
            continue
        said = " ".join(dict.fromkeys(draft.faults.values())) or "Det du skrev är inte sparat."
        typed = f" Du skrev: {text.safe(draft.typed)}." if draft.typed else ""
        st.error(f"**{text.safe(line.line)}:** {said}{typed}", icon=":material/lock:")
        st.button(
            f"Jag har sett det: {_full(line)}",
            key=key(line, "seen"),
            on_click=drafts.forget,
            args=(line,),
        )


def hand_over_form(view: RoundView) -> str:
    """Return the name of the form that hands a round over: what it lacks is told at its lines."""
    return f"round-hand-over-{view.head.id}"


def nearest(line: RoundLine, month: int, accuracy: AccuracyTable) -> str:
    """Say which method came nearest after a month in closed years; nothing when none is known."""
    past = accuracy.of(line.section, line.line)
    best = past.best(month) if past else None
    average = past.average(best, month) if past and best else None
    if best is None or average is None:
        return ""
    return f"Närmast förr: {sv_title(best).lower()}, {text.percent(average.share, 1)} fel"


def _draw_line(line: RoundLine, view: RoundView, accuracy: AccuracyTable, actor: Actor) -> None:
    draft = drafts.of_controller(line)
    with st.container(key=f"round-line-{line.id}"):
        facts, method, amount, comment = st.columns(WIDTHS, gap="small")
        facts.markdown(_facts(line))
        method.selectbox(
            f"Metod för {_full(line)}",
            [OWN, *line.computed],
            format_func=_options(line, view, accuracy).__getitem__,
            key=key(line, "method"),
            label_visibility="collapsed",
            on_change=drafts.method_chosen,
            args=(line, actor),
        )
        used_to_be = nearest(line, view.head.month.month, accuracy)
        if used_to_be:
            method.markdown(f":small[{used_to_be}]")
        amount.text_input(
            f"Prognos i kronor för {_full(line)}",
            key=key(line, "amount"),
            placeholder="Prognos, kronor",
            label_visibility="collapsed",
            on_change=drafts.amount_typed,
            args=(line, actor),
        )
        comment.text_input(
            f"Kommentar till {_full(line)}",
            key=key(line, "comment"),
            placeholder="Kommentar krävs" if line.unexplained(view.limits) else "Kommentar",
            max_chars=500,
            label_visibility="collapsed",
            on_change=drafts.save,
            args=(line, actor),
        )
        with comment:
            forms.field_error(hand_over_form(view), f"line-{line.id}")
            said = _said(line, view)
            if said:
                st.markdown(said)
        for field, message in draft.faults.items():
            place = {"amount": amount, "method": method, "comment": comment}.get(field, facts)
            place.markdown(f":red[:material/error: {message}]")
        _draw_problems(line, draft, _compared(line, draft), actor)


def _facts(line: RoundLine) -> str:
    """Return what is known of a line in two short rows."""
    known = (
        f"Tkr: budget {_tkr(line.budget)}, utfall {_tkr(line.outcome_to_date)}, "
        f"avvikelse {_tkr(line.deviation)}, ändring {_signed(line.change)}"
    )
    return f"**{text.safe(line.line)}**  \n:small[{known}]"


def _said(line: RoundLine, view: RoundView) -> str:
    """Return what has been said of a line, and whether something must be."""
    said = (
        (line.before_comment, f"Förra månaden: {text.safe(line.before_comment)}"),
        (line.manager_comment, f"Enhetschefen: {text.safe(line.manager_comment)}"),
        (line.differs, f"Ändrad mot förra versionen, {text.kronor(line.former)}"),
    )
    rows = [f":small[{words}]" for is_said, words in said if is_said]
    if line.unexplained(view.limits):
        passed = " och ".join(PASSED[one] for one in line.passed(view.limits))
        must = f"Kommentera: {passed} passerar gränsen"
        rows.insert(0, f":small[:orange[:material/edit_note: {must}]]")
    return "  \n".join(rows)


def _full(line: RoundLine) -> str:
    """Return a line's name with its section: two sections can have a line of the same name."""
    return f"{line.section}: {line.line}"


def _tkr(amount: Decimal | None) -> str:
    return text.DASH if amount is None else text.number(amount / 1000)


def _signed(change: Decimal | None) -> str:
    """Return how a line moved, with a plus where it became dearer."""
    return f"{'+' if change is not None and change > 0 else ''}{_tkr(change)}"


def _options(line: RoundLine, view: RoundView, accuracy: AccuracyTable) -> dict[str, str]:
    """Return the choices of a line in words: each method's amount, and how near it used to come."""
    past = accuracy.of(line.section, line.line)
    words = {OWN: "Eget belopp"}
    for method, amount in line.computed.items():
        average = past.average(method, view.head.month.month) if past else None
        used_to = f", fel {text.percent(average.share, 1)}" if average else ""
        words[method] = f"{sv_title(method)} {text.tkr(amount)}{used_to}"
    return words


def _compared(line: RoundLine, draft: Draft) -> Sequence[Compared]:
    try:
        typed = drafts.amount(line)
    except ValueError:
        typed = None
    said = drafts.value(line, "comment")
    return [
        Compared("amount", "Prognos", draft.amount, typed, text.kronor),
        Compared("comment", "Kommentar", draft.comment, said),
    ]


def _draw_problems(
    line: RoundLine, draft: Draft, compared: Sequence[Compared], actor: Actor
) -> None:
    """Draw what the latest save of a line waits for, and the choice that lets it through."""
    if draft.asked:
        st.markdown(f":orange[:material/help: {draft.asked}]")
        st.checkbox(
            f"Ja, {text.safe(str(drafts.value(line, 'amount')))} kronor stämmer för {_full(line)}",
            key=key(line, "confirmed"),
            on_change=drafts.save,
            args=(line, actor),
        )
    if draft.newest is not None:
        _draw_conflict(line, draft.newest, compared, actor)


def _draw_conflict(
    line: RoundLine, newest: Newest, compared: Sequence[Compared], actor: Actor
) -> None:
    who = text.safe(newest.by) if newest.by else "Någon annan"
    st.warning(
        f"**{who} sparade {text.safe(line.line)} medan du skrev.** Ditt är inte sparat än, men det "
        "står kvar. Jämför och välj.",
        icon=":material/sync_problem:",
    )
    st.markdown(conflicts.table(compared, newest))
    with st.container(horizontal=True):
        mine, theirs = (f"{key(line, name)}-{newest.version}" for name in ("mine", "theirs"))
        st.button(conflicts.MINE, key=mine, on_click=drafts.take_mine, args=(line, newest, actor))
        st.button(conflicts.THEIRS, key=theirs, on_click=drafts.forget, args=(line,))
