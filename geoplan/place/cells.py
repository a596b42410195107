"""The names in one cell: lists, towns written before them, villager groups behind them, 等 and counts at the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from geoplan.names import DIGITS, normalise, read_count, split_ending, split_strong, split_town_ending, unify_text

Known = Callable[[str], bool]

_AND = re.compile(r"以及|和|及|与")
_OTHERS = re.compile(rf"^(?P<name>.*?)等(?P<count>[{DIGITS}]+)?(?:余|多)?(?:个|座|处|家)?(?P<rest>[^等]{{0,12}})$")
_COUNTED = re.compile(rf"^(?P<name>.*?[^{DIGITS}])(?P<count>[{DIGITS}]+)(?:个.{{0,8}}|(?<=两))(?:村|社区|乡镇|镇|乡)$")
_GROUP_LIST = re.compile(rf"(?<=[{DIGITS}])、(?=第?[{DIGITS}]+(?:、第?[{DIGITS}]+)*(?:村民)?(?:小组|组|队)(?!区))")
_JOINED = "&"
"""What stands for 、 between the numbers of groups (一、二、三组) while a cell is parted."""
_COUNTED_LAST = re.compile(rf"^(?P<name>.*?[^{DIGITS}等])(?P<count>[{DIGITS}]+)个?村$")
_NOISE = re.compile(r"\((?:来自|来源|转自|摘自|出自)[^()]*\)|https?://[^\s()、，,;；]*", re.IGNORECASE)
"""What copying from a web page leaves behind: （来自…网）, an address."""
_REDACTED = re.compile(r"[*×□■○●]|叧収|心代|代心|[Xx]{2,}")
"""What stands where a name was taken out, or the junk of a copied watermark."""
_GROUP = rf"第?[{DIGITS}]+(?:[、和及至到~{_JOINED}-]第?[{DIGITS}]+)*(?:村民)?(?:小组|组|队|社)(?!区)"
_ONLY_GROUP = re.compile(rf"^{_GROUP}$")
_BELOW = re.compile(
    rf"(?:{_GROUP}.{{0,4}}|[{DIGITS}]+|[^村]{{1,6}}(?:组|队|自然村|庄子)|[^村]{{0,4}}(?:安置[点区]|移民点)|境内|内|辖区内?|村部)"
)
_LONGEST = 80
"""A token longer than this is a sentence and not a name."""
_ALL_COUNTY = re.compile(
    r"^(?:全(?:县域?|区|市|域).{0,14}|本(?:县|区|市)|(?:县|区|市)(?:域|域内|域范围内?|级|本级|直|直属))$"
    rf"|^(?:各|所有|每个|[{DIGITS}]+个)(?:乡镇|乡\(镇\)|镇\(乡\)|镇乡|县区|县\(区\)|县\(市、?区\)).{{0,10}}$"
)
_ALL_TOWN = re.compile(
    r"^(?:全镇|全乡|全街道|本镇|本乡)(?:.{0,10})$"
    r"|^(?:各|所有|全部|每个)个?(?:行政|移民|自然|脱贫|重点)*村(?:社区|组|\(社区\))?$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in a cell.

    ``town`` and ``county`` are written before it, ``carried`` is the town of an earlier name in the cell,
    ``part`` is what is below the village (三组).
    """

    text: str
    town: str = ""
    carried: str = ""
    county: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The names in one cell; ``incomplete`` if it says that there are more, ``count`` how many it says in all.

    ``noise`` is what was left out as a web page's trace.
    """

    mentions: tuple[Mention, ...] = ()
    incomplete: bool = False
    count: int | None = None
    ends_open: bool = False
    noise: str = ""


@dataclass(frozen=True, slots=True)
class Lore:
    """What is known of the area while a cell is taken apart: its places, its towns, its own name."""

    place: Known
    town: Known
    county: Known


IGNORANT = Lore(lambda _: False, lambda _: False, lambda _: False)


def is_redacted(name: str) -> bool:
    """Whether a part of the name was taken out or covered by a watermark: it can mean any place."""
    return bool(_REDACTED.search(name))


def cut_redacted(name: str) -> str:
    """What is left of such a name without the signs and the junk: a hint, and no name."""
    return _REDACTED.sub("", name)


def covers_county(text: str) -> bool:
    """Whether the words mean the whole county: 全县, 各乡镇."""
    return bool(_ALL_COUNTY.match(text))


def covers_town(text: str) -> bool:
    """Whether the words mean all of a town, if one is given: 全镇, 各村."""
    return bool(_ALL_TOWN.match(text))


def split_places(cell: str, lore: Lore = IGNORANT) -> PlaceList:
    """The names in a cell, each with the town written before it; a town given once is carried to the names after it.

    Separators are 、，,;；/ and line breaks; 和, 及 and 与 only where the whole is no known place. 等 and
    a count larger than the names given make the list incomplete. A villager group stays with its village.
    """
    text, noise = _prepare(cell)
    tokens = _cut_count([token for chunk in split_strong(text) for token in _split_spaces(chunk, lore)], lore)
    mentions: list[Mention] = []
    ends_open, count, town = False, None, ""
    for token in tokens:
        token, opened, number = _cut_others(token, lore)
        ends_open, count = ends_open or opened, number if number is not None else count
        for mention in _read_token(token, lore):
            if _ONLY_GROUP.match(mention.text) and mentions and not mention.town:
                mentions[-1] = replace(mentions[-1], part=mentions[-1].part + mention.text)
                continue
            town = mention.town or (mention.text if _is_heading(mention.text, lore) else town)
            mentions.append(mention if mention.town else replace(mention, carried=town))
    more = ends_open if count is None else count > len(mentions)
    return PlaceList(tuple(_write_groups(mention) for mention in mentions), more, count, ends_open, noise)


def _prepare(cell: str) -> tuple[str, str]:
    """The cell ready to be parted, and the noise that was in it."""
    text = unify_text(cell).replace("\r", "\n")
    noise = "".join(_NOISE.findall(text))
    text = _GROUP_LIST.sub(_JOINED, _NOISE.sub("", text))
    return re.sub(r"\s*:\s*", ": ", text), noise


def _write_groups(mention: Mention) -> Mention:
    """The name with 、 between its groups, as it was written."""
    if _JOINED not in mention.text + mention.part:
        return mention
    return replace(mention, text=mention.text.replace(_JOINED, "、"), part=mention.part.replace(_JOINED, "、"))


def _cut_count(tokens: list[str], lore: Lore) -> list[str]:
    """绿塬、苏堡、大湾3村 without its count: a number behind the last of as many names, none of which has an ending or a number."""
    found = _COUNTED_LAST.match(tokens[-1]) if len(tokens) > 1 else None
    if not found or read_count(found["count"]) != len(tokens) or lore.place(tokens[-1]):
        return tokens
    if any(split_ending(token)[1] or re.search(f"[{DIGITS}]", token) for token in (*tokens[:-1], found["name"])):
        return tokens
    return [*tokens[:-1], found["name"]]


def _split_spaces(chunk: str, lore: Lore) -> list[str]:
    """A chunk as one name if it is one without its spaces, else its pieces if any of them is known."""
    whole = normalise(chunk).replace(":", "")
    pieces = [piece for piece in (normalise(part).rstrip(":") for part in re.split(r"\s+", chunk)) if piece]
    if len(pieces) < 2 or lore.place(whole):
        return [whole] if whole else []
    if not _is_heading(pieces[0], lore):
        return _join_unknown(pieces, lore)
    names = _join_unknown(pieces[1:], lore)
    if any(lore.town(name) or _cut_town(name, lore)[0] for name in names):
        return [pieces[0], *names]
    return [pieces[0] + name for name in names]


def _join_unknown(pieces: list[str], lore: Lore) -> list[str]:
    """The pieces if one of them is known or all are whole names, else all as one name with spaces in it."""
    names = [_cut_others(piece, lore)[0] for piece in pieces]
    known = any(lore.place(name) or lore.town(name) for name in names)
    return pieces if known or all(split_ending(name)[1] for name in names) else ["".join(pieces)]


def _is_heading(text: str, lore: Lore) -> bool:
    return bool(split_town_ending(text)[1]) and lore.town(text)


def _cut_others(token: str, lore: Lore) -> tuple[str, bool, int | None]:
    """The token without 等, 等7村 or 4个村, whether it says that there are more, and how many in all."""
    if len(token) > _LONGEST or lore.place(token) or covers_county(token):
        return token, False, None
    found = _OTHERS.match(token)
    if found and len(found["name"]) != 1:
        return found["name"], True, read_count(found["count"] or "")
    if found := _COUNTED.match(token):
        return found["name"], False, read_count(found["count"])
    return token, False, None


def _read_token(token: str, lore: Lore) -> list[Mention]:
    if not token:
        return []
    if len(token) > _LONGEST or lore.place(token) or covers_county(token) or covers_town(token):
        return [Mention(token)]
    if bracketed := re.fullmatch(r"([^()]*)\(([^()]*)\)?(.*)", token):
        return _read_brackets(bracketed[1], bracketed[2], bracketed[3].replace("(", "").replace(")", ""), lore)
    one = _read_one(token, lore)
    cuts = _list_cuts(token)
    for left, right in cuts:
        if _is_plain(left, lore) and _is_plain(right, lore):
            return [*_read_token(left, lore), *_read_token(right, lore)]
    for left, right in cuts if not lore.place(one.text) else []:
        if split_ending(left)[1] and (_is_plain(left, lore) or _is_plain(right, lore)):
            return [*_read_token(left, lore), *_read_token(right, lore)]
    return [one]


def _read_brackets(before: str, inside: str, after: str, lore: Lore) -> list[Mention]:
    """香水镇（园子村、城关村）, 大庄村（香水镇）, 园子村（三组）, 康乐（移民）村, （园子村）."""
    outside = before + after
    if not outside:
        return [mention for part in split_strong(inside) for mention in _read_token(part, lore)]
    if lore.town(before) and not after and inside and not _ONLY_GROUP.match(inside):
        listed = [item for part in split_strong(inside) for item in _read_token(part, lore)]
        return [replace(mention, town=mention.town or before) for mention in listed]
    mentions = _read_token(outside, lore)
    if lore.town(inside):
        return [replace(mention, town=mention.town or inside) for mention in mentions]
    return [replace(mention, part=mention.part or inside) for mention in mentions]


def _list_cuts(token: str) -> list[tuple[str, str]]:
    cuts = [(token[: hit.start()], token[hit.end() :]) for hit in _AND.finditer(token)]
    return [(left, right) for left, right in cuts if len(left) > 1 and len(right) > 1]


def _is_plain(token: str, lore: Lore) -> bool:
    return lore.place(_read_one(token, lore).text)


def _read_one(token: str, lore: Lore) -> Mention:
    """One name, its county and town cut off in front and the group behind."""
    county, rest = _cut_county(token, lore)
    if lore.place(rest) or covers_county(rest):
        return Mention(rest, county=county)
    name, part = _cut_group(rest, lore)
    if part:
        return Mention(name, county=county, part=part)
    town, name = _cut_town(rest, lore)
    name, part = _cut_group(name, lore)
    return Mention(name, town=town, county=county, part=part)


def _cut_county(token: str, lore: Lore) -> tuple[str, str]:
    """The county in front of a name, the last of several (宁夏回族自治区兴庆区…), and the rest."""
    county, rest = _cut_area(token, lore)
    inner = _cut_area(rest, lore) if county else ("", "")
    return inner if inner[0] else (county, rest)


def _cut_area(token: str, lore: Lore) -> tuple[str, str]:
    for hit in re.finditer("县|市|区|旗", token):
        county, rest = token[: hit.end()], token[hit.end() :]
        for start in (0, *(mark.end() for mark in re.finditer("市|省|自治区", county[:-1]))):
            if lore.county(county[start:]) and rest:
                return county[start:], rest
    if (foreign := re.match(r"^(?:.{2,4}市)?(.{2,5}(?:自治县|县))(.{2,})$", token)) and not lore.town(token):
        return foreign[1], foreign[2]
    return "", token


def _cut_town(token: str, lore: Lore) -> tuple[str, str]:
    """The town in front of a name; a short form (香水) only before a known place."""
    if _is_heading(token, lore):
        return "", token
    heads = [cut for cut in range(len(token) - 1, 1, -1) if lore.town(token[:cut])]
    for cut in heads:
        if lore.place(token[cut:]):
            return token[:cut], token[cut:]
    if lore.town(token):
        return "", token
    for cut in heads:
        if split_town_ending(token[:cut])[1]:
            return token[:cut], token[cut:]
    if foreign := re.match(r"^(.{1,6}?(?:镇|乡|街道))(?=.{2,})(?!村|社区)(.+)$", token):
        return foreign[1], foreign[2]
    return "", token


def _cut_group(name: str, lore: Lore) -> tuple[str, str]:
    """A known village and what follows it, if that names a part of it; a bare base needs a numbered group.

    The office of a village ends in its own 村: 王家沟村部 is that of 王家沟村.
    """
    if lore.place(name):
        return name, ""
    if name.endswith("村部") and lore.place(name[:-1]):
        return name[:-1], name[-1:]
    for end in range(2, len(name)):
        head, tail = name[:end], name[end:]
        if _BELOW.fullmatch(tail) and lore.place(head) and (split_ending(head)[1] or _ONLY_GROUP.match(tail)):
            return head, tail
    return name, ""
