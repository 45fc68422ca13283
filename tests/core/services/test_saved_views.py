"""Saved views: one's own, by name, and nobody else's."""

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import AuditEvent, SavedView
from core.queries.saved_views import saved_views
from core.services import saved_views as views
from core.services.saved_views import MOST_CHOICES, MOST_VIEWS, NewView
from tests.factories_cases import refusals, rows, run, world

PAGE = "placeringar"
CHOSEN = {"slag": ("HVB", "hotell"), "utanfor": ("1",)}


@pytest.fixture
def w(store):
    return world()


def save(by, name="Mina", choices=CHOSEN, **fields):
    return run(views.save, NewView(PAGE, name, choices), by=by, **fields)


def seen(w, by):
    with db.read() as session:
        return saved_views(session, Scope(w.unit_id), user_id=by.user_id, page=PAGE)


def test_a_view_is_saved_by_name_and_read_back_as_it_was_chosen(w):
    save(w.manager, " Utanför ")
    save(w.manager, "hotell", {"slag": ("hotell",), "lage": ()})

    assert [(view.name, view.choices) for view in seen(w, w.manager)] == [
        ("hotell", {"slag": ("hotell",)}),
        ("Utanför", CHOSEN),
    ]


def test_views_are_ones_own(w):
    save(w.manager)
    view_id = seen(w, w.manager)[0].id

    controller = w.actors["controller"]
    assert seen(w, controller) == ()
    for refused in (
        lambda: run(views.rename, view_id, "Din", by=controller),
        lambda: run(views.remove, view_id, by=controller),
        lambda: run(views.remove, view_id + 100, by=w.manager),
    ):
        with pytest.raises(PermissionDeniedError):
            refused()
    assert seen(w, w.manager)[0].name == "Mina"


@pytest.mark.parametrize("name", ["reader", "admin"])
def test_who_may_not_see_the_page_saves_no_view_of_it(w, name):
    with pytest.raises(PermissionDeniedError):
        save(w.actors[name])
    assert rows(SavedView) == []


def test_saving_under_a_name_that_one_has_replaces_what_it_held(w):
    first = save(w.manager)
    again = save(w.manager, choices={"sen": ("1",)})

    assert again == first
    assert [view.choices for view in seen(w, w.manager)] == [{"sen": ("1",)}]


def test_a_view_is_renamed_and_removed_and_the_log_tells_without_its_words(w):
    view_id = save(w.manager)
    run(views.rename, view_id, "Nya", by=w.manager)
    assert [view.name for view in seen(w, w.manager)] == ["Nya"]

    run(views.remove, view_id, by=w.manager)
    assert seen(w, w.manager) == ()
    events = rows(AuditEvent, entity="saved_view")
    assert [event.action for event in events] == ["save_view", "rename_view", "remove_view"]
    assert {event.entity_id for event in events} == {view_id}
    assert all(event.details == {} for event in events)


def test_a_name_that_another_of_ones_views_has_is_refused_but_its_own_is_not(w):
    save(w.manager, "Ett")
    other = save(w.manager, "Två")

    assert "redan en vy" in refusals(views.rename, other, "Ett", by=w.manager)["name"]
    assert run(views.rename, other, "Två", by=w.manager) == other


@pytest.mark.parametrize(
    ("name", "choices", "message"),
    [
        ("  ", CHOSEN, "Ge vyn ett namn"),
        ("x" * 81, CHOSEN, "högst 80 tecken"),
        ("191212121212", CHOSEN, "personnummer"),
        ("Mina", {"utforare": ("191212121212",)}, "personnummer"),
        ("Mina", {"utforare": ("x" * 121,)}, "högst 120 tecken"),
        ("Mina", {"utforare": ("x",) * (MOST_CHOICES + 1)}, "Så många val"),
    ],
)
def test_a_view_without_a_name_or_with_too_much_in_it_is_refused(w, name, choices, message):
    refused = refusals(views.save, NewView(PAGE, name, choices), by=w.manager)
    assert message in refused["name"]


def test_only_so_many_views_are_kept_but_one_of_them_can_be_saved_again(w):
    for n in range(MOST_VIEWS):
        save(w.manager, f"Vy {n}")

    refused = refusals(views.save, NewView(PAGE, "En till", CHOSEN), by=w.manager)
    assert "Ta bort en" in refused["name"]
    save(w.manager, "Vy 0", {"sen": ("1",)})


def test_the_same_submit_twice_is_one_write(w):
    first = save(w.manager, key="form-1")
    assert save(w.manager, "Annat", key="form-1") == first
    run(views.rename, first, "Nya", by=w.manager, key="form-2")
    assert run(views.rename, first, "Senare", by=w.manager, key="form-2") == first
    run(views.remove, first, by=w.manager, key="form-3")
    assert run(views.remove, first, by=w.manager, key="form-3") == first
    assert rows(SavedView) == []
