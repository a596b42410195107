"""Place names and unit names: as written, as compared, and as the lists that people put into one cell.

Nothing here matches on a part of a name: 塘南村 is not 大塘南村. The steps that may join are
:func:`normalise`, :func:`split_ending` and, with a note, :func:`fold_variants`; the sound of a name
(:func:`list_sounds`) only ever proposes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_BRACKETS = str.maketrans("〈〉《》【】〔〕[]{}「」", "()()()()()()()")
_BLANKS = {"", "/", "无", "-", "--", "---", "—", "——", "―", "－", "暂无", "空", "n/a", "N/A"}
_HIDDEN = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f]+")
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")
_QUOTES = re.compile(r"[\"'“”‘’]")

VILLAGE_ENDINGS = (
    ("社区居民委员会", "community"),
    ("社区居委会", "community"),
    ("村民委员会", "village"),
    ("居民委员会", "community"),
    ("村委会", "village"),
    ("居委会", "community"),
    ("行政村", "village"),
    ("社区", "community"),
    ("村", "village"),
)
"""The endings of NBS 2023 names and what they say the place is."""
_COMMITTEES = ("委会", "委员会")
TOWN_ENDINGS = (
    ("街道办事处", "street"),
    ("民族乡", "township"),
    ("办事处", "street"),
    ("街道", "street"),
    ("农场", "farm"),
    ("林场", "farm"),
    ("牧场", "farm"),
    ("苏木", "township"),
    ("镇", "town"),
    ("乡", "township"),
)
_Endings = tuple[tuple[int, Mapping[str, str]], ...]


def _sort_endings(endings: tuple[tuple[str, str], ...]) -> _Endings:
    """The endings by their length, the longest first."""
    lengths = sorted({len(ending) for ending, _ in endings}, reverse=True)
    return tuple((size, {ending: kind for ending, kind in endings if len(ending) == size}) for size in lengths)


_BY_LENGTH, _TOWN_BY_LENGTH = _sort_endings(VILLAGE_ENDINGS), _sort_endings(TOWN_ENDINGS)
COUNTY_ENDINGS = ("自治县", "自治旗", "县", "市", "区", "旗")
_GOVERNMENT = re.compile(r"(?:人民)?政府$")

_VARIANT_GROUPS = (
    "嘴咀 碱硷堿鹼 "
    # traditional → simplified, of the characters that place names are made of
    "庄莊 湾灣 沟溝 乡鄉 镇鎮 县縣 区區 东東 龙龍 马馬 杨楊 张張 刘劉 赵趙 陈陳 黄黃 兴興 丰豐 华華 宁寧寕 庞龐 庙廟庿 坝壩 岭嶺 "
    "岛島 芦蘆 桥橋 园園 场場塲 关關 涝澇 铺鋪舖 贺賀 买買 银銀 红紅 绿綠緑 罗羅 乔喬 车車 头頭 台臺 双雙 进進 联聯 胜勝 阳陽 盐鹽 "
    "窑窯窰 墙牆墻 钟鐘鍾 卫衛衞 吴吳 许許 郑鄭 叶葉 苏蘇 兰蘭 万萬 义義 国國 庆慶 团團 结結 乐樂 贤賢 农農 业業 渔漁 泽澤 滨濱 滩灘 "
    "柏栢 村邨 岗崗 洼窪 峰峯 里裏裡 冢塚 砖磚甎 闸閘 梁樑 碛磧 峡峽 广廣 长長 门門 开開 时時 凤鳳 鸣鳴 丽麗 麦麥 温溫 灵靈 坚堅 "
    "块塊 壮壯 孙孫 实實 宝寶 将將 干乾 后後 应應 怀懷 战戰 户戶 会會 员員 条條 树樹 机機 栏欄 欢歡 历歷 气氣 净淨 汤湯 满滿 汉漢 "
    "洁潔 涧澗 烟煙 尔爾 狮獅 玛瑪 环環 毕畢 发發 盘盤 众眾 礼禮 积積 窝窩 节節 范範 纪紀 纯純 丝絲 经經 维維 网網 习習 圣聖 旧舊 "
    "莲蓮 蒋蔣 蓝藍 艺藝 药藥 号號 观觀 设設 诚誠 谈談 谭譚 贝貝 财財 贡貢 贵貴 费費 贾賈 宾賓 赖賴 跃躍 军軍 辉輝 轮輪 转轉 达達 "
    "远遠 迁遷 选選 边邊 邓鄧 邹鄒 医醫 钱錢 锦錦 铁鐵 闫閆 阎閻 阁閣 陆陸 队隊 陇隴 鸡雞 云雲 韩韓 韦韋 顺順 项項 领領 顾顧 飞飛 "
    "冯馮 骆駱 腾騰 驴驢 鱼魚 鲁魯 鸭鴨 鹅鵝 鹤鶴 鹰鷹 党黨 齐齊 龟龜 颜顏 鸽鴿 赛賽 荣榮 营營 严嚴 阴陰 险險 坟墳 坛壇 垫墊 处處 "
    "备備 复復 宫宮 寻尋 尧堯 岁歲 巩鞏 帅帥 师師 庐廬 异異 弯彎 归歸 当當 忆憶 恋戀 惠恵 戏戲 扬揚 护護 择擇 操撡 教敎 断斷 无無 "
    "显顯 晓曉 权權 极極 枣棗 栋棟 桦樺 梦夢 楼樓 横橫 欧歐 沈瀋 泾涇 浅淺 测測 济濟 润潤 渊淵 湿濕 滦灤 灯燈 炼煉 热熱 爱愛 牵牽 "
    "犁犂 独獨 现現 电電 画畫 畅暢 疗療 确確 离離 种種 稳穩 穷窮 竞競 笔筆 粮糧 纺紡 线線 细細 终終 绍紹 统統 继繼 绵綿 缘緣 罗羅 "
    "职職 肃肅 脉脈 舰艦 苍蒼 荞蕎 荡蕩 萧蕭 葱蔥 蔺藺 虾蝦 虫蟲 补補 见見 规規 计計 订訂 记記 评評 诗詩 语語 请請 调調 谢謝 谷穀 "
    "负負 责責 货貨 资資 赵趙 轩軒 轿轎 较較 运運 过過 还還 连連 违違 适適 逻邏 郁鬱 释釋 鉴鑒 针針 钓釣 钢鋼 铃鈴 铜銅 锁鎖 锋鋒 "
    "键鍵 镜鏡 阔闊 际際 陕陝 随隨 难難 雾霧 静靜 韵韻 须須 颂頌 预預 频頻 题題 额額 风風 饭飯 饮飲 馆館 驻駐 验驗 骏駿 鲜鮮 鸟鳥"
)
_VARIANTS = str.maketrans({other: group[0] for group in _VARIANT_GROUPS.split() for other in group[1:]})
"""Characters that one name is written with either way. 塬/源/原 and 岔/叉 are different names that sound alike."""

DIGITS = "0-9一二三四五六七八九十百两〇零"
_STRONG = "、，,;；/|。\t"
_COUNT = {"两": 2, "〇": 0, "零": 0, **{char: number for number, char in enumerate("一二三四五六七八九", 1)}}
_UNIT_LABEL = re.compile(r"^(?:牵头|配合|责任|协作|主管|实施)(?:单位|部门)?:")
_UNIT_TAIL = re.compile(r"(?:人民)?政府$|办公室$|党委$|委员会$")
_WHOLE_UNIT = re.compile(r"(?:局|委|办|办公室|政府|镇|乡|街道|中心|公司|站|院|行|社|会|部|处|队|学校|大学|学院)$")


def is_blank(text: object) -> bool:
    """Whether a cell says nothing: empty, or one of the usual signs for none (/, 无, —)."""
    return not isinstance(text, str) or _HIDDEN.sub("", text) in _BLANKS


def normalise(text: str) -> str:
    """A name as it is compared: NFKC, one form of brackets, no spaces, no quotes, no hidden characters."""
    if _PLAIN.fullmatch(text):
        return text
    return unicodedata.normalize("NFKC", _HIDDEN.sub("", unify_text(text)))


def unify_text(text: str) -> str:
    """NFKC, one form of brackets and no quotes, with its spaces and line breaks."""
    return _QUOTES.sub("", unicodedata.normalize("NFKC", text).translate(_BRACKETS))


def split_ending(name: str) -> tuple[str, str]:
    """The base of a village's name and its kind, ``village``, ``community`` or ``""``; one ending is cut."""
    return _cut(name, _BY_LENGTH)


def split_town_ending(name: str) -> tuple[str, str]:
    """The base of a town's name and its kind; 人民政府 after it is cut too, and 鎮 and 鄉 are 镇 and 乡."""
    whole = _GOVERNMENT.sub("", name) or name
    base, kind = _cut(fold_variants(whole), _TOWN_BY_LENGTH)
    return whole[: len(base)], kind


def split_county_ending(name: str) -> str:
    """The base of a county's name."""
    return next((name[: -len(end)] for end in COUNTY_ENDINGS if name.endswith(end) and len(name) > len(end) + 1), name)


def list_bases(name: str) -> tuple[str, ...]:
    """The bases that a village's name may have, likeliest first: 车村村委会 is 车村, or else 车 (车村 + 村委会).

    Behind anything but a committee a second ending stays: 贾塘村村 may be a slip for 贾塘新村村 as well as for 贾塘村.
    """
    base, _ = split_ending(name)
    inner = split_ending(base)[0] if name.endswith(_COMMITTEES) else ""
    return tuple(dict.fromkeys(item for item in (base, name if base != name else "", inner) if item))


def shorten_name(official: str) -> str:
    """An official name as people say it: 城关村委会 is 城关村, 香水社区居委会 is 香水社区."""
    base, kind = split_ending(official)
    if kind == "community":
        return official if official.endswith("社区") else f"{base}社区"
    return f"{base}村" if kind == "village" else official


def fold_variants(name: str) -> str:
    """The name with each variant character replaced by its standard one."""
    return name.translate(_VARIANTS)


@cache
def list_sounds(char: str) -> tuple[str, ...]:
    """The readings of one character without tones, likeliest first; the character itself if it has none."""
    from pypinyin import Style, pinyin  # the dictionary is large: only when a name did not match

    return tuple(dict.fromkeys(pinyin(char, style=Style.NORMAL, heteronym=True)[0]))


def read_count(text: str) -> int | None:
    """A small number in digits or Chinese (七, 十二, 两), None if it is none."""
    if text.isdecimal():
        return int(text) if len(text) < 6 else None
    tens, found, ones = text.partition("十")
    if not found:
        return _COUNT.get(text)
    return (_COUNT.get(tens, 1) if tens else 1) * 10 + (_COUNT.get(ones, 0) if ones else 0)


def split_strong(text: str) -> list[str]:
    """The parts of a cell, cut at 、，,;；/ and tabs that stand outside brackets."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth = max(0, depth + (char == "(") - (char == ")"))
        if char in _STRONG and not depth:
            parts.append(current)
            current = ""
        else:
            current += char
    return [part.strip() for part in [*parts, current] if part.strip()]


def split_units(cell: str) -> tuple[str, ...]:
    """The units in a 牵头, 配合 or 责任 cell, in order, each once.

    Spaces and line breaks inside a name are scrape noise (农业农 村局) and joined, but a break after a whole
    name (…局, …政府) parts two. 各乡（镇）人民政府 stays one. Brackets are written （）.
    """
    if is_blank(cell):
        return ()
    units: list[str] = []
    for chunk in split_strong(unify_text(cell)):
        units += _join_pieces(re.split(r"\s+", chunk.strip()))
    cleaned = (_UNIT_LABEL.sub("", unit) for unit in units)
    return tuple(dict.fromkeys(_widen(unit) for unit in cleaned if unit not in _BLANKS))


def _join_pieces(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        whole = joined and _WHOLE_UNIT.search(joined[-1]) and _WHOLE_UNIT.search(piece)
        if joined and (not whole or len(piece) < 3 or _UNIT_TAIL.match(piece)):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _widen(unit: str) -> str:
    return unit.replace("(", "（").replace(")", "）")


def _cut(name: str, endings: _Endings) -> tuple[str, str]:
    for digits, kinds in endings:
        if digits < len(name) and (kind := kinds.get(name[-digits:])):
            return name[:-digits], kind
    return name, ""
