"""The random generator against the vectors that it was published with."""

from __future__ import annotations

from collections.abc import Iterator

from cadre_sim.selftest.check import Check, equal
from cadre_sim.streams import philox

ONES = 0xFFFFFFFF
VECTORS = {
    "zeros": ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    "ones": ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    "digits of pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}
"""Counter, key and answer of the known answers of Philox 4x32-10 that Random123 comes with."""


def check_vectors() -> Iterator[Check]:
    """The known answers, as this machine compiles the generator."""
    wrong = [name for name, (counter, key, answer) in VECTORS.items() if philox(*counter, *key) != answer]
    expected = f"{len(VECTORS)} of {len(VECTORS)}"
    found = f"{len(VECTORS) - len(wrong)} of {len(VECTORS)}" + (f" (not {', '.join(wrong)})" if wrong else "")
    yield equal("known answers of Philox 4x32-10", expected, found)
