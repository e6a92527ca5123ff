"""What the press report of October 2023 printed, from the office's own workbook: by figure and by command."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from projects.figures.figures import CONTRACT_RATES, figure_rows, figure_total
from projects.figures.indicators import indicator_cards
from projects.figures.population import DIMENSIONS, Scope
from projects.management.commands.figures import Command
from projects.models import BaselineCurve, Lead, Project
from projects.money import format_yi
from projects.queries.attraction.leads import stage_sums
from tests.factories import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("imported_ledger")]
ROW_KEYS = (
    "list group projects total_investment planned_investment invested_this_year investment_completion"
    " pro_rata_progress schedule_gap_points gap_words started start_rate_including_continuing"
    " new_starts new_starts_started start_rate_of_year new_starts_due missed_starts early_starts start_rate_to_date"
    " completed in_production entered_statistics statistics_rate"
    " milestones_due milestones_overdue problems_open lights"
).split()
COUNT_KEYS = (
    "projects started new_starts new_starts_started new_starts_due missed_starts early_starts completed"
    " in_production entered_statistics milestones_due milestones_overdue problems_open"
).split()
AMOUNT_KEYS = ["total_investment", "planned_investment", "invested_this_year"]


@pytest.fixture
def figures(capsys):
    """The JSON that `figures` prints for the options."""

    def ask(*options) -> dict:
        call_command("figures", *map(str, options), "--json", skip_checks=True)
        out, err = capsys.readouterr()
        assert err == ""
        return json.loads(out)

    return ask


@pytest.fixture
def shell(capsys, monkeypatch):
    """(exit code, standard output, standard error) of `manage.py figures …`."""
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)

    def run(*options) -> tuple[int, str, str]:
        code = 0
        try:
            Command().run_from_argv(["manage.py", "figures", *map(str, options), "--skip-checks"])
        except SystemExit as leave:
            code = leave.code
        return code, *capsys.readouterr()

    return run


def rows() -> dict:
    return {row.list_name: row for row in figure_rows(Scope(TODAY, 2023))}


# --- the published numbers --------------------------------------------------------------------------------


def test_provincial_key_projects():
    row = rows()["省级重点"]
    assert (row["projects"], format_yi(row["total_investment"])) == (14, "171.2")
    assert (row["started"], row.ratio("start_rate_including_continuing").words()) == (14, "100%")
    assert (format_yi(row["invested_this_year"]), row.investment_completion.words()) == ("41.8", "72.6%")


def test_city_major_projects():
    row = rows()["市级重大"]
    assert (row["projects"], format_yi(row["total_investment"])) == (86, "1195")
    assert (row["new_starts_started"], row["new_starts"]) == (30, 32)
    assert row.start_rate_of_year.words() == "93.8%"
    assert (format_yi(row["invested_this_year"]), row.investment_completion.words()) == ("140", "82.4%")
    shown = row.as_json()
    assert (shown["schedule_gap_points"], shown["gap_words"]) == ("4.6", "快于")


def test_technical_renewal_projects_with_two_decimals():
    row = rows()["技改"]
    assert (row["started"], row["projects"]) == (84, 86)
    assert row.ratio("start_rate_including_continuing").words(row.places) == "97.67%"
    assert row.as_json()["start_rate_of_year"] == "97.67"


def test_the_whole_zone_counts_each_project_once():
    row = figure_total(Scope(TODAY, 2023))
    assert (row["projects"], row["in_production"]) == (180, 15)
    assert sum(part["projects"] for part in rows().values()) == 186  # six stand in two lists
    assert Project.objects.count() == 180


def test_investment_attraction():
    cards = {card.name: card for card in indicator_cards(2023, TODAY)}
    assert cards["省外到位资金"].completion.words() == "97.3%"
    assert cards["省外到位资金"].share_of_city.words(0) == cards["省外到位资金"].share_words == "24%"
    assert cards["新引进过亿元项目"].completion.words() == "91.4%"


def test_technical_renewal_beside_last_year_and_the_city():
    card = next(card for card in indicator_cards(2023, TODAY) if card.name == "市级重点技改项目")
    assert (card.value, card.last_year, card.target) == (86, 70, None)
    assert (card.growth_words, card.share_words, card.completion.words()) == ("+22.86%", "17.2%", "—")
    assert card.gap_points is None


def test_leads_in_talks_and_signed():
    sums = {row.words: (row.count, row.agreed) for row in stage_sums(Lead.objects.on(TODAY))}
    assert sum(count for count, _agreed in sums.values()) == 28
    assert sum(agreed for _count, agreed in sums.values()) == Decimal("3737500")  # 373.75亿元
    assert sums["签约"][0] + sums["在谈"][0] == 28


def test_technical_renewal_by_month():
    rows = {month: figure_rows(Scope(dt.date(2023, month, 28), 2023))[-1] for month in (3, 6, 9)}
    done = [rows[month]["invested_this_year"] for month in (3, 6, 9)]
    assert [row.list_name for row in rows.values()] == ["技改"] * 3
    assert 0 < done[0] < done[1] < done[2]


def test_published_numbers_are_of_their_day():
    assert figure_total(Scope(dt.date(2023, 1, 1), 2023))["invested_this_year"] is None
    june = figure_total(Scope(dt.date(2023, 6, 30), 2023))
    assert 0 < june["invested_this_year"] < figure_total(Scope(TODAY, 2023))["invested_this_year"]


# --- the command ------------------------------------------------------------------------------------------


def test_command_prints_the_contracts_document_and_nothing_else(figures):
    answer = figures("--as-of", TODAY)
    assert set(answer) == {"as_of", "year", "basis", "baseline", "rows", "total"}
    assert {key: answer[key] for key in ("as_of", "year", "basis", "baseline")} == {
        "as_of": "2023-10-12",
        "year": 2023,
        "basis": "confirmed",
        "baseline": "ten_day",
    }
    assert [row["list"] for row in answer["rows"]] == ["省级重点", "市级重大", "技改"]
    for row in [*answer["rows"], answer["total"]]:
        assert set(row) == set(ROW_KEYS)
        assert all(type(row[key]) is int for key in COUNT_KEYS)
        assert all(isinstance(row[key], str) and Decimal(row[key]) >= 0 for key in AMOUNT_KEYS)
        assert set(row["lights"]) == {"green", "yellow", "red", "exempt"}
        assert sum(row["lights"].values()) == row["projects"]
        assert row["new_starts_due"] - row["missed_starts"] + row["early_starts"] == row["new_starts_started"]


def test_command_answers_the_row_of_the_contract(figures):
    (city,) = (row for row in figures()["rows"] if row["list"] == "市级重大")
    expected = {
        "group": "市级重大",
        "projects": 86,
        "total_investment": "11950000.00",
        "planned_investment": "1699000.00",
        "invested_this_year": "1400000.00",
        "investment_completion": "82.4",
        "pro_rata_progress": "77.8",
        "schedule_gap_points": "4.6",
        "gap_words": "快于",
        "started": 84,
        "start_rate_including_continuing": "97.7",
        "new_starts": 32,
        "new_starts_started": 30,
        "start_rate_of_year": "93.8",
        "new_starts_due": 32,
        "missed_starts": 2,
        "early_starts": 0,
        "start_rate_to_date": "93.8",
    }
    assert {key: city[key] for key in expected} == expected


def test_without_a_date_the_command_answers_for_today(figures, settings):
    assert figures() == figures("--as-of", "2023-10-12")
    settings.TODAY = dt.date(2023, 6, 30)
    assert figures()["as_of"] == "2023-06-30"


@pytest.mark.parametrize("by", DIMENSIONS)
def test_groups_of_each_dimension_add_up_to_the_total(figures, by):
    answer = figures("--by", by)
    assert len(answer["rows"]) > 1
    for key in COUNT_KEYS:
        assert sum(row[key] for row in answer["rows"]) == answer["total"][key], key
    for key in AMOUNT_KEYS:
        assert sum(Decimal(row[key]) for row in answer["rows"]) == Decimal(answer["total"][key]), key
    for light, number in answer["total"]["lights"].items():
        assert sum(row["lights"][light] for row in answer["rows"]) == number
    assert {row["list"] for row in answer["rows"]} == {"全部名单"}


def test_one_list_by_its_name_or_alias_answers_its_row_as_the_total(figures):
    answer = figures("--list", "技改项目")
    (row,) = answer["rows"]
    assert row["list"] == "技改"
    assert {key: answer["total"][key] for key in COUNT_KEYS} == {key: row[key] for key in COUNT_KEYS}
    assert answer["total"]["start_rate_of_year"] == "97.67"
    parts = figures("--list", "技改", "--by", "lead_department")["rows"]
    assert sum(part["projects"] for part in parts) == 86


@pytest.mark.parametrize(
    ("baseline", "pro_rata", "gap", "words"),
    [
        ("ten_day", "77.8", "4.6", "快于"),
        ("month", "75.0", "7.4", "快于"),
        ("half_month", "75.0", "7.4", "快于"),
        ("day", "78.1", "4.3", "快于"),
        ("广东2022", "90.0", "-7.6", "慢于"),
    ],
)
def test_baseline_may_be_chosen(figures, baseline, pro_rata, gap, words):
    points = [[month, 28, str(Decimal(month) / 10)] for month in range(1, 11)]
    BaselineCurve.objects.create(name="广东2022", points=points)
    answer = figures("--baseline", baseline, "--list", "市级重大")
    assert answer["baseline"] == baseline
    for row in (answer["total"], *answer["rows"]):
        shown = (row["pro_rata_progress"], row["schedule_gap_points"], row["gap_words"])
        assert shown == (pro_rata, gap, words)


@pytest.mark.parametrize(("places", "rate"), [(0, "94"), (1, "93.8"), (2, "93.75"), (4, "93.7500")])
def test_places_may_be_chosen(figures, places, rate):
    (row,) = figures("--places", places, "--list", "市级重大")["rows"]
    assert row["start_rate_of_year"] == rate


def test_submitted_basis_is_said(figures):
    answer = figures("--basis", "submitted")
    assert (answer["basis"], answer["total"]["projects"]) == ("submitted", 180)


def test_a_year_without_lists_has_no_rows_and_null_rates(figures):
    answer = figures("--year", "2022")
    assert (answer["rows"], answer["total"]["projects"]) == ([], 0)
    assert all(answer["total"][key] is None for key in CONTRACT_RATES)


def test_in_words_the_same_numbers(shell):
    code, out, err = shell()
    assert (code, err) == (0, "")
    assert "市级重大：86个" in out and "82.4%" in out and "快于序时4.6个百分点" in out
    assert "应开工32个 − 未按期开工2个 ＋ 提前开工0个 ＝ 已开工30个" in out


@pytest.mark.parametrize(
    ("option", "value", "known"), [("--list", "名人堂", "市级重大"), ("--baseline", "随意", "ten_day")]
)
def test_unknown_names_are_refused_with_exit_1_in_words_and_in_the_json(shell, option, value, known):
    code, out, err = shell(option, value, "--json")
    assert code == 1
    assert value in err and known in err
    assert json.loads(out)["error"] in err


@pytest.mark.parametrize(
    "options",
    [
        ("--as-of", "昨天"),
        ("--as-of", "2023-02-30"),
        ("--as-of", "0001-01-01"),
        ("--as-of", "9999-12-31"),
        ("--by", "colour"),
        ("--places", "-1"),
        ("--places", "9"),
        ("--basis", "rumoured"),
        ("--year", "abc"),
        ("--year", "0"),
        ("--year", "123456"),
        ("--nonsense",),
    ],
)
def test_wrong_usage_is_exit_2_with_nothing_on_standard_output(shell, options):
    code, out, err = shell(*options, "--json")
    assert (code, out) == (2, "")
    assert options[0] in err


@pytest.mark.parametrize("day", ["1990-01-01", "2024-02-29", "2099-12-31"])
def test_any_day_of_the_offices_calendar_is_answered(shell, day):
    code, out, err = shell("--as-of", day, "--year", "2023", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["total"]["projects"] == (0 if day < "2023" else 180)


def test_called_from_a_program_a_refusal_is_an_exception(figures):
    with pytest.raises(CommandError, match="名人堂") as refusal:
        call_command("figures", "--list", "名人堂", skip_checks=True)
    assert refusal.value.returncode == 1
