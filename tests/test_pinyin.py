"""Chinese by its sound (拼音): the keys names are sorted by, the text projects are found by."""

from projects.pinyin import KEY_LENGTH, found_by, sort_key


def test_names_stand_by_pinyin_and_tone():
    """By code points 中材 stands before 人才 and 体外; signs, digits and letters stand before Chinese."""
    names = ["2号厂房", "A座", "重庆路", "绿源", "人才公寓", "体外诊断", "中材", "重工", "淄博"]
    assert sorted(reversed(names), key=sort_key) == names
    assert sort_key("Ａ座") == sort_key("a座")


def test_a_key_is_the_same_for_every_collation_and_fits_its_column():
    key = sort_key("“储能谷”（一期）的项目—Ｂ区嗯" * 9)
    assert len(key) == KEY_LENGTH and key.isascii() and key.isalnum() and key == key.lower()


def test_a_project_is_found_as_it_is_written_and_as_it_sounds():
    text = found_by("中材高新", "2103-370371-04-01-123456", "示例企业００３")
    for words in ("中材", "zcgx", "zhongcai", "2103-370371", "2103370371", "示例企业003", "slqy", "shili"):
        assert words in text, words
