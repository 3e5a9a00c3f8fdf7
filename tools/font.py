"""Cut Noto Sans CJK SC down to what figures in Chinese need: ``python tools/font.py``, or ``make font``.

Needs Debian's package fonts-noto-cjk. The family gets a name of its own, so that no font of the reader's system takes
its place and figures are the same everywhere.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FAMILY = "Cadre Sans SC"
TARGET = Path(__file__).parents[1] / "src" / "cadre_sim" / "data" / "cadre-sans-sc.otf"
_NAMES = {1: FAMILY, 3: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", ""), 16: FAMILY}
_MORE = "≥≤−±·…—–“”‘’×÷°≈→←↑↓"  # noqa: RUF001


def gb2312() -> set[int]:
    """Every character of GB 2312: the 6,763 in common use, and its signs."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for text in (pair.decode("gb2312", "ignore") for pair in pairs) if text}


def main() -> None:
    """Write the font."""
    with TTCollection(SOURCE) as fonts:
        font = next(f for f in fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
        options = Options(
            layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 6, 13, 14], name_languages=[0x409]
        )
        options.recalc_timestamp = False
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=gb2312() | set(range(0x20, 0x7F)) | {ord(c) for c in _MORE})
        subsetter.subset(font)
        for record in font["name"].names:
            record.string = _NAMES.get(record.nameID, record.toUnicode())
        cff = font["CFF "].cff
        cff.fontNames = [_NAMES[6]]
        cff[0].FamilyName, cff[0].FullName = FAMILY, FAMILY
        font.recalcTimestamp = False
        font.save(TARGET)


if __name__ == "__main__":
    main()
