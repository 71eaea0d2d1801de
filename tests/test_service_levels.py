"""Service levels: those that ship, how one is chosen, and what is wrong with a file that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

import knowledge
from knowledge.service_levels import Level, LevelError, load_levels
from knowledge.services import Catalogue, load_services
from knowledge.workdays import ANY_HOUR, Hours, Span

STANDARD = """
[[level]]
name = "standard"
acknowledge = "1 working day"
answer = "10 working days"
"""
RISK = """
[[level]]
name = "at risk"
acknowledge = "1 hour"
answer = "1 day"
hours = "any"
first = "safeguarding"
at_risk = true
"""
ROADS = """
[[level]]
name = "roads"
acknowledge = "2.5 hours"
answer = "5 working days"
"""
SHIPPED = Path(knowledge.__file__).parent / "data" / "service_levels.toml"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a council's own file from parts."""

    def written(*parts: str) -> Path:
        path = tmp_path / "levels.toml"
        path.write_text("".join(parts), encoding="utf-8")
        return path

    return written


def test_the_levels_that_ship() -> None:
    standard, children, risk = load_levels().all
    assert (standard.acknowledge, standard.answer, standard.provider_answer) == (Span(1), Span(10), Span(5))
    assert (standard.hours, standard.first) == (Hours(), "manager")
    assert (children.acknowledge, children.answer) == (Span(1), Span(3))
    assert (risk.acknowledge, risk.answer, risk.hours) == (Span(hours=1), Span(1), ANY_HOUR)
    assert (risk.first, risk.at_risk) == ("safeguarding", True)
    assert not any(level.text_in_slack for level in (standard, children, risk))


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("pothole-repairs", "standard"),
        ("fostering", "children"),
        ("send-transport-routes", "children"),
        ("", "standard"),
    ],
)
def test_a_service_has_a_level_by_its_group(service: str, name: str) -> None:
    levels = load_levels()
    assert levels.of(service).name == name
    assert levels.of(service, at_risk=True).name == "at risk"


def test_a_service_the_catalogue_has_no_more_is_at_the_standard() -> None:
    assert load_levels().of("lamplighters").name == "standard"


def test_a_level_naming_a_service_comes_before_one_naming_its_group(write: Callable[..., Path]) -> None:
    group = ROADS + 'groups = ["Highways"]\n'
    named = ROADS.replace("roads", "potholes") + 'services = ["pothole-repairs"]\ntext_in_slack = true\n'
    levels = load_levels(write(group, named, STANDARD, RISK))
    assert levels.of("pothole-repairs").name == "potholes"
    assert levels.of("pothole-repairs").text_in_slack
    assert levels.of("kerbs").name == "roads"
    assert levels.of("pothole-repairs", at_risk=True).name == "at risk"


def test_a_level_that_has_gone_from_the_file_is_the_standard() -> None:
    levels = load_levels()
    assert levels.named("children").name == "children"
    assert levels.named("gone").name == "standard"


def test_what_a_level_leaves_out(write: Callable[..., Path]) -> None:
    level = load_levels(write(STANDARD, RISK)).named("standard")
    assert level == Level("standard", Span(1), Span(10), Hours(), "manager", Span(5))


def test_hours_may_be_parts_of_an_hour(write: Callable[..., Path]) -> None:
    levels = load_levels(write(STANDARD, RISK, ROADS, 'services = ["kerbs"]\n'))
    assert levels.of("kerbs").acknowledge == Span(hours=2.5)


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("08:30-16:45", Hours(time(8, 30), time(16, 45))),
        ("08:00-24:00", Hours(time(8), time(0))),
        ("any", ANY_HOUR),
        ("08:00-20:00 every day", Hours(time(8), time(20), every_day=True)),
    ],
)
def test_hours_as_people_write_them(write: Callable[..., Path], written: str, hours: Hours) -> None:
    day = "day" if hours.every_day else "working day"
    told = STANDARD.replace("working day", day) + f'hours = "{written}"\n'
    assert load_levels(write(told, RISK)).named("standard").hours == hours


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((RISK,), 'levels.toml: no level is named "standard"'),
        ((), 'levels.toml: no level is named "standard"'),
        ((STANDARD,), "levels.toml: no level has at_risk"),
        ((STANDARD, STANDARD, RISK), "levels.toml, standard: there are two"),
        (
            (STANDARD, RISK, RISK.replace('"at risk"', '"risky"')),
            "levels.toml, risky: there are two, at risk before it",
        ),
        ((STANDARD, "colour = 'red'\n", RISK), "levels.toml, standard: unknown key colour"),
        (("colour = 'red'\n", STANDARD, RISK), "levels.toml: colour: everything stands under a [[level]]"),
        (("[level]\nname = 'standard'\n",), "levels.toml: level: everything stands under a [[level]]"),
        (("level = ['standard']\n",), "levels.toml: level: everything stands under a [[level]]"),
        ((STANDARD.replace('name = "standard"', ""), RISK), "levels.toml, level 1: name is lacking"),
        ((STANDARD, "first = 'anyone'\n", RISK), "levels.toml, standard: first: "),
        ((STANDARD, "text_in_slack = 'no'\n", RISK), "levels.toml, standard: text_in_slack: "),
        ((STANDARD, "text_in_slack = true\n", RISK), "levels.toml, standard: text_in_slack is for a level that names"),
        ((STANDARD, "at_risk = true\n"), "levels.toml, standard: the standard level is not the one"),
        ((STANDARD, 'services = ["kerbs"]\n', RISK), "levels.toml, standard: it is for every service"),
        ((STANDARD, RISK, 'groups = ["Highways"]\n'), "levels.toml, at risk: it is for every service"),
        ((STANDARD, RISK, ROADS), "levels.toml, roads: it names no service and no group"),
        ((STANDARD, RISK, ROADS, 'services = ["ferries"]\n'), "levels.toml, roads: the catalogue has no ferries"),
        ((STANDARD, RISK, ROADS, 'groups = ["Ferries"]\n'), "levels.toml, roads: the catalogue has no Ferries"),
        ((STANDARD, RISK, ROADS, "services = [1]\n"), "levels.toml, roads: services.0: "),
        (
            (STANDARD, RISK, *(ROADS.replace("roads", name) + 'services = ["kerbs"]\n' for name in ("one", "two"))),
            "levels.toml, two: kerbs has the level one already",
        ),
        (
            (STANDARD, RISK, *(ROADS.replace("roads", name) + 'groups = ["Highways"]\n' for name in ("one", "two"))),
            "levels.toml, two: Highways has the level one already",
        ),
        (("[[level]\n",), "levels.toml: "),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    write: Callable[..., Path], parts: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(LevelError, match=f"^{re.escape(reason)}"):
        load_levels(write(*parts))


@pytest.mark.parametrize("key", ["acknowledge", "answer", "provider_answer"])
@pytest.mark.parametrize(
    "span",
    [
        "0 working days",
        "0 hours",
        "0.0 hours",
        "",
        "soon",
        "-1 hours",
        "1.5 working days",
        "1 day",
        "1 week",
        "9999 hours",
    ],
)
def test_a_time_that_cannot_be_kept_to_is_refused(write: Callable[..., Path], key: str, span: str) -> None:
    kept = re.sub(f"(?m)^{key} = .*\n", "", STANDARD)
    with pytest.raises(LevelError, match=f'^levels.toml, standard: {key}: "{re.escape(span)}" is '):
        load_levels(write(kept, f'{key} = "{span}"\n', RISK))


def test_working_days_do_not_go_with_hours_of_every_day(write: Callable[..., Path]) -> None:
    with pytest.raises(LevelError, match='at risk: answer: "1 working day" is not like "1 day"'):
        load_levels(write(STANDARD, RISK.replace("1 day", "1 working day")))


@pytest.mark.parametrize("hours", ["9-5", "17:00-09:00", "09:00-09:00", "25:00-26:00", "", "Any", "09:00-17:00 weekly"])
def test_hours_that_cannot_be_kept_are_refused(write: Callable[..., Path], hours: str) -> None:
    with pytest.raises(LevelError, match=r"^levels.toml, standard: "):
        load_levels(write(STANDARD, f'hours = "{hours}"\n', RISK))


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(LevelError, match=r"^gone.toml: "):
        load_levels(tmp_path / "gone.toml")
    (tmp_path / "levels.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LevelError, match=r"^levels.toml: "):
        load_levels(tmp_path / "levels.toml")


def test_levels_name_the_services_of_the_councils_own_catalogue(write: Callable[..., Path], tmp_path: Path) -> None:
    own = tmp_path / "services"
    own.mkdir()
    (own / "ferries.toml").write_text(
        '[[service]]\nkey = "ferry"\nname = "Ferry"\ngroup = "Water"\nbody = "county"\nwhy = "Ours."\n',
        encoding="utf-8",
    )
    path = write(STANDARD, RISK, ROADS, 'groups = ["Water"]\n')
    assert load_levels(path, Catalogue(own)).of("ferry").name == "roads"
    with pytest.raises(LevelError, match="the catalogue has no Water"):
        load_levels(path)


def test_the_file_that_ships_teaches_every_key_and_group() -> None:
    comments = "\n".join(line for line in SHIPPED.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    keys = Level.__dataclass_fields__.keys()
    assert [key for key in keys if not re.search(rf"^#   {key} ", comments, re.MULTILINE)] == []
    assert [group for group in {one.group for one in load_services()} if f'"{group}"' not in comments] == []


def test_the_example_that_is_not_in_force_could_be(write: Callable[..., Path]) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    example = text[text.index("# [[level]]") :].replace("# ", "")
    assert load_levels(write(text, example)).of("pothole-repairs").text_in_slack


def test_what_the_desks_own_levels_name_is_in_the_catalogue() -> None:
    from knowledge.service_levels import OWN

    assert load_levels(OWN).all == load_levels().all, "read as a council's own file, it is checked"
