"""Rule sets of lights: both sides of every threshold of the presets, words of the bands, what may not be written."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.money import Ratio, pace_percent
from projects.rules import (
    PRESETS,
    Band,
    Light,
    LightDimension,
    LightGauge,
    LightReason,
    RuleSet,
    project_light,
    rule_faults,
)
from projects.rules.light_bands import COLOURS

GREEN, YELLOW, RED = Light.GREEN, Light.YELLOW, Light.RED
YINCHUAN, WUHAN, SANYA = (preset.rules for preset in PRESETS.values())
TODAY = date(2023, 10, 12)
OWN = [
    (LightGauge.MILESTONE_DAYS, {0: GREEN, 1: YELLOW, 14: YELLOW, 15: RED, 400: RED}),
    (LightGauge.PROBLEM_DAYS, {0: GREEN, 1: YELLOW, 6: YELLOW, 7: RED, 400: RED}),
    (LightGauge.PERIODS_MISSING, {0: GREEN, 1: YELLOW, 2: RED, 36: RED}),
]
THRESHOLDS = [
    *((rules, *own) for rules in (YINCHUAN, WUHAN, SANYA) for own in OWN),
    (YINCHUAN, LightGauge.MONTHS_DUE, {0: GREEN, 1: YELLOW, 2: YELLOW, 3: RED, 12: RED}),
    (YINCHUAN, LightGauge.MONTHS_UNREGISTERED, {0: GREEN, 1: YELLOW, 2: RED, 12: RED}),
    (
        YINCHUAN,
        LightGauge.POINTS_BEHIND,
        {"-4.6": GREEN, "0": GREEN, "0.1": GREEN, "9.9": GREEN, "10.0": YELLOW, "30.0": YELLOW, "30.1": RED},
    ),
    (
        WUHAN,
        LightGauge.SHARE_OF_PRO_RATA,
        {"130.0": GREEN, "80.0": GREEN, "79.9": YELLOW, "60.0": YELLOW, "59.9": RED, "0": RED},
    ),
    (
        SANYA,
        LightGauge.SHARE_OF_PRO_RATA,
        {"100.0": GREEN, "99.9": YELLOW, "50.0": YELLOW, "49.9": RED, "0": RED},
    ),
]


@pytest.mark.parametrize(
    ("rules", "gauge", "value", "light"),
    [
        pytest.param(rules, gauge, Decimal(value), light, id=f"{rules.name}-{gauge}-{value}")
        for rules, gauge, values in THRESHOLDS
        for value, light in values.items()
    ],
)
def test_both_sides_of_every_threshold(rules, gauge, value, light):
    value = int(value) if gauge.form.whole else value
    assert rules.light(gauge, value) is light


def test_a_preset_judges_what_its_city_wrote_and_our_own_beside():
    own = {LightDimension.PROGRESS, LightDimension.MILESTONE, LightDimension.PROBLEM, LightDimension.REPORT}
    assert {band.gauge.dimension for band in YINCHUAN.bands} == set(LightDimension)
    assert {band.gauge.dimension for band in WUHAN.bands} == own
    assert {band.gauge.dimension for band in SANYA.bands} == own
    assert WUHAN.start_light(date(2023, 1, 31), None, TODAY) is None
    assert WUHAN.progress_light(Decimal(-40)) is None and YINCHUAN.share_light(Decimal(40)) is None
    assert PRESETS["sanya_2022"].min_planned_investment == 1000


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_sound(preset):
    assert rule_faults(PRESETS[preset].rules.bands) == []


@pytest.mark.parametrize(
    ("rules", "share", "sentence", "noted"),
    [
        (WUHAN, "55.0", "完成序时进度的55.0%（不足60%亮红灯）", False),
        (WUHAN, "79.9", "完成序时进度的79.9%（60%及以上、不足80%亮黄灯）", False),
        (WUHAN, "85.0", "完成序时进度的85.0%（80%及以上，提示）", True),
        (WUHAN, "104.2", "完成序时进度的104.2%", False),
        (SANYA, "50.0", "完成序时进度的50.0%（50%及以上、不足100%亮黄灯）", False),
        (SANYA, "100.0", "完成序时进度的100.0%", False),
    ],
)
def test_a_share_of_pro_rata_says_number_and_rule(rules, share, sentence, noted):
    reason = rules.share_light(Decimal(share))
    assert (reason.sentence, reason.noted) == (sentence, noted)


def test_points_say_open_and_closed_ends():
    sentences = [YINCHUAN.progress_light(Decimal(gap)).sentence for gap in ("-30.0", "-30.1", "-0.1")]
    assert sentences == [
        "投资完成率慢于序时30.0个百分点（10至30个百分点亮黄灯）",
        "投资完成率慢于序时30.1个百分点（超过30个百分点亮红灯）",
        "投资完成率慢于序时0.1个百分点（不足10个百分点，提示）",
    ]


@pytest.mark.parametrize(
    ("rules", "value", "light", "sentence"),
    [
        (YINCHUAN, "9.96", GREEN, "投资完成率慢于序时9.96个百分点（不足10个百分点，提示）"),
        (YINCHUAN, "9.9996", GREEN, "投资完成率慢于序时9.9996个百分点（不足10个百分点，提示）"),
        (YINCHUAN, "10", YELLOW, "投资完成率慢于序时10.0个百分点（10至30个百分点亮黄灯）"),
        (YINCHUAN, "10.04", YELLOW, "投资完成率慢于序时10.0个百分点（10至30个百分点亮黄灯）"),
        (YINCHUAN, "30.04", RED, "投资完成率慢于序时30.04个百分点（超过30个百分点亮红灯）"),
        (WUHAN, "79.96", YELLOW, "完成序时进度的79.96%（60%及以上、不足80%亮黄灯）"),
        (WUHAN, "59.96", RED, "完成序时进度的59.96%（不足60%亮红灯）"),
        (SANYA, "99.96", YELLOW, "完成序时进度的99.96%（50%及以上、不足100%亮黄灯）"),
        (SANYA, "49.96", RED, "完成序时进度的49.96%（不足50%亮红灯）"),
    ],
)
def test_thresholds_are_tested_on_unrounded_values_and_the_sentence_shows_it(rules, value, light, sentence):
    exact = Fraction(value)
    reason = rules.progress_light(-exact) if rules is YINCHUAN else rules.share_light(exact)
    assert (reason.light, reason.sentence) == (light, sentence)


def test_a_third_of_a_point_is_printed_with_one_place():
    sentence = YINCHUAN.progress_light(-Fraction(46, 3)).sentence
    assert sentence == "投资完成率慢于序时15.3个百分点（10至30个百分点亮黄灯）"


def points(light, low=None, high=None, **fields):
    ends = {name: None if end is None else Decimal(end) for name, end in (("low", low), ("high", high))}
    return Band(LightGauge.POINTS_BEHIND, light, **ends, **fields)


def days(light, low=None, high=None, **fields):
    return Band(LightGauge.MILESTONE_DAYS, light, low, high, **fields)


@pytest.mark.parametrize(
    ("band", "words"),
    [
        (points(YELLOW, 10, 30, high_closed=True), "10至30个百分点"),
        (points(YELLOW, 10, 30), "10个百分点及以上、不足30个百分点"),
        (points(YELLOW, 10, 30, low_closed=False, high_closed=True), "超过10个百分点、不超过30个百分点"),
        (points(RED, "12.5"), "12.5个百分点及以上"),
        (points(RED, 0, low_closed=False), "超过0个百分点"),
        (Band(LightGauge.SHARE_OF_PRO_RATA, RED, high=Decimal(60), high_closed=True), "不超过60%"),
        (days(YELLOW, 1, 15), "1至14天"),
        (days(YELLOW, 0, 14, low_closed=False, high_closed=True), "1至14天"),
        (days(YELLOW, 1, 2), "1天"),
        (days(RED, 14, low_closed=False), "15天及以上"),
    ],
)
def test_ends_in_words(band, words):
    assert band.range_words == words


@pytest.mark.parametrize(
    ("band", "value", "words"),
    [
        (points(YELLOW, 10, 30), "29.9", "10个百分点及以上、不足30个百分点亮黄灯"),
        (points(YELLOW, 10, 30), "30.0", "10个百分点及以上亮黄灯"),
        (points(YELLOW, 10, 30, low_closed=False), "40.0", "超过10个百分点亮黄灯"),
        (Band(LightGauge.SHARE_OF_PRO_RATA, YELLOW, Decimal(60), Decimal(80)), "59.9", "不足80%亮黄灯"),
    ],
)
def test_a_value_beyond_the_severe_end_is_told_where_the_band_begins(band, value, words):
    assert band.rule_words(Decimal(value)) == words


def test_the_share_of_pace_is_not_rounded():
    assert pace_percent(Ratio(Decimal("599.6"), 1000), 1) == Fraction("59.96")
    assert pace_percent(Ratio(1, 0), 1) is None
    assert pace_percent(Ratio(1, 10), 0) is None  # 序时 asks for nothing yet


# --- periods running, and how many reds ----------------------------------------------------------------------

PATIENT = RuleSet("连续", (points(YELLOW, 10), points(RED, 10, running=3)))


@pytest.mark.parametrize(
    ("value", "earlier", "light"),
    [
        ("12.0", ["11.0", "10.0"], RED),
        ("12.0", ["11.0", "10.0", "0.0"], RED),
        ("12.0", ["11.0", "9.9"], YELLOW),
        ("12.0", ["9.9", "30.0"], YELLOW),
        ("12.0", ["11.0"], YELLOW),  # nothing is known of the third
        ("12.0", ["11.0", None], YELLOW),
        ("9.9", ["11.0", "10.0"], GREEN),
    ],
)
def test_a_band_may_ask_for_periods_running(value, earlier, light):
    before = [None if one is None else Decimal(one) for one in earlier]
    assert PATIENT.light(LightGauge.POINTS_BEHIND, Decimal(value), before) is light
    assert PATIENT.progress_light(-Decimal(value), before).light is light
    assert PATIENT.looks_back == 2


def test_the_sentence_names_the_periods_running():
    behind = [Decimal(11), Decimal(12)]
    assert PATIENT.progress_light(Decimal("-12.0"), behind).sentence == (
        "投资完成率慢于序时12.0个百分点（10个百分点及以上、连续3旬如此亮红灯）"
    )
    waiting = RuleSet("连续", (points(RED, 10, running=3),)).progress_light(Decimal("-12.0"), behind[:1])
    assert (waiting.light, waiting.noted) == (GREEN, True)
    assert waiting.sentence == "投资完成率慢于序时12.0个百分点（未满连续3旬，提示）"


def test_a_value_beyond_a_band_that_waits_for_red_is_yellow_all_the_same():
    rules = RuleSet(
        "等待", (points(YELLOW, 10, 30, high_closed=True), points(RED, 30, low_closed=False, running=2))
    )
    reason = rules.progress_light(Decimal("-35.0"), [Decimal(5)])
    assert reason.light is YELLOW
    assert reason.sentence.endswith("（10个百分点及以上亮黄灯）")


@pytest.mark.parametrize(
    ("reds", "needs", "light"), [(1, 1, RED), (1, 2, YELLOW), (2, 2, RED), (0, 2, YELLOW)]
)
def test_a_project_is_red_by_so_many_dimensions(reds, needs, light):
    reasons = [LightReason(LightDimension.REPORT, YELLOW, "")]
    reasons += [LightReason(dimension, RED, "") for dimension in list(LightDimension)[:reds]]
    assert project_light(reasons, needs)[0] is light


# --- what is not sound ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bands", "fault"),
    [
        ([], "还没有亮灯档"),
        ([days(RED)], "上限和下限至少填写一个"),
        ([days(RED, Decimal("1.5"))], "须为整数"),
        ([points(RED, "10.05")], "至多一位小数"),
        ([days(YELLOW, 3, 4, low_closed=False), days(RED, 4)], "之间没有数值"),
        ([days(RED, high=15)], "请填写下限"),
        ([Band(LightGauge.SHARE_OF_PRO_RATA, RED, low=Decimal(60))], "请填写上限"),
        ([days(RED, 0)], "按期的项目不能亮灯"),
        ([points(RED, 0)], "达到序时进度的项目不能亮灯"),
        (
            [Band(LightGauge.SHARE_OF_PRO_RATA, RED, high=Decimal(100), high_closed=True)],
            "达到序时进度的项目不能亮灯",
        ),
        ([days(YELLOW, 1, 15, high_closed=True), days(RED, 15)], "“1至15天”与“15天及以上”重叠"),
        ([days(YELLOW, 1, 10), days(RED, 15)], "“15天及以上”之前有空档"),
        ([days(YELLOW, 1, 15), days(RED, 15, 60)], "最重的一档不能设上限"),
        ([days(RED, 1, 15), days(YELLOW, 15)], "红灯档“1至14天”须比黄灯档“15天及以上”更重"),
        ([points(RED, 10), Band(LightGauge.SHARE_OF_PRO_RATA, RED, high=Decimal(60))], "进度只能选一个指标"),
        ([points(YELLOW, 10, running=3), points(RED, 20)], "重叠"),
        ([points(YELLOW, 10), points(RED, 5, running=3)], "更重"),
        ([points(RED, 10, running=12)], "连续旬数须在1至9之间"),
    ],
)
def test_what_is_not_sound_is_said(bands, fault):
    faults = rule_faults(bands)
    assert any(fault in one for one in faults), faults
    assert all(one.endswith("。") for one in faults)


@pytest.mark.parametrize(
    "bands",
    [
        [days(YELLOW, 1, 14, high_closed=True), days(RED, 15)],  # whole days: nothing lies between
        [points(YELLOW, 10), points(RED, 10, running=3)],
        [
            points(YELLOW, 10, 30, high_closed=True),
            points(RED, 30, low_closed=False),
            points(RED, 10, running=3),
        ],
        [points(YELLOW, 10)],
    ],
)
def test_what_is_sound_is_let_pass(bands):
    assert rule_faults(bands) == []


def test_more_reds_than_dimensions_would_never_be_red():
    assert rule_faults([days(YELLOW, 1, 15), days(RED, 15)], 2) == [
        "设有红灯档的维度只有1个，少于亮红灯所需的2个，项目永远不会亮红灯。"
    ]


# --- properties ----------------------------------------------------------------------------------------------


@st.composite
def sound_bands(draw):
    """Bands of one gauge that tile everything past what is on time."""
    gauge = draw(st.sampled_from(LightGauge))
    step = 1 if gauge.form.whole else Decimal("0.1")
    first = draw(st.integers(1, 40))
    second = first + draw(st.integers(2, 40))
    closed = draw(st.booleans())
    if gauge.form.falling:
        first, second = 100 - first * step, 100 - second * step
        return [
            Band(gauge, YELLOW, second, first, low_closed=closed),
            Band(gauge, RED, None, second, high_closed=not closed),
        ]
    first, second = first * step, second * step
    return [
        Band(gauge, YELLOW, first, second, high_closed=closed),
        Band(gauge, RED, second, low_closed=not closed),
    ]


@given(sound_bands(), st.integers(-50, 1500))
def test_every_value_has_exactly_one_light_whatever_the_order_of_bands(bands, number):
    gauge = bands[0].gauge
    value = number if gauge.form.whole else Fraction(number, 20)  # tenths, and what lies between them
    assert rule_faults(bands) == []
    holding = [band for band in bands if band.contains(value)]
    assert len(holding) <= 1
    expected = holding[0].light if holding else GREEN
    rules, turned = RuleSet("", tuple(bands)), RuleSet("", tuple(reversed(bands)))
    assert rules.light(gauge, value) is turned.light(gauge, value) is expected
    if holding and not gauge.form.whole:
        assert holding[0].rule_words(value) == f"{holding[0].range_words}亮{COLOURS[expected]}灯"


@given(sound_bands(), st.integers(-50, 1500), st.integers(0, 200))
def test_worse_is_never_a_better_light(bands, number, more):
    gauge = bands[0].gauge
    rules = RuleSet("", tuple(bands))
    worse = number - more if gauge.form.falling else number + more
    values = (number, worse) if gauge.form.whole else (Decimal(number) / 10, Decimal(worse) / 10)
    order = [GREEN, YELLOW, RED]
    before, after = (order.index(rules.light(gauge, value)) for value in values)
    assert before <= after
