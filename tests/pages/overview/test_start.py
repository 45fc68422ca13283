"""Start, as each role sees it."""

import datetime as dt
from urllib.parse import quote

import pytest

from core import db
from core.auth import Actor, Role
from core.charts.theme import PALETTES
from core.queries.attention import Item, Topic
from pages.common import attention as todo
from tests import factories as make
from tests.factories_start import TODAY, week

PAGE = "overview/start.py"
JUNE = dt.date(2024, 6, 3)


@pytest.fixture
def w(store, today):
    today(TODAY)
    return week()


@pytest.fixture
def start(w, open_page):
    return lambda role, **query: open_page(PAGE, w.actors[role], **query)


def tiles(at):
    return {metric.label: metric for metric in at.metric}


def words(at):
    links = [link.proto.label for link in at.get("page_link")]
    return "\n".join([*(markdown.value for markdown in at.markdown), *links])


def test_the_enhetschef_sees_every_figure(start):
    at = start("unit_manager")

    assert not at.exception
    shown = {label: metric.value for label, metric in tiles(at).items()}
    assert shown == {
        "Plan inom tre månader": "75\u00a0%",
        "Aktuell förändringsplan": "33\u00a0%",
        "Barnkonsekvensanalys": "50\u00a0%",
        "Prognos mot budget": "\u22120,1\u00a0mnkr",
        "Hushåll": "13",
        "In och ut i maj": "1 in, 0 ut",
        "Placeringar": "2",
        "AMI": "–",
        "Sjukfrånvaro": "–",
    }
    assert len(at.get("vega_lite_chart")) == 2


def test_a_tile_tells_what_it_is_made_of_its_target_and_fulfilment(start):
    said = words(start("unit_manager"))

    assert "9 av 12 · mål 75\u00a0%" in said
    assert "Uppfylls helt" in said
    assert "1 av 2 barn" in said
    assert "Över budget" in said
    assert "högst Ada: 6 hushåll" in said


def test_a_fall_has_an_ascii_minus_and_no_change_has_no_arrow(start):
    shown = tiles(start("unit_manager"))

    assert shown["Prognos mot budget"].delta == "-0,1 mnkr"
    assert shown["Aktuell förändringsplan"].delta == "0"
    assert shown["Hushåll"].delta == "1"


def test_the_earlier_day_is_the_last_of_the_month_before(start):
    metric = tiles(start("unit_manager"))["Hushåll"]

    assert metric.proto.delta_description == "sedan 30 apr"


def test_what_to_take_up_is_told_worst_first(start):
    said = words(start("unit_manager"))
    told = [
        "förändringsplaner försenade",
        "barnfamilj på hotell",
        "över budget",
        "ärenden utan handläggare",
        "barn utan analys vid avslag",
        "placering utan uppföljning",
        "aktivitet förbi sitt slut",
    ]
    assert all(topic in said for topic in told)
    assert "2 av dem hos Ada, äldst 83 dagar" in said
    assert "PL-H, längst sedan 12 apr, 46\u202f000\u00a0kr i år" in said
    assert "50\u00a0tkr sämre än vid förra månadens slut" in said
    assert "äldst 30 apr: Stickprov av akter" in said


@pytest.mark.parametrize("role", ["caseworker", "reader"])
def test_placements_and_budget_are_not_for_everybody(start, role):
    at = start(role)

    assert not at.exception
    assert not {"Placeringar", "Prognos mot budget"} & set(tiles(at))
    assert "PL-" not in words(at)
    assert "budget" not in words(at).lower()


def test_a_caseworker_sees_the_units_sums_and_only_the_own_bar(start):
    at = start("caseworker")

    assert tiles(at)["Hushåll"].value == "13"
    assert "Dina förändringsplaner" in [heading.value for heading in at.subheader]
    assert "du har 6 hushåll" in words(at)
    assert "Bo" not in words(at).split()


def test_a_controller_sees_no_case(start):
    said = words(start("controller"))

    assert "PL-H" in said
    assert "AR-" not in said


def test_a_reader_sees_no_small_number_and_no_name(start, today):
    today(JUNE)
    at = start("reader")
    said = words(at)

    assert at.title[0].value == "Maj 2024"
    assert tiles(at)["Barnkonsekvensanalys"].value == ".."
    assert tiles(at)["Hushåll per handläggare"].value == "..", "13 hushåll would tell how many"
    assert "<5 handläggare" in said
    assert tiles(at)["In i maj"].value == ".."
    assert ":material/cancel: <5" in said
    assert "Ada" not in said
    assert "Förändringsplaner per handläggare" not in [heading.value for heading in at.subheader]


def test_a_reader_is_not_told_what_a_share_of_the_year_so_far_is_made_of(start, today):
    today(JUNE)
    said = words(start("reader"))

    assert "9 av 12" not in said
    assert "mål 75\u00a0%" in said


def test_a_readers_small_numbers_are_in_the_plural_and_in_no_order_of_size(store, today):
    reader = Actor(1, "Läsare", Role.READER, unit_id=1)
    items = [Item(Topic.ANALYSES_MISSING, 3), Item(Topic.WITHOUT_CASEWORKER, 1)]
    ordered = todo.ordered(items, reader)

    assert [item.topic for item in ordered] == [Topic.WITHOUT_CASEWORKER, Topic.ANALYSES_MISSING]
    assert [todo.words(item, reader) for item in ordered] == [
        ("<5", "ärenden utan handläggare"),
        ("<5", "barn utan analys vid avslag"),
    ]


def trends(at):
    return [found.value for found in at.markdown if "](data:image/svg" in found.value]


def test_a_trend_is_told_in_words_in_the_tiles_own_unit(start):
    shown = trends(start("unit_manager"))

    assert shown[1].startswith("![Utveckling från 0 till 33,3, lägst 0, högst 83,3](")


def test_a_trend_has_a_colour_only_when_the_change_is_good_or_bad(start):
    shown = trends(start("unit_manager"))
    light = PALETTES["light"]

    assert sum(quote(light.bad) in trend for trend in shown) == 1, "the prognosis alone is worse"
    assert not any(quote(light.good) in trend for trend in shown)


def test_a_readers_trend_hides_what_the_number_hides(start, today):
    today(JUNE)
    at = start("reader")

    assert len(trends(at)) < len(trends(start("unit_manager")))
    assert not any("högst 1](" in shown for shown in trends(at))
    assert not tiles(at)["In i maj"].delta


def test_an_earlier_day_shows_what_was_known_then(start):
    at = start("unit_manager", per="2024-04-30")

    assert at.title[0].value == "Tisdag 30 april, vecka 18"
    assert tiles(at)["Hushåll"].value == "12"
    assert tiles(at)["Prognos mot budget"].value == "\u22120,1\u00a0mnkr"
    assert tiles(at)["Prognos mot budget"].delta is not None


def test_a_new_unit_is_told_what_to_do_first(store, today, open_page):
    today(TODAY)
    with db.write() as session:
        actor = make.actor(session, Role.UNIT_MANAGER, make.unit(session))
    at = open_page(PAGE, actor)

    assert not at.exception
    assert not at.metric
    assert "registrera de pågående ärendena" in words(at)
