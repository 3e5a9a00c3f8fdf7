"""Random numbers: every draw is a pure function of (seed, replicate, stream, entity, day, index).

The generator is Philox 4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): it
has no state, so that an arm which changes one thing leaves every other draw as it was, results do not depend on the
order of work, and a run can be cut at any day. It is written once; compiled and plain code call the same functions.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.compiling import compiled


class Stream(IntEnum):
    """Purposes of draws. A new stream is added at the end: the numbers are part of every result."""

    OFFICE_SIZE = 1
    CADRE_TRAITS = 2
    SKILL = 3
    ABSENCE = 4
    MATTER_COUNT = 5
    MATTER = 6
    CERTIFICATE_COUNT = 7
    PERFUNCTORY = 8
    CAMPAIGN_DATES = 9
    CAMPAIGN_OFFICES = 10
    VISIT_KEPT = 11
    FINDING = 12
    FOLLOW_UP = 13
    MEETING_DATES = 14
    FORM_DATES = 15
    TASK_DATES = 16
    ADOPTION = 17
    EVALUATION_DATES = 18
    OFFICE_DEMAND = 19
    FATE = 20
    VIOLATION = 21
    ACCUSED = 22
    NOVICE = 23
    EXCESS = 24
    JOINT = 25
    REPORT = 26
    PLACEMENT = 27
    VIOLATION_SEEN = 28


class Key(NamedTuple):
    """The two words that pick one family of streams: the root seed and the replicate."""

    seed: int
    replicate: int


def entity_number(*parts: int | str) -> int:
    """A number, 31 bits, for the draws of something that is known by names and numbers (FNV-1a over their bytes).

    So it does not depend on what else there is, and parts that differ give numbers that differ, but for rare accidents.
    """
    return int(entity_numbers(*parts))


def entity_numbers(*parts: int | str | NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of many things at once, see :func:`entity_number`; parts that are arrays go together."""
    value = np.asarray(2166136261, np.uint64)
    for part in parts:
        if isinstance(part, str):
            for byte in part.encode():
                value = _with_byte(value, np.uint64(byte))
            continue
        word = np.asarray(part, np.int64).view(np.uint64)
        for shift in range(0, 64, 8):
            value = _with_byte(value, (word >> np.uint64(shift)) & np.uint64(0xFF))
    return (value >> np.uint64(1)).astype(np.int64)


def _with_byte(value: NDArray[np.uint64], byte: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    return ((value ^ byte) * np.uint64(16777619)) & np.uint64(0xFFFFFFFF)


_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_TO_UNIT = 2.0**-32
_HALF = 2.0**-33


@compiled
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Philox 4x32-10: four 32-bit words of counter and two of key to four 32-bit words (as uint64)."""
    x0, x1, x2, x3 = np.uint64(c0) & _LOW, np.uint64(c1) & _LOW, np.uint64(c2) & _LOW, np.uint64(c3) & _LOW
    y0, y1 = np.uint64(k0) & _LOW, np.uint64(k1) & _LOW
    for _ in range(10):
        p0 = _M0 * x0
        p1 = _M1 * x2
        x0, x1, x2, x3 = (p1 >> _SHIFT) ^ x1 ^ y0, p1 & _LOW, (p0 >> _SHIFT) ^ x3 ^ y1, p0 & _LOW
        y0 = (y0 + _W0) & _LOW
        y1 = (y1 + _W1) & _LOW
    return x0, x1, x2, x3  # type: ignore[return-value]


@compiled
def to_unit(word: int) -> float:
    """A 32-bit word as a number in the open interval (0, 1): the middle of its cell."""
    return word * _TO_UNIT + _HALF


@compiled
def uniform(key: Key, stream: int, entity: int, day: int, index: int) -> float:
    """One uniform draw in (0, 1)."""
    return to_unit(philox(entity, day, index, stream, key.seed, key.replicate)[0])


@compiled
def uniforms4(key: Key, stream: int, entity: int, day: int, index: int) -> tuple[float, float, float, float]:
    """Four independent uniform draws in (0, 1) from one counter."""
    a, b, c, d = philox(entity, day, index, stream, key.seed, key.replicate)
    return to_unit(a), to_unit(b), to_unit(c), to_unit(d)


@compiled
def poisson_cell(rate: float, u: float) -> int:
    """Smallest n with P(N <= n) >= u for a Poisson number N of mean ``rate`` (at most 30)."""
    term = np.exp(-rate)
    total = term
    n = 0
    while u > total and n < 400:
        n += 1
        term *= rate / n
        total += term
    return n


@compiled
def poisson(key: Key, stream: int, entity: int, day: int, rate: float) -> int:
    """A Poisson number of mean ``rate`` by inversion, so that it never falls when the rate rises.

    Means above 30 are drawn in parts of 30, each from its own index: exp(-rate) loses its meaning for large ones.
    """
    total = 0
    index = 0
    while rate > 30.0:
        total += poisson_cell(30.0, uniform(key, stream, entity, day, index))
        rate -= 30.0
        index += 1
    return total + poisson_cell(rate, uniform(key, stream, entity, day, index))


@compiled
def normal_quantile(p: float) -> float:
    """Inverse of the standard normal distribution function, to 1e-15 (Wichura 1988, algorithm AS 241, PPND16)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio_centre(r)
    r = np.sqrt(-np.log(min(p, 1.0 - p)))
    x = _ratio_middle(r - 1.6) if r <= 5.0 else _ratio_tail(r - 5.0)
    return -x if q < 0.0 else x


@compiled
def _ratio_centre(r: float) -> float:
    a = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
    a = ((a * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r + 1.3731693765509461125e4
    a = ((a * r + 1.9715909503065514427e3) * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    b = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
    b = ((b * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r + 5.3941960214247511077e3
    b = ((b * r + 6.8718700749205790830e2) * r + 4.2313330701600911252e1) * r + 1.0
    return a / b


@compiled
def _ratio_middle(r: float) -> float:
    a = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
    a = ((a * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r + 3.64784832476320460504e0
    a = ((a * r + 5.76949722146069140550e0) * r + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
    b = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
    b = ((b * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1
    b = ((b * r + 1.67638483018380384940e0) * r + 2.05319162663775882187e0) * r + 1.0
    return a / b


@compiled
def _ratio_tail(r: float) -> float:
    a = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
    a = ((a * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1
    a = ((a * r + 1.78482653991729133580e0) * r + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
    b = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
    b = ((b * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2
    b = ((b * r + 1.36929880922735805310e-1) * r + 5.99832206555887937690e-1) * r + 1.0
    return a / b


@compiled
def _fill_uniforms(
    key: Key, stream: int, entities: NDArray[np.int64], day: int, index: int, out: NDArray[np.float64]
) -> None:
    for i in range(entities.size):
        out[i] = uniform(key, stream, entities[i], day, index)


@compiled
def _fill_uniforms_each(
    key: Key,
    stream: int,
    entities: NDArray[np.int64],
    days: NDArray[np.int64],
    indices: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    for i in range(entities.size):
        out[i] = uniform(key, stream, entities[i], days[i], indices[i])


def uniforms(
    key: Key,
    stream: Stream,
    entities: NDArray[np.int64],
    day: int | NDArray[np.int64],
    index: int | NDArray[np.int64] = 0,
) -> NDArray[np.float64]:
    """One uniform draw an entity, in the order of ``entities``; ``day`` and ``index`` are one for all, or one each."""
    out = np.empty(entities.shape, np.float64)
    if isinstance(day, np.ndarray) or isinstance(index, np.ndarray):
        days, indices = (np.ascontiguousarray(np.broadcast_to(x, entities.shape), np.int64) for x in (day, index))
        _fill_uniforms_each(key, int(stream), entities, days, indices, out)
    else:
        _fill_uniforms(key, int(stream), entities, day, index, out)
    return out


@compiled
def _fill_normals(uniform_draws: NDArray[np.float64]) -> None:
    for i in range(uniform_draws.size):
        uniform_draws[i] = normal_quantile(uniform_draws[i])


def normals(
    key: Key,
    stream: Stream,
    entities: NDArray[np.int64],
    day: int | NDArray[np.int64],
    index: int | NDArray[np.int64] = 0,
) -> NDArray[np.float64]:
    """One standard normal draw an entity, in their order; ``day`` and ``index`` are one for all, or one each."""
    draws = uniforms(key, stream, entities, day, index)
    _fill_normals(draws)
    return draws
