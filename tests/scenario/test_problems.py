"""What pydantic finds wrong is told with its line in the file, in words for people."""

from __future__ import annotations

from datetime import date, time
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, SerializeAsAny, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from cadre_sim.errors import Problem
from cadre_sim.scenario.fields import Section, quantity
from cadre_sim.scenario.nodes import Document, Mark
from cadre_sim.scenario.problems import problems_from
from cadre_sim.scenario.reading import resolve


class Colour(Enum):
    """A choice declared as an enumeration."""

    RED = "red"
    BLUE = "blue"


class Meetings(Section):
    """The deepest section of the tests."""

    per_year: float = quantity(12, "1", low=0, high=50, kind="A", meaning="meetings", most=400)
    max_minutes: float = quantity(60, "min", low=0, high=240, kind="A", meaning="longest", most=1440)


class Period(Section):
    """A section whose validator means one of its values."""

    start: date = date(2025, 1, 1)
    end: date = date(2025, 12, 31)

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            text = f"must not be before {self.start} (got {self.end})"
            raise PydanticCustomError("at", "{text}", {"text": text, "path": ("end",)})
        return self


class Visit(Section):
    """One member of a union told apart by a tag."""

    kind: Literal["visit"]
    visits: int = 0


class Quota(Section):
    """The other member."""

    kind: Literal["quota"]
    hours: float = quantity(1, "h", low=0, high=8, kind="A", meaning="hours")


class Measure(Section):
    """An open family: subclasses may stand where it is declared."""

    key: ClassVar[str] = ""
    measure: str | None = None
    from_: date = Field(alias="from")


class Cap(Measure):
    """A member of the family."""

    key: ClassVar[str] = "cap"
    meetings: int = 0
    limit: float = quantity(1, "h", low=0, high=8, kind="A", meaning="limit", most=24)


class Limit(Measure):
    """Another member, with a parameter of the same name."""

    key: ClassVar[str] = "limit_only"
    limit: float = quantity(1, "km", low=0, high=8, kind="A", meaning="limit", most=24)


class Model(Section):
    """A little scenario."""

    office: Literal["village", "township"] = "village"
    colour: Colour = Colour.RED
    period: Period = Period()
    meetings: Meetings | None = None
    departments: dict[str, Meetings] = Field({})
    measures: Annotated[dict[str, SerializeAsAny[Measure]], Field(max_length=3)] = Field({})
    listed: list[Meetings] = Field([], max_length=2)
    pair: tuple[Meetings, Period] | None = None
    many: tuple[Meetings, ...] = ()
    reforms: list[Annotated[Visit | Quota, Field(discriminator="kind")]] = Field([])
    either: Meetings | Period | None = None
    number_or_flag: float | bool | None = None
    shares: dict[Literal["north", "south"], Annotated[float, Field(le=1, json_schema_extra={"unit": "share"})]] = Field(
        {}
    )
    flag: bool = True
    count: int = 0
    level: Literal[1, 2, 3] = 1
    name: str = Field("x", min_length=1, pattern="^[a-z]+$")
    names: Annotated[list[str], Field(min_length=1)] = Field(["x"])
    at: time = time(8)
    big: float = Field(0, gt=0.5, lt=1e20)
    even: int = Field(0, multiple_of=2)
    checked: int = 0

    @field_validator("checked")
    @classmethod
    def _small(cls, value: int) -> int:
        if value > 9:
            raise ValueError("is more than\nnine")
        if value == 7:
            raise AssertionError("seven is right out")
        return value


class Needy(Section):
    """Sections without defaults."""

    title: str
    meetings: Meetings
    first: Measure


def problems(text: str, folder: Path, *sets: str, model: type[BaseModel] = Model) -> tuple[Problem, ...]:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    document = resolve(path, sets)
    with pytest.raises(ValidationError) as caught:
        model.model_validate(document.data)
    return problems_from(caught.value, document, model)


def lines(text: str, folder: Path, *sets: str, model: type[BaseModel] = Model) -> list[str]:
    return [str(problem).replace(f"{folder}/", "") for problem in problems(text, folder, *sets, model=model)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # unknown keys: at the key, with the nearest or all
        ("listed:\n- max_minuts: 5", "2:3 listed[0].max_minuts: unknown key 'max_minuts', did you mean 'max_minutes'?"),
        ("meetings: {q: 5}", "1:12 meetings.q: unknown key 'q'; allowed: per_year, max_minutes"),
        ("departments: {city: {q: 5}}", "1:22 departments.city.q: unknown key 'q'; allowed: per_year, max_minutes"),
        ("listed: [{}, {q: 5}]", "1:15 listed[1].q: unknown key 'q'; allowed: per_year, max_minutes"),
        ("pair: [{}, {q: 5}]", "1:13 pair[1].q: unknown key 'q'; allowed: start, end"),
        ("many: [{}, {q: 5}]", "1:13 many[1].q: unknown key 'q'; allowed: per_year, max_minutes"),
        ("measure: {}", "1:1 measure: unknown key 'measure', did you mean 'measures'?"),
        ("meetings: {<<: {}}", "1:12 meetings[\"<<\"]: unknown key '<<'; allowed: per_year, max_minutes"),
        # required
        ("measures: {cap: {}}", "1:17 measures.cap.from: is required"),
        # bounds and units
        ("meetings:\n  per_year: -2", "2:13 meetings.per_year: must be >= 0 (got -2)"),
        ("meetings: {per_year: 401.5}", "1:22 meetings.per_year: must be <= 400 (got 401.5)"),
        ("departments: {a: {max_minutes: 1441}}", "1:32 departments.a.max_minutes: must be <= 1440 [min] (got 1441)"),
        ("listed: [{max_minutes: -1}]", "1:24 listed[0].max_minutes: must be >= 0 [min] (got -1)"),
        ("shares: {north: 2}", "1:17 shares.north: must be <= 1 [share] (got 2)"),
        ("big: 0", "1:6 big: must be > 0.5 (got 0)"),
        ("big: 1e21", "1:6 big: must be < 1e+20 (got 1e+21)"),
        ("even: 3", "1:7 even: must be a multiple of 2 (got 3)"),
        # types
        ("big: abc", "1:6 big: must be a number (got 'abc')"),
        ("big: no", "1:6 big: must be a number (got 'no')"),
        ("big: [1]", "1:6 big: must be a number (got a list)"),
        ("big: {a: 1}", "1:6 big: must be a number (got a mapping)"),
        ("big:", "1:1 big: must be a number (got null)"),
        ("big: 2025-01-01", "1:6 big: must be a number (got 2025-01-01)"),
        ("count: x", "1:8 count: must be a whole number (got 'x')"),
        ("count: 1.5", "1:8 count: must be a whole number (got 1.5)"),
        ("flag: maybe", "1:7 flag: must be true or false (got 'maybe')"),
        ("name: true", "1:7 name: must be text (got true)"),
        ("name: ''", "1:7 name: must have at least 1 character (got '')"),
        ("name: A", "1:7 name: must match pattern '^[a-z]+$' (got 'A')"),
        (f"big: {'y' * 100}", f"1:6 big: must be a number (got '{'y' * 59}...)"),
        ("period: {start: soon}", "1:17 period.start: must be a date like 2025-01-01 (got 'soon')"),
        ("period: {start: 2025-02-30}", "1:17 period.start: must be a date like 2025-01-01 (got '2025-02-30')"),
        ("period: {start: [1]}", "1:17 period.start: must be a date like 2025-01-01 (got a list)"),
        ("at: noon", "1:5 at: must be in a valid time format, input is too short (got 'noon')"),
        ("meetings: 5", "1:11 meetings: must be a mapping of keys to values (got 5)"),
        ("departments: [a]", "1:14 departments: must be a mapping of keys to values (got a list)"),
        ("departments: {a: }", "1:15 departments.a: must be a mapping of keys to values (got null)"),
        ("names: a", "1:8 names: must be a list (got 'a')"),
        ("names: []", "1:8 names: must have at least 1 items (got 0)"),
        ("listed: [{}, {}, {}]", "1:9 listed: must have at most 2 items (got 3)"),
        ("big: .inf", "1:6 big: must be a finite number (got inf)"),
        ("meetings: {per_year: .nan}", "1:22 meetings.per_year: must be a finite number (got nan)"),
        ("big: 1" + "0" * 290 + "_" + "0" * 30, f"1:6 big: must be a finite number (got '1{'0' * 58}...)"),
        # choices
        ("office: vilage", "1:9 office: must be one of village, township (got 'vilage'), did you mean 'village'?"),
        ("office: q", "1:9 office: must be one of village, township (got 'q')"),
        ("office: 5", "1:9 office: must be one of village, township (got 5)"),
        ("colour: rd", "1:9 colour: must be one of red, blue (got 'rd'), did you mean 'red'?"),
        ("level: 4", "1:8 level: must be one of 1, 2, 3 (got 4)"),
        (
            "shares: {nort: 1}",
            "1:10 shares.nort: the key must be one of north, south (got 'nort'), did you mean 'north'?",
        ),
        # validators
        ("checked: 10", "1:10 checked: is more than nine"),
        ("checked: 7", "1:10 checked: seven is right out"),
        ("period:\n  end: 2024-01-01", "2:8 period.end: must not be before 2025-01-01 (got 2024-01-01)"),
        ("period:\n  start: 2026-01-01", "2:3 period.end: must not be before 2026-01-01 (got 2025-12-31)"),
        # unions: tags and names of validators are not in the path
        ("reforms: [{kind: visit, visits: x}]", "1:33 reforms[0].visits: must be a whole number (got 'x')"),
        ("reforms: [{kind: quota, hours: -1}]", "1:32 reforms[0].hours: must be >= 0 [h] (got -1)"),
        ("reforms: [{kind: quota, visits: 1}]", "1:25 reforms[0].visits: unknown key 'visits'; allowed: kind, hours"),
        ("reforms: [{kind: visit, visit: 1}]", "1:25 reforms[0].visit: unknown key 'visit', did you mean 'visits'?"),
        (
            "reforms: [{kind: visits}]",
            "1:18 reforms[0].kind: must be one of visit, quota (got 'visits'), did you mean 'visit'?",
        ),
        ("reforms: [{visits: 1}]", "1:11 reforms[0].kind: is required"),
        # an open family: the member is told by its name or by `measure`
        ("measures: {cap: {from: x}}", "1:24 measures.cap.from: must be a date like 2025-01-01 (got 'x')"),
        ("measures: {cap: {from_: x}}", "1:25 measures.cap.from_: must be a date like 2025-01-01 (got 'x')"),
    ],
)  # fmt: skip
def test_the_message_and_the_place_are_those_of_the_file(text: str, line: str, tmp_path: Path) -> None:
    assert lines(text + "\n", tmp_path) == [f"x.yaml:{line}"]


class Open(Section):
    """A family whose members are checked as what they are, as the reforms of a scenario."""

    measures: dict[str, SerializeAsAny[Measure]] = Field({})

    @field_validator("measures", mode="before")
    @classmethod
    def _as_members(cls, value: dict[str, Any]) -> dict[str, Measure]:
        faults: list[Any] = []
        for name, body in value.items():
            try:
                (Limit if body.get("measure", name) == "limit_only" else Cap).model_validate(body)
            except ValidationError as error:
                faults += [{**each, "loc": (name, *each["loc"])} for each in error.errors()]
        raise ValidationError.from_exception_data("measures", faults)


@pytest.mark.parametrize(
    ("key", "fields", "unit"),
    [("cap", "measure, from, meetings, limit", "h"), ("limit_only", "measure, from, limit", "km")],
)
@pytest.mark.parametrize("body", ["%s: {from: 2025-01-01, }", "mine: {measure: %s, from: 2025-01-01, }"])
def test_a_member_of_an_open_family_is_known_by_its_own_fields(
    body: str, key: str, fields: str, unit: str, tmp_path: Path
) -> None:
    text = f"measures: {{{body % key}}}\n"
    (unknown,) = lines(text.replace(", }", ", q: 1}"), tmp_path, model=Open)
    assert unknown.endswith(f"q: unknown key 'q'; allowed: {fields}")
    (bound,) = lines(text.replace(", }", ", limit: 25}"), tmp_path, model=Open)
    assert bound.endswith(f"limit: must be <= 24 [{unit}] (got 25)")


def test_a_key_that_is_called_like_a_member_of_a_union_is_no_part_of_the_way(tmp_path: Path) -> None:
    """Pydantic's location is `reforms, 0, quota, hours`; the mapping has a key `quota` by mistake."""
    assert lines("reforms: [{kind: quota, quota: 1, hours: x}]\n", tmp_path) == [
        "x.yaml:1:42 reforms[0].hours: must be a number (got 'x')",
        "x.yaml:1:25 reforms[0].quota: unknown key 'quota'; allowed: kind, hours",
    ]


def test_all_errors_are_told_at_once_each_at_its_line(tmp_path: Path) -> None:
    text = "office: 1\nmeetings:\n  per_year: -1\n  max_minutes: x\n  q: 1\nflag: 3\nunknown: 1\n"
    found = problems(text, tmp_path)
    assert {problem.path: problem.line for problem in found} == {
        "office": 1,
        "meetings.per_year": 3,
        "meetings.max_minutes": 4,
        "meetings.q": 5,
        "flag": 6,
        "unknown": 7,
    }


def test_what_is_required_is_shown_where_it_should_stand(tmp_path: Path) -> None:
    text = "\nfirst:\n  measure: a\n"
    assert lines(text, tmp_path, model=Needy) == [
        "x.yaml:2:1 title: is required",
        "x.yaml:2:1 meetings: is required",
        "x.yaml:3:3 first.from: is required",
    ]


def test_each_member_of_a_plain_union_says_what_it_wants_without_its_name(tmp_path: Path) -> None:
    assert lines("either: {q: 1}\n", tmp_path) == [
        "x.yaml:1:10 either.q: unknown key 'q'; allowed: per_year, max_minutes",
        "x.yaml:1:10 either.q: unknown key 'q'; allowed: start, end",
    ]
    assert lines("number_or_flag: x\n", tmp_path) == [
        "x.yaml:1:17 number_or_flag: must be a number (got 'x')",
        "x.yaml:1:17 number_or_flag: must be true or false (got 'x')",
    ]


def test_what_is_said_twice_in_the_same_words_is_said_once(tmp_path: Path) -> None:
    assert lines("either: 5\n", tmp_path) == ["x.yaml:1:9 either: must be a mapping of keys to values (got 5)"]


def test_a_wrong_setting_is_shown_as_the_setting(tmp_path: Path) -> None:
    sets = ["meetings.per_year=-2", "departments={a: {q: 1}}", "office=vilage"]
    assert lines("flag: 3\n", tmp_path, *sets) == [
        "--set office=vilage: must be one of village, township (got 'vilage'), did you mean 'village'?",
        "--set meetings.per_year=-2: must be >= 0 (got -2)",
        "--set departments={a: {q: 1}} departments.a.q: unknown key 'q'; allowed: per_year, max_minutes",
        "x.yaml:1:7 flag: must be true or false (got 3)",
    ]


def test_a_value_is_shown_in_the_file_that_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("# base\nmeetings:\n  per_year: -1\n")
    assert lines("extends: base.yaml\nmeetings: {max_minutes: -1}\n", tmp_path) == [
        "base.yaml:3:13 meetings.per_year: must be >= 0 (got -1)",
        "x.yaml:2:25 meetings.max_minutes: must be >= 0 [min] (got -1)",
    ]


def test_without_marks_the_problem_is_still_told() -> None:
    with pytest.raises(ValidationError) as caught:
        Model.model_validate({"flag": 3})
    (problem,) = problems_from(caught.value, Document({"flag": 3}, {}, {}), Model)
    assert problem == Problem("scenario", None, None, "flag", "must be true or false (got 3)")
    (problem,) = problems_from(caught.value, Document({"flag": 3}, {(): Mark("x.yaml", 1, 1)}, {}), Model)
    assert problem.file == "x.yaml"
