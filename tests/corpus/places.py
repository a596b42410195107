"""The table of places as documents write them: town, village or place of a project, and where it must end.

The kinds are those found in real planning documents of Ningxia; the villages are the clean ones of the corpus, in which
大庄村 is twice. Nothing joins that two places bear, that only sounds alike, or that is a part of another name.
"""

from __future__ import annotations

from dataclasses import dataclass

YUANZI, CHENGGUAN, DAZHUANG, OTHER_DAZHUANG = "640424100209", "640424100203", "640424100219", "640424102207"
SHIJU, MAHETAN, LUYUAN, ZHONGZHUANG, DAWAN = (
    "640424200203",
    "640424200207",
    "640424203206",
    "640424203203",
    "640424203212",
)
ZHANGJIATAI, HESHANGPU, DONGSHANPO = "640424200206", "640424102202", "640424102210"
XIANGSHUI, XINMIN, DAWAN_TOWN, COUNTY = "640424100", "640424200", "640424203", "640424"


@dataclass(frozen=True)
class PlaceCase:
    """A cell: ``method`` and ``codes`` are where it ends (``unplaced`` for nowhere), ``said`` findings on its row,
    ``first`` the best candidate of a question, ``left`` the names that could not be placed.
    """

    name: str
    town: str
    village: str
    method: str
    codes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    first: str = ""
    left: tuple[str, ...] = ()
    title: str = "某项目"
    place: str = ""


PLACE_CASES = (
    PlaceCase("plain", "香水镇", "园子村", "name", (YUANZI,)),
    PlaceCase("no-ending", "香水镇", "园子", "name", (YUANZI,)),
    PlaceCase("committee", "香水镇", "园子村民委员会", "name", (YUANZI,)),
    PlaceCase("spaces", "香水镇 ", "园 子 村", "name", (YUANZI,)),
    PlaceCase("brackets-around", "香水镇", "〈园子村〉", "name", (YUANZI,)),
    PlaceCase("brackets-within", "", "香水镇（园子村）", "name", (YUANZI,)),
    PlaceCase("web-address", "香水镇", "园子村(来自新文秘网https://www.example.cn)", "name", (YUANZI,), ("place-noise",)),
    PlaceCase("full-width-space", "香水镇", "园子村　", "name", (YUANZI,)),
    PlaceCase("town-left-out", "", "园子村", "name", (YUANZI,)),
    PlaceCase("town-and-village-in-one", "", "香水镇园子村", "name", (YUANZI,)),
    PlaceCase("county-before", "", "泾源县香水镇园子村", "name", (YUANZI,)),
    PlaceCase("homophone", "大湾乡", "绿源村", "unplaced", (), ("place-near",), LUYUAN),
    PlaceCase("homophone-without-town", "", "绿源村", "unplaced", (), ("place-near",), LUYUAN),
    PlaceCase("variant-character", "新民乡", "石嘴村", "name", (SHIJU,), ("place-variant",)),
    PlaceCase("traditional", "香水镇", "園子村", "name", (YUANZI,), ("place-variant",)),
    PlaceCase("folk-name-shortened", "新民乡", "张台村", "town", (XINMIN,), ("place-at-town",), ZHANGJIATAI),
    PlaceCase("two-places-of-one-name", "", "大庄村", "unplaced", (), ("place-ambiguous",)),
    PlaceCase("two-places-town-said", "六盘山镇", "大庄村", "name", (OTHER_DAZHUANG,)),
    PlaceCase("wrong-town", "新民乡", "园子村", "unplaced", (), ("place-wrong-town",), YUANZI),
    PlaceCase("town-unknown", "无名镇", "园子村", "unplaced", (), ("place-town-unknown",), YUANZI),
    PlaceCase("town-for-a-list", "香水镇", "园子村、城关村", "name", (YUANZI, CHENGGUAN)),
    PlaceCase("three-towns-in-a-cell", "", "香水镇城关村、六盘山镇大庄村、新民乡马河滩村", "name", (CHENGGUAN, OTHER_DAZHUANG, MAHETAN)),
    PlaceCase("list-without-endings", "", "园子、城关", "name", (YUANZI, CHENGGUAN)),
    PlaceCase("list-partly-known", "香水镇", "园子村、无有村", "name", (YUANZI,), ("place-partly",), left=("无有村",)),
    PlaceCase("list-ends-in-deng", "香水镇", "园子村、城关村等", "name", (YUANZI, CHENGGUAN), ("place-list-open",)),
    PlaceCase("one-of-seven", "香水镇", "园子村等7村", "name", (YUANZI,), ("place-list-open",)),
    PlaceCase("whole-county", "", "全县", "county", (COUNTY,)),
    PlaceCase("each-town", "", "各乡镇", "county", (COUNTY,)),
    PlaceCase("town-only", "大湾乡", "", "town", (DAWAN_TOWN,), ("place-town-only",)),
    PlaceCase("villager-groups", "香水镇", "园子村六组、七八组", "name", (YUANZI,), ("place-group",)),
    PlaceCase("redacted", "", "**村", "unplaced", (), ("place-redacted",)),
    PlaceCase("scrape-noise", "香水镇", "园子村心代叧収", "town", (XIANGSHUI,), ("place-redacted",)),
    PlaceCase("road", "", "109国道", "unplaced", (), ("place-no-village",)),
    PlaceCase("valley", "", "燕家山流域", "unplaced", (), ("place-no-village",)),
    PlaceCase("no-place", "", "", "unplaced", (), ("place-missing",)),
    PlaceCase("unknown-in-known-town", "大湾乡", "无有村", "town", (DAWAN_TOWN,), ("place-at-town",), left=("无有村",)),
    PlaceCase("part-of-a-name", "", "和尚", "unplaced", (), ("place-near",)),
    PlaceCase("name-within-a-name", "", "张家台", "unplaced", (), ("place-near",)),
    PlaceCase("from-the-title", "", "", "name", (ZHONGZHUANG,), ("place-from-name",), title="2023年泾源县大湾乡中庄村林下中药材种植项目"),
    PlaceCase("title-contradicts", "香水镇", "城关村", "name", (CHENGGUAN,), ("place-name-contradicts",), title="2023年香水镇园子村道路"),
    PlaceCase("place-column", "", "", "name", (DONGSHANPO,), place="六盘山镇东山坡村"),
    PlaceCase("old-alias-unknown", "", "老庄子", "unplaced", (), ("place-unknown",)),
)  # fmt: skip
