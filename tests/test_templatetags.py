"""What the display tags (显示标签) put on a page."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import django_tables2 as tables
import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory

from projects.money import Ratio
from projects.rules import Light
from projects.templatetags import draw, grid, show
from tests.reading import folded

TODAY = dt.date(2023, 10, 12)


def render(text: str, **context: object) -> str:
    return Template("{% load show grid draw %}" + text).render(Context(context))


def test_figure_is_a_link_to_its_rows_with_key_and_exact_value():
    html = show.figure("invested_this_year", Decimal("1400000.50"), href="/projects/?a=1&b=2", show="yi")
    assert 'data-figure="invested_this_year" data-value="1400000.50"' in html
    assert 'href="/projects/?a=1&amp;b=2"' in html
    assert "<b>140</b>" in html


def test_figure_of_a_rate_shows_and_carries_the_same_rounding():
    html = show.figure("start_rate", Ratio(84, 86), href="/x/", places=2)
    assert 'data-rate="start_rate" data-value="97.67"' in html and "<b>97.67%</b>" in html
    assert "data-figure" not in html  # it counts no rows


@pytest.mark.parametrize("value", [None, Ratio(0, 0)])
def test_figure_without_a_number_says_so(value):
    html = show.figure("start_rate", value, href="/x/")
    assert "<b>—</b>" in html and 'data-value=""' in html and "data-figure" not in html


def test_zero_is_a_figure():
    assert 'data-value="0"' in show.figure("overdue", 0, href="/x/")


@pytest.mark.parametrize("light", list(Light))
def test_every_light_has_shape_word_and_class(light):
    html = show.light(light.value, why='慢于序时"12"')
    assert light.shape in html and light.words in html and f"light-{light.value}" in html
    assert "&quot;12&quot;" in html


def test_light_not_judged_is_not_green():
    assert "未评定" in show.light(None) and "light-green" not in show.light(None)


@pytest.mark.parametrize(
    ("days", "tone", "words"),
    [(-1, "late", "逾期1天"), (0, "soon", "今天到期"), (3, "soon", "3天后到期"), (4, "", "4天后到期")],
)
def test_due_words_carry_their_tone(days, tone, words):
    assert show.due(TODAY + dt.timedelta(days), TODAY) == f'<span class="{tone}">{words}</span>'


def test_dates_carry_the_year_only_when_it_is_not_this_one():
    assert show.day(dt.date(2023, 10, 20), TODAY) == "10月20日（周五）"
    assert show.day(dt.date(2022, 12, 20), TODAY).startswith("2022年12月20日")
    assert show.day("未开工", TODAY) == "未开工"


def test_signed_points_use_a_true_minus():
    assert [show.signed(Decimal(x)) for x in ("4.6", "-2.3", "0.0")] == ["+4.6", "−2.3", "0.0"]


class Sheet(tables.Table):
    name = tables.Column("项目名称", footer="合计")
    amount = tables.Column("总投资（万元）", attrs={"td": {"class": "num"}}, footer="3")

    class Meta:
        template_name = "components/table.html"


def _sheet(rows: list[dict], url: str = "/projects/?as_of=2023-09-30&page=2") -> str:
    table = Sheet(rows)
    request = RequestFactory().get(url)
    tables.RequestConfig(request, paginate={"per_page": 2}).configure(table)
    return folded(table.as_html(request))


def test_table_counts_the_whole_list_escapes_cells_and_keeps_the_date():
    html = _sheet([{"name": "<b>甲</b>", "amount": number} for number in range(5)])
    assert 'data-count="5"' in html and "共 5 条，第 2 / 3 页" in html
    assert "&lt;b&gt;甲&lt;/b&gt;" in html and "<b>甲</b>" not in html
    assert 'class="num" data-label="总投资（万元）"' in html
    assert "as_of=2023-09-30" in html and "上一页" in html


def test_empty_table_says_so_and_counts_zero():
    html = _sheet([], "/projects/")
    assert 'data-count="0"' in html and "没有符合条件的记录。" in html


def test_chip_takes_away_its_own_value_only():
    request = RequestFactory().get("/projects/?light=red&light=yellow&page=3&as_of=2023-09-30")
    assert grid.query_without({"request": request}, "light", "red") == "?light=yellow&as_of=2023-09-30"
    assert "light" not in grid.query_without({"request": request}, "light")


def test_kept_parameters_are_escaped():
    request = RequestFactory().get("/", {"q": '"><script>', "as_of": "2023-01-01"})
    html = grid.query_inputs({"request": request}, "as_of")
    assert "<script>" not in html and "as_of" not in html and 'name="q"' in html


def test_bar_above_one_hundred_percent_grows_its_scale():
    html = draw.rate_bar(Ratio(200, 100), Ratio(50, 100))
    assert 'width="100.00"' in html and 'x="25.00"' in html
    assert "完成200.0%，序时50.0%" in html


def test_diverging_bars_tell_no_task_from_level():
    rows = [
        {"label": "甲", "value": Decimal("-5.0"), "href": "/u/1", "key": "projects", "data_value": 3},
        {"label": "乙", "value": None},
        {"label": "丙", "value": Decimal("0.0")},
    ]
    html = draw.diverging_bars(rows)
    assert "−5.0" in html and "无任务" in html and "0.0" in html
    assert 'data-figure="projects" data-value="3"' in html and "bar-behind" in html


def test_no_tag_writes_inline_style_or_script():
    html = render(
        '{% light "red" %}{% six_mini 4 %}{% rate_cell a b %}{% icon "desk" %}',
        a=Ratio(1, 2),
        b=Ratio(3, 4),
    )
    assert "style=" not in html and "<script" not in html


TEMPLATES = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles_without_inline_style_script_or_foreign_host(name):
    get_template(name)
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert " style=" not in text and "<script>" not in text
    assert "https://" not in text and "http://" not in text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("name", ["400.html", "404.html", "403.html", "403_csrf.html", "500.html"])
def test_error_pages_stand_without_request_or_context(name):
    html = get_template(name).render()
    assert "回到工作台" in html
