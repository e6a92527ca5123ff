"""Questions of an import: asked once a word, answered by id, refused while open."""

import pytest

from projects.services.imports.staging.questions import AS_OF, CATEGORY, Answers
from projects.services.imports.staging.staged import LEDGER, StagedSheet

CLASSES = ("新开工", "续建", "前期")


def _sheet(answers: Answers) -> StagedSheet:
    return StagedSheet("市级重大", LEDGER, answers=answers)


def test_a_word_met_twice_is_asked_once_and_read_as_likely():
    sheet = _sheet(Answers())
    for row in (7, 9):
        said = sheet.ask(CATEGORY, "预备", "“预备”属于哪一类？", choices=CLASSES, likely="前期", row=row)
        assert said == "前期"
    (asked,) = sheet.questions.values()
    assert (asked.id, asked.row, asked.answer) == ("category:预备", 7, None)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (Answers({"category:预备": "续建"}), "续建"),
        (Answers({"市级重大!category:预备": "新开工", "category:预备": "续建"}), "新开工"),
        (Answers({}, {"category:预备": "续建"}), "续建"),
        (Answers({"category:预备": "新开工"}, {"category:预备": "续建"}), "新开工"),
    ],
)
def test_the_nearest_answer_holds(answers, said):
    sheet = _sheet(answers)
    assert sheet.ask(CATEGORY, "预备", "？", choices=CLASSES, likely="前期") == said
    assert sheet.questions["category:预备"].answer == said


def test_an_answer_that_is_no_choice_leaves_the_question_open_and_says_so():
    sheet = _sheet(Answers({"category:预备": "不知道"}))
    assert sheet.ask(CATEGORY, "预备", "“预备”属于哪一类？", choices=CLASSES, likely="前期") == "前期"
    asked = sheet.questions["category:预备"]
    assert asked.answer is None
    assert "所答“不知道”不在可选答案之内" in asked.text


@pytest.mark.parametrize(("said", "taken"), [("2023-09-30", True), ("2023-13-01", False), ("九月底", False)])
def test_a_day_is_any_day_of_the_calendar(said, taken):
    sheet = _sheet(Answers({"as_of:": said}))
    sheet.ask(AS_OF, "", "数据截至哪一日？", choices=("2023-10-12",), likely="2023-10-12")
    assert (sheet.questions["as_of:"].answer == said) is taken


def test_a_day_of_another_file_is_not_remembered():
    assert Answers({}, {"as_of:": "2023-09-30"}).of("市级重大", AS_OF, "") is None


@pytest.mark.parametrize("key", ["as_of:2023年1-9月", "as_of:", "市级重大!as_of:"])
def test_the_day_of_a_sheet_is_answered_with_or_without_what_was_met(key):
    assert Answers({key: "2023-09-30"}).of("市级重大", AS_OF, "2023年1-9月") == "2023-09-30"
    assert Answers({"category:": "前期"}).of("市级重大", CATEGORY, "预备") is None


def test_a_cell_of_several_lines_is_named_with_its_breaks_or_without():
    for key in ("people:张三\n李四", "people:张三、李四"):
        assert Answers({key: "李四"}).of("市级重大", "people", "张三、李四") == "李四"
