"""The people list: who is who, and what a bad row costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.models import Access, Role, readable_by
from knowledge.people import PeopleError, find_person, list_people, read_people, replace_people, require_contacts
from knowledge.store import Store

HEAD = "email,slack_id,name,role,deputy,away_from,away_to\n"
ANN = "ann@example.org,U0ANN,Ann Archer,manager,bob@example.org,2026-09-01,2026-09-30\n"


def listed(folder: Path, text: str | bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def take(store: Store, folder: Path, text: str) -> tuple[int, int]:
    with store.writing() as connection:
        return replace_people(connection, read_people(listed(folder, text)).rows)


# --- the file -----------------------------------------------------------------------------------------------------


def test_a_row_is_a_person_in_a_role(tmp_path: Path) -> None:
    found = read_people(listed(tmp_path, HEAD + ANN))
    assert found.problems == []
    (row,) = found.rows
    assert (row.email, row.slack_id, row.role) == ("ann@example.org", "U0ANN", Role.MANAGER)
    assert row.about["deputy"] == "bob@example.org"


def test_columns_may_come_in_any_order_case_and_encoding(tmp_path: Path) -> None:
    text = " Role ,EMAIL,other\r\nManager, Zoë@Example.org ,x\r\n"
    for data in (text.encode("utf-8-sig"), text.encode("cp1252"), text.encode("utf-16")):
        (row,) = read_people(listed(tmp_path, data)).rows
        assert (row.email, row.role) == ("zoë@example.org", Role.MANAGER)


def test_empty_rows_are_nothing(tmp_path: Path) -> None:
    found = read_people(listed(tmp_path, HEAD + ",,,,,,\n\n" + ANN))
    assert (len(found.rows), found.problems) == (1, [])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",,Ann,manager,,,", "neither email nor slack_id"),
        ("ann,,Ann,manager,,,", "not an address"),
        ("ann@example.org>,,Ann,manager,,,", "not an address"),
        (f"{'a' * 250}@example.org,,Ann,manager,,,", "not an address"),
        (",ann,Ann,manager,,,", "slack_id"),
        (",C024BE7LH,Ann,manager,,,", "slack_id"),
        ("ann@example.org,,Ann,,,,", "role"),
        ("ann@example.org,,Ann,provider,,,", "role"),
        ("ann@example.org,,Ann,king,,,", "'king'"),
        ("ann@example.org,,Ann,manager,,1 May,", "away_from"),
        ("ann@example.org,,Ann,manager,,,2026-02-30", "away_to"),
        ("ann@example.org,,Ann,manager,,20260901,", "away_from"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_rest_is_read(tmp_path: Path, row: str, says: str) -> None:
    found = read_people(listed(tmp_path, HEAD + ANN + row + "\n" + "bob@example.org,,Bob,officer,,,\n"))
    assert [row.email for row in found.rows] == ["ann@example.org", "bob@example.org"]
    ((line, reason),) = found.problems
    assert line == 3
    assert says in reason


@pytest.mark.parametrize(
    "data",
    [
        b"", b"name,email\nAnn,a@example.org\n", b"role,name\nmanager,Ann\n", b"\x00\x01\x02", b"\xff\xfeab\x00",
        HEAD.encode() + b'ann@example.org,,"Ann,manager,,,\n' + b"bob@example.org,,Bob,officer,,,\n",
        HEAD.encode() + b'ann@example.org,,"Ann,manager,,,\n' + b"bob@example.org,,Bob,officer,,,\n" * 5_000,
    ],
    ids=["empty", "no role", "nobody", "binary", "half utf-16", "a quotation mark not closed", "and much after it"],
)  # fmt: skip
def test_what_is_no_people_list_is_refused_whole(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PeopleError, match=r"people\.csv"):
        read_people(listed(tmp_path, data))


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PeopleError):
        read_people(tmp_path / "nowhere.csv")


# --- the record ---------------------------------------------------------------------------------------------------


def test_somebody_is_found_by_slack_id_or_address_in_any_case(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, HEAD + ANN)
    with store.reading() as connection:
        found = find_person(connection, slack_id="U0ANN")
        assert found
        assert (found.name, found.away_to, found.roles) == ("Ann Archer", "2026-09-30", {Role.MANAGER})
        assert find_person(connection, email=" ANN@example.org ") == found
        assert find_person(connection, email="eve@example.org") is None
        assert find_person(connection) is None


def test_nobody_is_found_by_an_empty_slack_id_or_address(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, HEAD + "ann@example.org,,Ann,administrator,,,\n,U0BOB,Bob,director,,,\n")
    with store.reading() as connection:
        assert find_person(connection, slack_id="", email="") is None
        assert find_person(connection, slack_id="U0EVE", email="") is None
        assert find_person(connection, slack_id="", email="eve@example.org") is None


def test_several_rows_give_several_roles(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, HEAD + ANN + "ann@example.org,,,triage,,,\n")
    with store.reading() as connection:
        found = find_person(connection, email="ann@example.org")
        assert found
        assert found.roles == {Role.MANAGER, Role.TRIAGE}
        assert (found.name, found.slack_id) == ("Ann Archer", "U0ANN")
        assert len(list_people(connection)) == 1


def test_whoever_is_not_in_the_new_list_has_no_role(store: Store, tmp_path: Path) -> None:
    assert take(store, tmp_path, HEAD + ANN) == (1, 0)
    assert take(store, tmp_path, HEAD + "bob@example.org,,Bob,officer,,,\n") == (1, 1)
    with store.reading() as connection:
        assert find_person(connection, email="ann@example.org") is None


def test_the_same_list_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    take(store, tmp_path, HEAD + ANN)
    with store.reading() as connection:
        before = list_people(connection)
    assert take(store, tmp_path, HEAD + ANN) == (0, 0)
    with store.reading() as connection:
        assert list_people(connection) == before


def test_the_sample_list_is_read_without_a_problem(store: Store) -> None:
    found = read_people(Path(__file__).parents[1] / "knowledge/data/sample/people.csv")
    assert found.problems == []
    assert {row.role for row in found.rows} == set(Role) - {Role.PROVIDER}
    with store.writing() as connection:
        replace_people(connection, found.rows)
        assert len(list_people(connection)) == len({row.email for row in found.rows})


# --- never nobody -------------------------------------------------------------------------------------------------


def test_a_list_without_a_triage_or_a_safeguarding_contact_is_refused_by_what_serves_members(
    store: Store, tmp_path: Path
) -> None:
    for roles, lacking in (
        (("officer", "manager"), "no triage contact and no safeguarding contact"),
        (("triage",), "no safeguarding contact"),
        (("safeguarding", "director"), "no triage contact"),
    ):
        take(store, tmp_path, HEAD + "".join(f"{role}@example.org,,Ann,{role},,,\n" for role in roles))
        with pytest.raises(PeopleError, match=f"^the people list names {lacking}, so"):
            require_contacts(store)
    take(store, tmp_path, HEAD + "ann@example.org,,Ann,triage,,,\nann@example.org,,Ann,safeguarding,,,\n")
    require_contacts(store)


# --- who may read what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_what_it_should(role: Role) -> None:
    seen = {Access.PUBLIC}
    if role is not Role.PROVIDER:
        seen.add(Access.INTERNAL)
    if role in (Role.MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR):
        seen.add(Access.CONFIDENTIAL)
    assert readable_by(frozenset({role})) == seen


def test_nobody_in_particular_reads_what_is_public() -> None:
    assert readable_by(frozenset()) == {Access.PUBLIC}
    assert readable_by(frozenset({Role.PROVIDER, Role.DIRECTOR})) == set(Access)
