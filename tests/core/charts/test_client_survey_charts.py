"""The chart of a client survey's question draws the rows that its page makes."""

import pytest

from core.charts import client_surveys
from core.charts.theme import PALETTES
from core.rules.client_surveys import ANSWERS, Scale
from core.terms import sv_title
from tests.core.charts.test_own_statistics import drawn


@pytest.mark.parametrize("kind", PALETTES)
def test_the_chart_draws_its_columns_and_holds_no_data_of_its_own(kind):
    spec = client_surveys.ANSWERS_BY_SURVEY[kind]
    assert set(drawn(spec)) == set(client_surveys.COLUMNS)
    assert "data" not in spec


@pytest.mark.parametrize("kind", PALETTES)
@pytest.mark.parametrize("scale", Scale)
def test_every_answer_has_the_same_colour_in_the_key_as_in_the_chart(kind, scale):
    bars = client_surveys.ANSWERS_BY_SURVEY[kind]["layer"][0]["encoding"]["color"]["scale"]
    drawn_as = dict(zip(bars["domain"], bars["range"], strict=True))
    key = client_surveys.key(scale, PALETTES[kind])
    assert [word for word, _ in key] == [sv_title(answer) for answer in ANSWERS[scale]]
    assert all(drawn_as[word] == color for word, color in key)
    assert len({color for _, color in key}) == len(key)
