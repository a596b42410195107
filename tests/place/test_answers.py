"""What an answer means: exactly one place, no place, or nothing that may be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoplan.frames import NO_PLACE, OUTSIDE, UNSURE, Answer, Gazetteer, Review
from geoplan.names import normalise
from geoplan.place.answers import forget_taken, tell_taken, weigh_answers
from geoplan.place.index import PlaceIndex
from geoplan.values import Where

LVYUAN, CARTS = "999901200200", "999901200205"
WEST = "999901200"


def weigh(gazetteer: Gazetteer, *texts: str, written: str = "绿源村", when: str = "") -> tuple[Review, list[str]]:
    waiting = tuple(
        Answer(written, "大湾乡", text, when=when, where=Where("review.xlsx", "问", (4,))) for text in texts
    )
    review, findings = weigh_answers(Review(waiting=waiting), PlaceIndex(gazetteer))
    return review, [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LVYUAN, LVYUAN),
        (f"{LVYUAN} 绿塬村委会（大湾乡） · 读音相同或相近", LVYUAN),
        (f"{LVYUAN}绿塬村", LVYUAN),
        ("绿塬村(大湾乡)", LVYUAN),
        ("大湾乡 绿塬村委会", LVYUAN),
        ("方格县大湾乡绿塬村", LVYUAN),
        ("车村", CARTS),
        ("大湾乡", WEST),
        (f"{WEST}000", WEST),
        (f"{WEST} 大湾乡 · 整个乡镇", WEST),
        ("方格县", "999901"),
        ("不是地名", NO_PLACE),
        ("not a place", NO_PLACE),
        ("不在本区域", OUTSIDE),
    ],
)
def test_what_says_exactly_one_thing_is_understood(gazetteer: Gazetteer, text: str, code: str) -> None:
    review, findings = weigh(gazetteer, text)
    assert ([answer.code for answer in review.decided], findings, len(review.taken)) == ([code], [], 1)


@pytest.mark.parametrize(
    "text",
    [
        "绿塬",
        "大庄村",
        "999901200999",
        f"{LVYUAN}、{CARTS}",
        f"{LVYUAN} 车村（大湾乡）",
        "12",
        "绿塬村?",
        "?",
        "村",
        "大湾村委",
    ],
)
def test_what_does_not_waits_and_is_said(gazetteer: Gazetteer, text: str) -> None:
    review, findings = weigh(gazetteer, text)
    assert ([answer.text for answer in review.waiting], review.decided) == ([text], ())
    assert findings == ["review-answer-unclear"]


def test_not_sure_yet_waits_and_nothing_is_said(gazetteer: Gazetteer) -> None:
    review, findings = weigh(gazetteer, "暂不确定", "")
    assert ([answer.code for answer in review.waiting], findings) == ([UNSURE, ""], [])


def test_an_answer_to_no_name_waits(gazetteer: Gazetteer) -> None:
    review, findings = weigh(gazetteer, LVYUAN, written=" ")
    assert (len(review.waiting), findings) == (1, ["review-answer-unclear"])


def test_the_later_day_holds_whatever_the_order_and_the_earlier_is_told(gazetteer: Gazetteer) -> None:
    rows = [
        Answer("绿源村", "大湾乡", CARTS, who="李四", when="2023-07-02"),
        Answer("绿源村", "大湾", LVYUAN, who="张三", when="2023-07-01", note="听说"),
    ]
    review, findings = weigh_answers(Review(waiting=tuple(rows)), PlaceIndex(gazetteer))
    (answer,) = review.decided
    assert (answer.code, answer.who, answer.earlier) == (CARTS, "李四", f"{LVYUAN}，张三，2023-07-01，听说")
    assert [finding.code for finding in findings] == ["review-answer-replaced"]


def test_a_new_answer_holds_against_what_was_decided_and_both_origins_are_kept(gazetteer: Gazetteer) -> None:
    old = Answer("绿源村", "大湾乡", LVYUAN, when="2024-01-01", origin="a")
    new = Answer("绿源村", "大湾乡", CARTS, when="2023-01-01", origin="a\nb", note="n")
    review, _ = weigh_answers(Review((old,), (new,)), PlaceIndex(gazetteer))
    (answer,) = review.decided
    assert (answer.code, answer.origin, answer.note) == (CARTS, "a\nb", "n")


def test_the_same_answer_twice_is_no_change(gazetteer: Gazetteer) -> None:
    review, findings = weigh(gazetteer, LVYUAN, "绿塬村（大湾乡）")
    assert ([answer.earlier for answer in review.decided], findings) == ([""], [])


def test_who_and_when_are_the_workbooks_where_the_row_does_not_tell(gazetteer: Gazetteer) -> None:
    rows = (Answer("甲", "", LVYUAN), Answer("乙", "", LVYUAN, who="张三", when="2023-07-01"), Answer("丙", "", "乱"))
    review, _ = weigh_answers(Review(waiting=rows, who="李四", when="2023-08-01"), PlaceIndex(gazetteer))
    told = {answer.written: (answer.who, answer.when) for answer in (*review.decided, *review.waiting)}
    assert told == {"甲": ("李四", "2023-08-01"), "乙": ("张三", "2023-07-01"), "丙": ("", "")}


def test_a_decision_that_somebody_spoiled_is_asked_again_with_all_that_was_said(gazetteer: Gazetteer) -> None:
    spoiled = Answer("绿源村", "大湾乡", "看不懂的字", who="张三", note="备注", earlier="以前的")
    review, findings = weigh_answers(Review((spoiled,)), PlaceIndex(gazetteer))
    (answer,) = review.waiting
    assert (answer.text, answer.who, answer.note) == ("看不懂的字", "张三", "备注\n以前的")
    assert [finding.code for finding in findings] == ["review-answer-unclear"]


def test_a_decision_for_a_code_that_is_gone_stays_decided(gazetteer: Gazetteer) -> None:
    review, findings = weigh_answers(
        Review((Answer("绿源村", "", "999901200999 旧村（大湾乡）"),)), PlaceIndex(gazetteer)
    )
    assert ([answer.code for answer in review.decided], findings) == (["999901200999"], [])


words = st.one_of(
    st.text(max_size=12), st.sampled_from([LVYUAN, CARTS, "大庄村", "不是地名", "暂不确定", "绿塬村（大湾乡）"])
)
rows = st.lists(
    st.builds(
        Answer,
        st.sampled_from(["绿源村", "老庄", " 绿源村", ""]),
        st.sampled_from(["", "大湾乡", "大湾", "没有的乡"]),
        words,
    )
)


@given(rows, rows)
def test_every_answer_is_decided_waits_or_is_told_as_earlier(
    gazetteer: Gazetteer, old: list[Answer], new: list[Answer]
) -> None:
    review, _ = weigh_answers(Review(tuple(old), tuple(new)), PlaceIndex(gazetteer))
    for answer in (*old, *new):
        same = [
            item for item in (*review.decided, *review.waiting) if normalise(item.written) == normalise(answer.written)
        ]
        told = "\n".join(f"{item.text}\n{item.earlier}\n{item.note}\n{item.code}" for item in same)
        meant = {item.code for item in weigh_answers(Review((answer,)), PlaceIndex(gazetteer))[0].decided}
        assert not answer.text or answer.text in told or meant & set(told.splitlines())
    keys = [(normalise(item.written), item.town) for item in review.decided]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("text", "why", "guess"),
    [
        ("绿塬", "near", (LVYUAN,)),
        ("大庄村", "several", ("999901100202", "999901200203")),
        ("大庄", "near", ("999901200203",)),
        ("石嘴", "near", ("999901200202",)),
        ("不知道", "no-such", ()),
        ("城关那边，问一问老马就知道了", "no-such", ()),
        ("999901200999", "not-here", ()),
    ],
)
def test_what_is_not_understood_says_why_and_what_it_may_mean(
    gazetteer: Gazetteer, text: str, why: str, guess: tuple[str, ...]
) -> None:
    review, _ = weigh(gazetteer, text)
    assert [(answer.code, answer.why, answer.guess) for answer in review.waiting] == [("", why, guess)]


def test_a_decision_that_is_written_over_tells_what_it_was_and_is_the_last_saver_s(gazetteer: Gazetteer) -> None:
    was = ("不在本区域", "张三", "2023-07-01", "问过")
    row = Answer("绿源村", "大湾乡", LVYUAN, who="张三", when="2023-07-01", note="问过", was=was)
    review, findings = weigh_answers(Review((row,), who="李四", when="2023-08-01"), PlaceIndex(gazetteer))
    (answer,) = review.decided
    assert (answer.who, answer.when, answer.earlier) == ("李四", "2023-08-01", "不在本区域，张三，2023-07-01，问过")
    assert [(finding.code, dict(finding.facts)["old"]) for finding in findings] == [
        ("review-answer-replaced", "不在本区域")
    ]


@pytest.mark.parametrize("text", [f"{LVYUAN} 绿塬村（大湾乡）", LVYUAN, "绿塬村"])
def test_a_decision_that_means_the_same_is_no_change(gazetteer: Gazetteer, text: str) -> None:
    row = Answer("绿源村", "大湾乡", text, who="张三", was=(f"{LVYUAN} 绿塬村（大湾乡）", "张三", "", ""))
    review, findings = weigh_answers(Review((row,), who="李四"), PlaceIndex(gazetteer))
    assert ([(answer.who, answer.earlier) for answer in review.decided], findings) == ([("张三", "")], [])


def test_a_decision_that_is_spoiled_keeps_what_it_was(gazetteer: Gazetteer) -> None:
    row = Answer("绿源村", "大湾乡", "不知道", note="问过", was=(LVYUAN, "张三", "2023-07-01", "问过"))
    (answer,) = weigh_answers(Review((row,)), PlaceIndex(gazetteer))[0].waiting
    assert (answer.text, answer.note) == ("不知道", f"问过\n{LVYUAN}，张三，2023-07-01，问过")


def test_what_came_of_the_answers_is_counted(gazetteer: Gazetteer) -> None:
    review, _ = weigh(gazetteer, LVYUAN)
    before = [("unplaced", ()), ("town", (WEST,)), ("unplaced", ()), ("name", (CARTS,))]
    after = [("alias", (LVYUAN,)), ("alias", (LVYUAN,)), ("unplaced", ()), ("name", (CARTS,))]
    assert dict(tell_taken(review, before, after).facts) == {"count": "1", "unclear": "0", "placed": "1", "moved": "1"}
    assert forget_taken(review).decided == ()
