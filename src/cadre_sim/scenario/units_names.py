"""What headings and kinds of a units table may be called, in English and Chinese, and when two names are nearly alike.

This is the one place where such names stand; ``docs/units-tables.md`` lists them, and a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "county": ("district", "县", "区", "县区", "区县", "县市区", "所属县", "所属区", "所属县区", "县名"),
    "township": ("town", "乡镇", "镇", "乡", "街道", "乡镇街道", "镇街", "所属乡镇", "乡镇名称"),
    "name": ("office", "名称", "单位", "单位名称", "机构名称", "村", "村名", "村居", "村社区", "村名称"),
    "kind": ("type", "类型", "类别", "单位类型", "单位类别", "机构类型"),
    "residents": ("population", "常住人口", "常住人口数", "人口", "人口数", "居民", "居民数", "居民人数"),
    "cadres": ("staff", "干部", "干部数", "干部人数", "工作人员", "工作人员数"),
    "city": ("市", "市州", "地市", "城市", "地级市", "所属市"),
}
"""Other names of each column; any may bear a unit in brackets behind it."""

KIND_NAMES: Mapping[str, tuple[str, ...]] = {
    "village": ("village committee", "村", "行政村", "建制村", "村委会", "村民委员会"),
    "community": ("urban community", "neighbourhood", "社区", "居委会", "居民委员会", "社区居委会"),
    "township": (
        "township government", "government", "乡", "镇", "街道", "乡镇", "乡镇政府", "镇政府", "乡政府", "乡镇人民政府",
        "镇人民政府", "乡人民政府", "街道办", "办事处", "街道办事处",
    ),
}  # fmt: skip
"""Other names of each kind of office."""

EDGE = (
    "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
    + "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)
"""Spaces of any width, and characters of no width, that may stand around the text of a cell."""

_GAPS = re.compile(rf"[{re.escape(EDGE)}_]+")
_BRACKETED = re.compile(r"(?<=.)[(\[].*[)\]]$")
_TOTAL = re.compile(r"(?:合计|总计|小计|共计)$|^(?:总和|sum)$|\b(?:sub)?totals?$", re.IGNORECASE)
_TOTAL_WORDS = ("合计", "总计", "小计", "共计", "总和", "sum", "total")


def plain(text: str) -> str:
    """A name without what people overlook: width of characters, capitals, spaces of any kind."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def all_plain(texts: Iterable[str]) -> list[str]:
    """The plain form of many names; of all at once, which is quicker."""
    return plain("\0".join(texts)).split("\0")


def is_total(text: str) -> bool:
    """Whether a cell names a row of totals."""
    return _TOTAL.search(unicodedata.normalize("NFKC", text).strip(EDGE)) is not None


def totals_among(texts: Collection[str]) -> set[str]:
    """Those of many names that name rows of totals; most tables have none, which is quick to see."""
    together = plain("\0".join(texts))
    return {text for text in texts if is_total(text)} if any(w in together for w in _TOTAL_WORDS) else set()


def _by_plain(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {plain(alias): name for name, aliases in names.items() for alias in (name, *aliases)}


_COLUMN_OF, _KIND_OF = _by_plain(HEADINGS), _by_plain(KIND_NAMES)


def column_of(heading: str) -> str | None:
    """The column that a heading stands for; None for one that is passed over."""
    text = plain(heading)
    return _COLUMN_OF.get(text) or _COLUMN_OF.get(_BRACKETED.sub("", text))


def kind_of(text: str) -> str | None:
    """The kind of office that a cell names; None for a word that names none."""
    return _KIND_OF.get(plain(text))


def columns_in(headings: Sequence[str]) -> dict[str, list[int]]:
    """Places of each column among the headings of a table.

    A heading that is exactly a column's own name stands for it alone: other columns may then be called as they like.
    """
    found: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        column = column_of(heading)
        if column is not None:
            found.setdefault(column, []).append(place)
    for column, places in found.items():
        exact = [place for place in places if headings[place].strip(EDGE) == column]
        found[column] = exact or places
    return found
