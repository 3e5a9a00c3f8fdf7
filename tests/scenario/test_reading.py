"""A scenario file is data in which every value knows its line; what is not data is refused."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre_sim.errors import Problem, ScenarioError
from cadre_sim.scenario import nodes
from cadre_sim.scenario.loading import load
from cadre_sim.scenario.paths import path_text
from cadre_sim.scenario.reading import Document, Mark, read, resolve

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a file in an empty folder that is also the current one, and gives its relative path."""
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes, name: str = "x.yaml") -> Path:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return Path(name)

    return write


def refusals(path: Path, *sets: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        resolve(path, sets)
    return str(caught.value).splitlines()


# ---- what is read ----


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-1_000", -1000),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("true", True),
        ("False", False),
        ("no", "no"),
        ("on", "on"),
        ("8:30", "8:30"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ("2025-01-31", date(2025, 1, 31)),
        ("2025-02-30", "2025-02-30"),
        ("2025-01-31 08:00:00", "2025-01-31 08:00:00"),
        ("2025-01-31T08:00:00Z", "2025-01-31T08:00:00Z"),
        ("!!str 5", "5"),
        ("!!int abc", "abc"),
        ("[1, [a, {b: 2}]]", [1, ["a", {"b": 2}]]),
        ("'\u4e2d\u6587'", "\u4e2d\u6587"),
        ("=", "="),
    ],
)
def test_values_are_those_of_yaml_1_2(write: Write, text: str, value: object) -> None:
    found = read(write(f"a: {text}\n")).data["a"]
    assert found == value
    assert type(found) is type(value)


def test_nan_is_read_and_left_to_the_model_to_refuse(write: Write) -> None:
    assert math.isnan(read(write("a: .nan")).data["a"])


@pytest.mark.parametrize("text", ["9" * 5000, "0x" + "f" * 5000])
def test_a_number_too_long_to_print_stays_text(write: Write, text: str) -> None:
    assert read(write(f"a: {text}")).data["a"] == text


def test_the_rules_of_yaml_1_1_do_not_come_in_by_a_directive(write: Write) -> None:
    assert read(write("%YAML 1.1\n---\na: no\nb: 8:30\nc: 010\n")).data == {"a": "no", "b": "8:30", "c": 10}


def test_a_mark_of_the_encoding_is_no_part_of_the_first_key(write: Write) -> None:
    document = read(write("\ufeffa: 1"))
    assert document.data == {"a": 1}
    assert document.key_marks[("a",)] == Mark("x.yaml", 1, 1)


def test_a_merge_key_is_a_key_like_any_other(write: Write) -> None:
    """Its contents do not come in unseen: the model refuses it as unknown."""
    assert read(write("b: &b {x: 1}\na:\n  <<: *b\n")).data["a"] == {"<<": {"x": 1}}


def test_an_alias_gives_values_of_their_own(write: Write) -> None:
    data = read(write("a: &l [1]\nb: *l\n")).data
    assert data == {"a": [1], "b": [1]}
    assert data["a"] is not data["b"]


def test_an_anchor_may_be_used_again(write: Write, recwarn: pytest.WarningsRecorder) -> None:
    assert read(write("a: &l 1\nb: &l 2\nc: *l\n")).data == {"a": 1, "b": 2, "c": 2}
    assert not recwarn.list


def test_every_value_and_key_knows_its_line_and_column(write: Write) -> None:
    document = read(write("a: 1\nplace:\n  names:\n    - x\n    - {y: 2}\n"))
    assert document.marks == {
        (): Mark("x.yaml", 1, 1),
        ("a",): Mark("x.yaml", 1, 4),
        ("place",): Mark("x.yaml", 3, 3),
        ("place", "names"): Mark("x.yaml", 4, 5),
        ("place", "names", 0): Mark("x.yaml", 4, 7),
        ("place", "names", 1): Mark("x.yaml", 5, 7),
        ("place", "names", 1, "y"): Mark("x.yaml", 5, 11),
    }
    assert document.key_marks == {
        ("a",): Mark("x.yaml", 1, 1),
        ("place",): Mark("x.yaml", 2, 1),
        ("place", "names"): Mark("x.yaml", 3, 3),
        ("place", "names", 1, "y"): Mark("x.yaml", 5, 8),
    }


def test_a_value_that_is_not_written_stands_where_its_key_does(write: Write) -> None:
    document = read(write("a:\n  b:\n\n\nc: ''\n"))
    assert document.data == {"a": {"b": None}, "c": ""}
    assert document.marks[("a", "b")] == Mark("x.yaml", 2, 3)
    assert document.marks[("c",)] == Mark("x.yaml", 5, 4)


def test_a_way_is_written_with_dots_and_brackets() -> None:
    assert path_text(("a", "items", 2, "x")) == "a.items[2].x"
    assert path_text(()) == ""


# ---- what is refused ----

TAG = "tags are not allowed: a scenario is data"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.yaml: is empty"),
        ("# only a remark\n", "x.yaml: is empty"),
        ("---\n", "x.yaml: is empty"),
        ("null", "x.yaml: is empty"),
        ("\n- 1\n", "x.yaml:2:1: the top level must be a mapping of keys to values"),
        ("text", "x.yaml:1:1: the top level must be a mapping of keys to values"),
        (
            "a: 1\n---\nb: 2\n",
            "x.yaml:2:1: not valid YAML: expected a single document in the stream, but found another document",
        ),
        (
            "a: 1\nb: [1\n",
            "x.yaml:3:1: not valid YAML: while parsing a flow sequence, expected ',' or ']', but got '<stream end>'",
        ),
        ("a: *b", "x.yaml:1:4: not valid YAML: found undefined alias 'b'"),
        (b"a: \xff", "x.yaml: is not UTF-8 text"),
        ("a: 1".encode("utf-16"), "x.yaml: is not UTF-8 text"),
        (b"a: \0", "x.yaml: holds NUL bytes: not a text file"),
        (b"a: " + b"x" * (1 << 20), "x.yaml: is too large: 1,048,579 bytes, at most 1,048,576 are read"),
        ("\u4e2d" * (1 << 19), "x.yaml: is too large: 1,572,864 bytes, at most 1,048,576 are read"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "x.yaml:4:3 b.c: duplicate key 'c' (first on line 3)"),
        ("a:\n  1: x\n", 'x.yaml:2:3 a: a key must be text: write "1" in quotes'),
        ("2025-01-01: x\n", f"x.yaml:1:1: {nodes._BY_DATE.format(date='2025-01-01')}"),
        ("true: x\n", 'x.yaml:1:1: a key must be text: write "true" in quotes'),
        ("{[1]: x}\n", "x.yaml:1:2: a key must be text"),
        ("a: !foo 1", f"x.yaml:1:4 a: tag !foo: {TAG}"),
        (
            "a: !!python/object/apply:os.system [ls]",
            f"x.yaml:1:4 a: tag tag:yaml.org,2002:python/object/apply:os.system: {TAG}",
        ),
        ("!!set {a}", f"x.yaml:1:1: tag tag:yaml.org,2002:set: {TAG}"),
        ("a: !!binary aGk=", f"x.yaml:1:4 a: tag tag:yaml.org,2002:binary: {TAG}"),
        ("!foo a: 1", 'x.yaml:1:1: a key must be text: write "a" in quotes'),
        ("a: &a [*a]", "x.yaml:1:4: an alias contains itself"),
        ("a: &a {b: {c: *a}}", "x.yaml:1:4: an alias contains itself"),
        ("a: " + "[" * 50 + "]" * 50, "x.yaml:1:1: nested deeper than 50 levels"),
        ("a: " + "[" * 100_000, "x.yaml:1:54: nested deeper than 50 levels"),
        pytest.param(
            "a: [" + "1," * 100_000 + "]",
            f"x.yaml:1:{5 + 2 * (100_000 - 3)}: {nodes._TOO_MANY}",
            marks=pytest.mark.long,
            id="more than 100,000 values",
        ),
        ('a: "\\ud800"', "x.yaml:1:4 a: control characters are not allowed in text"),
        ('a: "\\0"', "x.yaml:1:4 a: control characters are not allowed in text"),
        ('"\\e[2J": 1', "x.yaml:1:1: control characters are not allowed in a key"),
        ('a: "\\U7fffffff"', "x.yaml: not valid YAML: chr() arg not in range(0x110000)"),
        ("a: \x07", "x.yaml: not valid YAML: unacceptable character #x0007: special characters are not allowed"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_what_is_not_plain_data_is_refused(write: Write, text: str | bytes, message: str) -> None:
    path = write(text)
    assert refusals(path) == [message]
    with pytest.raises(ScenarioError, match=r"x\.yaml"):
        read(path)


def test_fifty_levels_are_not_too_deep(write: Write) -> None:
    text = "a: " + "[" * 49 + "1" + "]" * 49
    assert read(write(text)).data["a"]


def test_a_missing_file_a_folder_and_an_impossible_name_are_refused(write: Write) -> None:
    write("a: 1", "folder/x.yaml")
    assert refusals(Path("none.yaml")) == ["none.yaml: no such file"]
    assert refusals(Path("folder")) == ["folder: is a folder, not a file"]
    assert refusals(Path("folder/x.yaml/y.yaml")) == ["folder/x.yaml/y.yaml: cannot be read: Not a directory"]
    assert refusals(Path("a\0b"))[0].endswith("cannot be read: embedded null byte")


def test_a_file_without_an_end_is_not_read_to_it() -> None:
    if not os.path.exists("/dev/zero"):
        pytest.skip("no endless file here")
    assert refusals(Path("/dev/zero")) == ["/dev/zero: is a device, not a file"]


def test_what_is_wrong_inside_is_reported_all_at_once(write: Write) -> None:
    path = write("extends: base.yaml\na: !foo 1\n2: x\nb: 1\nb: 2\n")
    write("c: !bar 1\n", "base.yaml")
    assert refusals(path, "nonsense", "d=[") == [
        f"x.yaml:2:4 a: tag !foo: {TAG}",
        'x.yaml:3:1: a key must be text: write "2" in quotes',
        "x.yaml:5:1 b: duplicate key 'b' (first on line 4)",
        f"base.yaml:1:4 c: tag !bar: {TAG}",
        "--set: 'nonsense' must be written PATH=VALUE, for instance behaviour.overtime_ceiling=2",
        "--set d=[: not valid YAML: while parsing a flow node, expected the node content, but found '<stream end>'",
    ]


def test_a_file_that_is_missing_does_not_hide_what_else_is_wrong(write: Write) -> None:
    path = write("a: !foo 1\nextends: none.yaml\n")
    assert [line.split(": ")[0] for line in refusals(path, "b=!foo 1", "c")] == [
        "x.yaml:1:4 a",
        "x.yaml:2:10 extends",
        "--set b=!foo 1",
        "--set",
    ]


def billion_laughs(levels: int, width: int) -> str:
    lines = ["a0: &a0 lol"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_a_billion_laughs_are_counted_and_never_built(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten to the forty values are refused after a look at each of the file's few nodes."""
    looks = 0
    inside = nodes._inside

    def counted(node: Any) -> Any:
        nonlocal looks
        looks += 1
        return inside(node)

    def built(*args: object) -> None:
        raise AssertionError("the bomb was built")

    monkeypatch.setattr(nodes, "_inside", counted)
    monkeypatch.setattr(nodes._Converter, "value", built)
    assert refusals(write(billion_laughs(40, 10)))[0].endswith("aliases counted as often as they are used)")
    assert looks < 200


def test_aliases_count_for_as_much_as_they_stand_for(write: Write) -> None:
    """Five levels of ten are 11,111 values and pass; one level more does not."""
    assert read(write(billion_laughs(5, 10))).data["a4"]
    assert "more than 100,000 values" in refusals(write(billion_laughs(6, 10)))[0]


def test_aliases_of_aliases_are_not_a_way_round_the_depth(write: Write) -> None:
    assert "nested deeper than 50" in refusals(write(billion_laughs(2000, 1)))[0]


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=80), st.text(max_size=80), st.text(alphabet="a1:-[]{}&*!|>%'\"\\?, \n#", max_size=60))
)
def test_no_content_raises_anything_but_a_scenario_error(content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.yaml")
        path.write_bytes(raw)
        try:
            assert isinstance(resolve(path).data, dict)
        except ScenarioError as error:
            assert error.problems
            assert len(str(error).splitlines()) == len(error.problems)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.from_regex(r"[ab.0-9]{1,6}=[\[\]{}&*!ab1:\-,\"' ]{0,12}", fullmatch=True)))
def test_no_setting_raises_anything_but_a_scenario_error(setting: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.yaml")
        path.write_text("a: {b: [1, {a: 2}]}\nb: 1\n")
        try:
            assert isinstance(resolve(path, [setting]).data, dict)
        except ScenarioError as error:
            assert len(str(error).splitlines()) == len(error.problems)


# ---- layers ----


def test_a_file_lies_over_the_one_that_it_extends(write: Write) -> None:
    """Mappings merge; lists, texts, numbers and null replace what was there; marks follow the values."""
    write("a: {x: 1, y: 2}\nl: [1, 2, 3]\ngone: {deep: {er: 1}}\nflat: {x: 1}\nkept: 7\n", "base.yaml")
    path = write("extends: base.yaml\na: {y: 3, z: 4}\nl: [9]\ngone: null\nflat: 5\n")
    document = resolve(path)
    assert document.data == {"a": {"x": 1, "y": 3, "z": 4}, "l": [9], "gone": None, "flat": 5, "kept": 7}
    assert document.marks[("a", "x")] == Mark("base.yaml", 1, 8)
    assert document.marks[("a", "y")] == Mark("x.yaml", 2, 8)
    assert document.marks[("kept",)] == Mark("base.yaml", 5, 7)
    assert document.key_marks[("kept",)] == Mark("base.yaml", 5, 1)
    stale = {("gone", "deep"), ("gone", "deep", "er"), ("flat", "x"), ("l", 1), ("extends",)}
    assert not stale & (set(document.marks) | set(document.key_marks))


def test_a_mapping_replaces_null_and_text_of_the_file_below(write: Write) -> None:
    write("a: null\nb: text\n", "base.yaml")
    assert resolve(write("extends: base.yaml\na: {x: 1}\nb: {y: 2}\n")).data == {"a": {"x": 1}, "b": {"y": 2}}


def test_files_extend_to_any_depth_each_from_its_own_folder(write: Write) -> None:
    write("v: 0\nw: 0\nu: 0\n", "base/root.yaml")
    write("extends: root.yaml\nv: 1\nw: 1\n", "base/middle.yaml")
    path = write("extends: ../base/middle.yaml\nv: 2\n", "mine/x.yaml")
    assert resolve(path).data == {"v": 2, "w": 1, "u": 0}
    for number in range(1500):
        write(f"extends: {number + 1}.yaml\n", f"{number}.yaml")
    write("end: 1\n", "1500.yaml")
    assert resolve(Path("0.yaml")).data == {"end": 1}


def test_extending_null_is_extending_nothing(write: Write) -> None:
    assert resolve(write("extends: null\na: 1\n")).data == {"a": 1}


def test_files_that_extend_one_another_in_a_circle_are_shown(write: Write) -> None:
    write("extends: ./b.yaml\n", "s/a.yaml")
    write("a: 1\nextends: a.yaml\n", "s/b.yaml")
    assert refusals(Path("s/a.yaml")) == ["s/b.yaml:2:10 extends: goes in a circle: a.yaml -> b.yaml -> a.yaml"]
    assert refusals(write("extends: x.yaml")) == ["x.yaml:1:10 extends: goes in a circle: x.yaml -> x.yaml"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("none.yaml", "no such file: none.yaml"),
        (".", "no such file: ."),
        ("5", "must be the name of a file"),
        ("[a.yaml]", "must be the name of a file"),
        ("''", "must be the name of a file"),
        ("x" * 5000, f"no such file: {'x' * 5000}"),
    ],
)
def test_what_a_file_extends_must_be_there(write: Write, value: str, message: str) -> None:
    assert refusals(write(f"extends: {value}\n")) == [f"x.yaml:1:10 extends: {message}"]


def test_no_file_has_a_name_with_a_control_character(write: Write) -> None:
    said = refusals(write('extends: "a\\0b"\n'))
    assert "x.yaml:1:10 extends: must be the name of a file" in said


def test_files_named_in_a_scenario_are_found_from_the_file_that_names_them(write: Write, tmp_path: Path) -> None:
    """One folder for each of the two names, though they end in one document."""
    write("place: {units: units.csv}\nbaseline: b.yaml\n", "base/root.yaml")
    path = write("extends: ../base/root.yaml\nbaseline: b.yaml\n", "mine/x.yaml")
    root = Path(os.path.realpath(tmp_path))
    data = resolve(path).data
    assert data == {"place": {"units": str(root / "base/units.csv")}, "baseline": str(root / "mine/b.yaml")}
    data = resolve(path, ["place={units: u.csv}", "baseline=d/b.yaml"]).data
    assert data == {"place": {"units": str(root / "u.csv")}, "baseline": str(root / "d/b.yaml")}
    assert read(path).data["baseline"] == "b.yaml"


@pytest.mark.parametrize("value", ["null", "5", "''", "[a]"])
def test_what_is_not_a_name_of_a_file_is_left_for_the_model(write: Write, value: str) -> None:
    path = write(f"baseline: {value}\nplace: 3\n")
    assert resolve(path).data == read(path).data


# ---- settings ----


@pytest.mark.parametrize(
    ("setting", "data"),
    [
        ("a.x=5", {"a": {"x": 5, "l": [1, {"y": 2, "z": 3}]}, "n": None}),
        ("a.x=8:30", {"a": {"x": "8:30", "l": [1, {"y": 2, "z": 3}]}, "n": None}),
        ("a.x=k=v", {"a": {"x": "k=v", "l": [1, {"y": 2, "z": 3}]}, "n": None}),
        ("a.l.1.y=9", {"a": {"x": 1, "l": [1, {"y": 9, "z": 3}]}, "n": None}),
        ("a.l.1={y: 9}", {"a": {"x": 1, "l": [1, {"y": 9, "z": 3}]}, "n": None}),
        ("a.l=[7]", {"a": {"x": 1, "l": [7]}, "n": None}),
        ("a={x: 2, w: 3}", {"a": {"x": 2, "w": 3, "l": [1, {"y": 2, "z": 3}]}, "n": None}),
        ("a=null", {"a": None, "n": None}),
        ("n.m.o=1", {"a": {"x": 1, "l": [1, {"y": 2, "z": 3}]}, "n": {"m": {"o": 1}}}),
        ("b.1=2025-01-01", {"a": {"x": 1, "l": [1, {"y": 2, "z": 3}]}, "n": None, "b": {"1": date(2025, 1, 1)}}),
    ],
)
def test_a_setting_is_one_more_layer(write: Write, setting: str, data: dict[str, Any]) -> None:
    path = write("a: {x: 1, l: [1, {y: 2, z: 3}]}\nn: null\n")
    assert resolve(path, [setting]).data == data


def test_a_later_setting_lies_over_an_earlier_one(write: Write) -> None:
    assert resolve(write("a: 1"), ["b.c=1", "b.d=2", "b.c=3"]).data == {"a": 1, "b": {"c": 3, "d": 2}}


def test_values_that_are_set_are_marked_as_set_and_others_are_not(write: Write) -> None:
    document = resolve(write("a:\n  x: 1\n  y: 2\n"), ["a.x=[3]", "b.c=4"])
    mark, made = Mark("--set a.x=[3]", 0, 0), Mark("--set b.c=4", 0, 0)
    assert document.marks == {
        (): Mark("x.yaml", 1, 1),
        ("a",): Mark("x.yaml", 2, 3),
        ("a", "x"): mark,
        ("a", "x", 0): mark,
        ("a", "y"): Mark("x.yaml", 3, 6),
        ("b",): made,
        ("b", "c"): made,
    }
    assert document.key_marks[("a", "x")] == mark
    assert document.key_marks[("a",)] == Mark("x.yaml", 1, 1)


def test_a_long_value_is_cut_where_it_is_shown(write: Write) -> None:
    assert resolve(write("a: 1"), [f"b={'x' * 500}"]).marks[("b",)].file == f"--set b={'x' * 60}..."


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("a", "--set: 'a' must be written PATH=VALUE, for instance behaviour.overtime_ceiling=2"),
        ("=1", "--set: '=1' must be written PATH=VALUE, for instance behaviour.overtime_ceiling=2"),
        ("a..b=1", "--set: 'a..b' is no path: it goes wrong at '..b'; a setting is written PATH=VALUE"),
        ("a=", "--set a=: has no value after '=': write null for none"),
        ("a=# x", "--set a=# x: is empty"),
        ("a=!foo 1", f"--set a=!foo 1: tag !foo: {TAG}"),
        ("a={b: 1, b: 2}", "--set a={b: 1, b: 2} a.b: duplicate key 'b'"),
        ("a=1\n---\n2", "--set a=1 --- 2: not valid YAML: expected a single document in the stream, but found"),
        ("a.x.z=1", "--set a.x.z=1: a.x is not a mapping: nothing can be set inside it"),
        ("a.l.2=1", "--set a.l.2=1: a.l is a list of 2: no item '2'"),
        ("a.l.-1=1", "--set a.l.-1=1: a.l is a list of 2: no item '-1'"),
        ("a.l.z=1", "--set a.l.z=1: a.l is a list of 2: no item 'z'"),
        ("a." * 3000 + "b=1", f"--set: '{'a.' * 25}'... is nested deeper than 50 levels"),
        ("extends=y.yaml", "--set: 'extends' can only be given in a file"),
        ("a=\udcff", "--set a=\\udcff: not valid YAML: unacceptable character #xdcff"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_setting_that_cannot_be_laid_over_is_refused(write: Write, setting: str, message: str) -> None:
    (line,) = refusals(write("a: {x: 1, l: [1, 2]}\n"), setting)
    assert line.startswith(message)


def test_a_document_knows_from_which_folder_a_name_counts() -> None:
    document = Document({}, {("a",): Mark("s/x.yaml", 1, 1), ("b",): Mark("--set b=1", 0, 0)}, {})
    assert document.folder_of(("a",)) == Path("s")
    assert document.folder_of(("b",)) == Path(".")


def test_a_problem_with_a_set_value_has_no_line() -> None:
    assert nodes.problem_at(Mark("--set a=1", 0, 0), ("a",), "is wrong") == Problem(
        "--set a=1", None, None, "a", "is wrong"
    )


# ---- what people type in another keyboard, or expect of other programs ----

WIDE = ": write ':' and a blank instead of the full-width colon"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title：x\nstaff: {absence: 0.1}\n", f":1:6: not valid YAML: after 'title'{WIDE}"),
        ("title: x\nstaff：\n  absence: 0.1\n", f":2:6: not valid YAML: after 'staff'{WIDE}"),
        ("staff:\n  absence：0.1\n  training_hours: 2\n", f":2:10: not valid YAML: after 'absence'{WIDE}"),
        ("staff:\n  absence：0.1\n", ":2:3 staff: must be a mapping of keys to values (got 'absence"),
        ("staff: {absence：0.1}\n", WIDE),
    ],
)
def test_a_full_width_colon_is_told_where_it_stands(write: Write, text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load(write(text))
    (line,) = str(error.value).splitlines()
    assert message in line
    assert WIDE in line


def test_a_full_width_colon_in_a_text_is_no_mistake(write: Write) -> None:
    assert load(write("title: 改革：效果\n")).title.endswith("效果")


def test_an_item_that_is_wrong_is_told_once(write: Write) -> None:
    """And not by the list too, as one that has too few items."""
    with pytest.raises(ScenarioError) as error:
        load(write("place:\n  counties:\n    - {name: L, residents: many, offices: 6}\n"))
    assert [problem.message for problem in error.value.problems] == ["must be a whole number (got 'many')"]
    with pytest.raises(ScenarioError, match="must have at least 1 items"):
        load(write("place: {counties: []}\n"))


def test_a_value_by_date_is_told_that_reforms_start_on_dates(write: Write) -> None:
    with pytest.raises(ScenarioError) as error:
        load(write("staff:\n  absence: {2024-01-01: 0.1, 2025-01-01: 0.2}\n"))
    (problem,) = error.value.problems
    assert (problem.line, problem.path) == (2, "staff.absence")
    assert problem.message.startswith("a date is no key (got 2024-01-01): a value holds for the whole run; what starts")
    assert "quotes" not in problem.message
