"""Which characters are taken for each other: by their look when copied, by their sound when dictated."""

from __future__ import annotations

from functools import cache

from geoplan.names import list_sounds

_ALIKE = (
    "土士 末未 己已巳 子孑了 人入八 大太犬 日曰目白 天夫无 千干于 王玉主 园圆国围团 庄压床 旗棋琪 堡保煲 湾弯 沟钩构 杨扬汤场 "
    "上土止 下卞 沙砂 河何 泉汞 永水冰 红江 城域诚 关美 桥侨娇 卡卞 寺等 新析 月用 米来 岗岚 惠患 台合 暖缓 阳阴 思恩 源原 "
    "兰三 北比 面而 马鸟 泾径经 光先 秦泰春 营宫 龙尤 余佘 家冢 南甫 冶治 涝捞 白百自 吉古 高亮 峰锋 庞宠 东车 底低 什计 张弦 "
    "尚向 里理 洼挂 半平 李季 西酉 坡披 刘划 周同 蒿嵩 店占 农衣 林木材 集隼 先失 照昭 石右 咀组 滩难 贤坚 黄横 星皇 庙庄 华毕 "
    "胜腾 羊半 向何 塘糖 盘盆 何河 瓦互 中申 坪评 苏办 绿禄 岭领 董懂 牛午 武式 四匹 向问 兴举 明朋 隆降 梧悟 陵棱 鹭露 苋觅"
)
_LOOK: dict[str, set[str]] = {}
for _group in _ALIKE.split():
    for _char in _group:
        _LOOK.setdefault(_char, set()).update(_group)

_LOOSE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("f", "h"))
"""Sounds that the north-west runs together: 翘舌/平舌, 前后鼻音, n/l, f/h."""


def looks_alike(one: str, other: str) -> bool:
    """Whether one character is easily typed or read for the other."""
    return other in _LOOK.get(one, ())


def list_lookalikes(char: str) -> set[str]:
    """The characters that are easily typed or read for a character, itself among them."""
    return _LOOK.get(char, set())


@cache
def shares_sound(one: str, other: str) -> bool:
    """Whether two characters have a reading in common, tones apart."""
    return not set(list_sounds(one)).isdisjoint(list_sounds(other))


@cache
def sounds_alike(one: str, other: str) -> bool:
    """Whether two characters are said nearly the same."""
    return not set(list_loose_sounds(one)).isdisjoint(list_loose_sounds(other))


@cache
def list_loose_sounds(char: str) -> tuple[str, ...]:
    """The readings of a character as the north-west may say them."""
    return tuple(dict.fromkeys(_loosen(said) for said in list_sounds(char)))


def _loosen(spelled: str) -> str:
    for strict, loose in _LOOSE:
        spelled = spelled.replace(strict, loose)
    return spelled
