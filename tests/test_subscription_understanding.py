"""What somebody wants to hear of: what is taken from a sentence, what is set aside, and what asks for alerts at all."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cast
import pytest
from counties import County, open_county

from knowledge.register.index import build_index
from knowledge.register.reader import RegisterReader
from knowledge.services import catalogue
from knowledge.store import open_store
from knowledge.subscriptions.nouns import Area, Criteria, Offer
from knowledge.subscriptions.understanding.cues import asks_for_alerts, may_ask, my_alerts
from knowledge.subscriptions.understanding.naming import names_of_work
from knowledge.subscriptions.understanding.nouns import Cue, Do, Mine, Teller, Wished
from knowledge.subscriptions.understanding.phrases import trades
from knowledge.subscriptions.understanding.understanding import understand

DAY = date(2026, 11, 21)
SEARCH = re.compile(r"(?:any|anything|opportunities)\b", re.IGNORECASE)
DATA = Path(__file__).parent / "data"


def teller_of(reader: RegisterReader) -> Teller:
    return Teller(
        reader,
        DAY,
        lambda said: [one for one in said if one == "MCI-001"],
        frozenset({"marlshire", "county", "council"}),
    )


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = open_county(cast.SAMPLE, tmp_path_factory.mktemp("county"))
    yield county
    county.store.close()


@pytest.fixture(scope="module")
def teller(county: County) -> Teller:
    return teller_of(county.reader)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Teller:
    """A desk without a register and without places."""
    home = tmp_path_factory.mktemp("bare")
    store, _ = open_store(f"sqlite:///{home / 'record.db'}")
    build_index(store, catalogue(), home / "register-index.db")
    store.close()
    return teller_of(RegisterReader(home / "register-index.db"))


def wanted(text: str, teller: Teller) -> Criteria:
    return understand(text, teller).criteria


# --- criteria -----------------------------------------------------------------------------------------------------


def test_home_care_in_thanet_is_understood_before_any_place_is_imported(bare: Teller) -> None:
    wished = understand("tell me about home care work in Thanet under £500k", bare)
    assert wished.criteria == Criteria(services=("home-care",), areas=(Area(name="Thanet"),), high=500_000)
    assert wished.notes == ("No places are known here: Thanet is looked for by its name.",)


def test_a_town_lies_in_its_district(teller: Teller) -> None:
    assert wanted("home care in Gullhaven", teller).areas == (Area(name="Gullhaven", district="Brenmouth"),)


def test_a_place_nobody_knows_limits_nothing_and_is_said(teller: Teller) -> None:
    wished = understand("home care in Thanet", teller)
    assert wished.criteria.areas == ()
    assert wished.left == ("Thanet",)
    assert wished.notes == ("No place called Thanet is known, so the alert is not limited to it.",)


@pytest.mark.parametrize(
    "text", ["east Marlshire", "CT9", "within 10 miles of Quillham", "based in Gullhaven, we clean"]
)
def test_a_place_that_cannot_be_taken_is_said(text: str, teller: Teller) -> None:
    assert understand(f"cleaning {text}", teller).notes != ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("under £500k", None, 500_000),
        ("up to half a million", None, 500_000),
        ("no more than a quarter of a million", None, 250_000),
        ("between 20k and 100k", 20_000, 100_000),
        ("£20k-£100k", 20_000, 100_000),
        ("20-50k", 20_000, 50_000),
        ("one to two million pounds", 1_000_000, 2_000_000),
        ("over 20 grand and under 100 grand", 20_000, 100_000),
        ("at least £1.5m", 1_500_000, None),
        ("£25k+", 25_000, None),
        ("max 30k", None, 30_000),
        ("nothing over 100k", None, 100_000),
        ("around £100k", 50_000, 200_000),
        ("below threshold", None, 207_720),
        ("£60,000 a year or more", 60_000, None),
        ("in 2027", None, None),
        ("12 contracts", None, None),
    ],
)
def test_sums_are_read_as_people_write_them(text: str, low: int | None, high: int | None, teller: Teller) -> None:
    found = wanted(f"cleaning, {text}", teller)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("any grants for arts groups", (Offer.GRANT,)),
        ("sub-contracts for small builders", (Offer.SUBCONTRACT,)),
        ("looking for partners for mental health bids", (Offer.PARTNER,)),
        ("early engagement on highways", (Offer.ENGAGEMENT,)),
        ("only tenders, adult social care", (Offer.TENDER,)),
        ("highways tenders", ()),
        ("grants or contracts for arts groups", ()),
        ("work in the arts", ()),
        ("community engagement services", ()),
        ("early years funding", ()),
    ],
)
def test_only_what_is_said_as_a_limit_limits_the_kind(text: str, kinds: tuple[Offer, ...], teller: Teller) -> None:
    assert wanted(text, teller).kinds == kinds


@pytest.mark.parametrize(
    ("text", "sme", "vcse"),
    [
        ("care work suitable for charities", False, True),
        ("opportunities for VCSEs", False, True),
        ("care work for small firms", True, False),
        ("we are a small charity doing care work", False, False),
        ("as a social enterprise, we do care work", False, False),
        ("grants for charities", False, False),
        ("sub-contracts for small firms", False, False),
    ],
)
def test_who_writes_is_no_limit(text: str, sme: bool, vcse: bool, teller: Teller) -> None:
    found = wanted(text, teller)
    assert (found.sme, found.vcse) == (sme, vcse)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("weekly", "weekly"),
        ("every Monday", "mon"),
        ("on Mondays and Thursdays", "mon,thu"),
        ("straight away", "at once"),
        ("as soon as they come out", "at once"),
        ("daily", "daily"),
        ("once a month", "weekly"),
        ("please", None),
    ],
)
def test_how_often_is_taken_from_the_sentence(text: str, every: str | None, teller: Teller) -> None:
    assert understand(f"home care, {text}", teller).every == every


def test_what_is_left_out_cannot_be_and_is_said(teller: Teller) -> None:
    wished = understand("adult social care but not care homes", teller)
    assert "residential-care-homes" in wished.criteria.services
    assert wished.left == ("care homes",)
    assert wished.notes == ("Leaving something out is not possible: alerts may speak of “care homes” too.",)


def test_times_are_not_looked_at_and_this_is_said(teller: Teller) -> None:
    assert len(understand("school transport starting in April 2027, lasting three years", teller).notes) == 2


def test_a_code_written_two_ways_and_one_that_is_none(teller: Teller) -> None:
    assert wanted("CPV 85312400-8", teller) == wanted("anything under 85.31.24.00", teller)
    wished = understand("CPV 8532 or 85x", teller)
    assert wished.criteria.cpv == ("8532",)
    assert wished.notes == ("“85x” is no CPV code: two to eight digits.",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CPV division 85", "CPV 85000000-9"),
        ("CPV group 853", "CPV 853"),
        ("CPV class: 8531", "85310000"),
        ("CPV 85-31-24-00", "CPV 853124"),
        ("cpv 853xxxxx", "CPV 853"),
        ("cleaning in ukj4", "cleaning in TLJ4"),
        ("cleaning in Saltmarl Coast district", "cleaning in Saltmarl Coast"),
        ("cleaning in Pellingarth District Council's area", "cleaning in Pellingarth"),
        ("cleaning in Brenmouth town", "cleaning in Brenmouth"),
        ("SEND taxis", "taxis for SEND"),
        ("day centres for the elderly", "day centres for older people"),
        ("EV charging", "electric vehicle charging"),
        ("HWRCs", "household waste recycling centres"),
        ("gully emptying", "gully cleaning"),
        ("need to know re weed spraying tenders", "weed spraying"),
    ],
)
def test_a_code_a_place_or_a_trade_written_two_ways_is_the_same(one: str, other: str, teller: Teller) -> None:
    assert wanted(one, teller) == wanted(other, teller) != Criteria()


def test_the_centre_of_a_town_is_not_the_town(teller: Teller) -> None:
    assert wanted("Brenmouth town centre", teller).services == ("markets-town-centre",)


def test_what_somebody_says_of_themselves_is_not_looked_for(teller: Teller) -> None:
    for text in (
        "Not sure this is the right place but we'd love to know if you buy street lighting",
        "please add me to the mailing list for street lighting contracts",
        "flag anything about street lighting as soon as they're advertised",
    ):
        assert wanted(text, teller) == Criteria(services=("street-lighting",)), text


def test_an_intention_is_followed_by_its_reference(teller: Teller) -> None:
    assert wanted("follow MCI-001", teller) == Criteria(follows=("MCI-001",))
    assert understand("follow MCI-999", teller).notes == ("No intention MCI-999 is on the timeline.",)


@pytest.mark.parametrize("text", ["everything", "", "all tenders", "anything at all", "contracts please", "£££", "?"])
def test_what_asks_for_nothing_in_particular_asks_for_everything(text: str, teller: Teller) -> None:
    assert wanted(text, teller) == Criteria()


def test_what_has_no_name_is_looked_for_by_its_words_as_they_were_typed(teller: Teller) -> None:
    assert wanted("health and safety training", teller).words == ("health and safety training",)
    assert wanted("linen hire", teller).words == ("linen",)


def test_whom_it_is_for_counts_only_where_nothing_else_is_said(teller: Teller) -> None:
    assert wanted("disabled children", teller).words == ("disabled children",)
    assert wanted("work with families, home care", teller) == Criteria(services=("home-care",))
    assert wanted("winter maintenance", teller).services == ("winter-gritting",)


@pytest.mark.parametrize("text", ["care homes", "care at home", "nursing homes"])
def test_care_homes_and_care_at_home_are_two_things(text: str, teller: Teller) -> None:
    assert ("home-care" in wanted(text, teller).services) is (text == "care at home")


def test_every_trade_names_services_and_codes_there_are(teller: Teller) -> None:
    known = {service.key for service in catalogue().services}
    groups = {service.group for service in catalogue().services if service.ours}
    names = names_of_work(teller.reader)
    for trade in trades():
        assert known.issuperset(trade.services), trade.said
        assert groups.issuperset(trade.groups), trade.said
        assert Criteria(cpv=trade.cpv).cpv == trade.cpv, trade.said
        assert trade.services or trade.groups or trade.cpv or trade.words
    assert names.get(("no", "such", "trade")) is None


@pytest.mark.parametrize(
    "text",
    [
        "we are a ",
        "1,",
        "looking for partners ",
        "tenders or ",
        "in Foo or ",
        "I'm Cllr Reeve ",
        "every mon ",
        "not a ",
    ],
)
def test_no_text_keeps_the_desk_busy(text: str, teller: Teller, bare: Teller) -> None:
    plain = took("we mend roofs, windows and doors in Gullhaven, ", teller, bare)
    assert took(text, teller, bare) < 20 * plain, "a hostile text takes about as long as a long one"


def took(text: str, *tellers: Teller) -> float:
    """Seconds of the processor that a text takes, said over and over."""
    began = time.process_time()
    for one in tellers:
        assert isinstance(understand((text * 2000)[:2000], one), Wished)
    asks_for_alerts((text * 200)[:2000])
    return time.process_time() - began


# --- asking for alerts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "let me know of any grants for arts groups",
        "alert me to school meals opportunities",
        "notify me whenever a tender for street lighting is published",
        "please keep us posted on home care tenders in Brenmouth",
        "set up an alert for highways",
        "alerts for meals on wheels please",
        "I'd like to be told about unpaid carers' support tenders",
        "subscribe me to adult social care",
        "email me every Monday about drug and alcohol services",
        "tell me when the highways tender changes",
        "follow MCI-001",
        "I want alerts",
    ],
)
def test_a_plain_wish_for_alerts_is_seen(text: str) -> None:
    assert asks_for_alerts(text) is Cue.STRONG


@pytest.mark.parametrize(
    "text",
    [
        "tell me about home care work in Thanet under £500k",
        "we do grounds maintenance and tree work in High Marl, contracts between 20k and 100k",
        "looking for partners for mental health bids",
        "tell me about youth clubs work, weekly",
        "tell me about home care every Monday and Thursday",
        "tell me about independent advocacy work",
    ],
)
def test_a_fainter_wish_for_alerts_is_seen(text: str) -> None:
    assert asks_for_alerts(text) is Cue.WEAK


def test_questions_and_concerns_are_not_taken_for_alerts() -> None:
    """The project's own, and what is made to look like a wish for alerts."""
    texts = (DATA / "subscription_others.txt").read_text(encoding="utf-8").splitlines()
    texts += (DATA / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    texts += (cast.SAMPLE / "questions.txt").read_text(encoding="utf-8").splitlines()
    texts = [text for text in texts if not SEARCH.match(text)]
    assert len(texts) > 280
    assert [text for text in texts if asks_for_alerts(text) or my_alerts(text)] == []


def test_a_search_for_work_is_a_question_that_may_be_a_wish() -> None:
    """Somebody who asks for any such work is answered, and may be offered to be told of more."""
    lines = (DATA / "timeline_questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    taken = [text for text in asked if asks_for_alerts(text)]
    assert all(SEARCH.match(text) and asks_for_alerts(text) is Cue.WEAK for text in taken)
    assert asks_for_alerts("any grants for arts groups") is Cue.WEAK
    assert asks_for_alerts("any grants for arts groups?") is Cue.NONE


def test_questions_to_the_papers_and_members_messages_are_not_taken_for_alerts(shared: Path) -> None:
    texts = [
        json.loads(line).get("question") or json.loads(line)["text"]
        for file in ("eval/dev_questions.jsonl", "casework/concerns.jsonl")
        for line in (shared / file).read_text(encoding="utf-8").splitlines()
    ]
    assert len(texts) == 320
    assert [text for text in texts if asks_for_alerts(text) or my_alerts(text)] == []


def test_what_may_ask_to_be_told_is_seen_where_nothing_else_answers() -> None:
    wishes = (
        "can I get told about telecare in High Marl",
        "shout if there's healthwatch work",
        "could we hear about Healthwatch recommissioning please",
        "would welcome notice of country park concessions",
        "advocacy alerts weekly",
        "temporary staffing framework, notify",
        "any notices with cpv 6013",
    )
    others = (
        "tell me about the risks in the highways report",
        "can someone let the bus company know the 14 is always late",
        "who should be notified of a contract change",
        "when does the home care contract end",
    )
    assert [text for text in wishes if not may_ask(text)] == []
    assert [text for text in others if may_ask(text)] == []


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        ("my alerts", Mine(Do.LIST)),
        ("what am I subscribed to", Mine(Do.LIST)),
        ("show me my subscriptions", Mine(Do.LIST)),
        ("stop my alerts", Mine(Do.STOP)),
        ("unsubscribe", Mine(Do.STOP)),
        ("stop emailing me", Mine(Do.STOP)),
        ("delete S-12", Mine(Do.STOP, (12,))),
        ("pause my alerts", Mine(Do.PAUSE)),
        ("pause S-3 and S-4", Mine(Do.PAUSE, (3, 4))),
        ("delete alerts 2 and 5", Mine(Do.STOP, (2, 5))),
        ("pause S-3, 4 & s9", Mine(Do.PAUSE, (3, 4, 9))),
        ("pause my alerts 2 weeks", Mine(Do.PAUSE)),
        ("stop sending me emails", Mine(Do.STOP)),
        ("please take me off the mailing list", Mine(Do.STOP)),
        ("turn my alerts back on", Mine(Do.RESUME)),
        ("hold off on the alerts until I'm back", Mine(Do.PAUSE)),
        ("resume my alerts", Mine(Do.RESUME)),
        ("my concerns", None),
        ("set up an alert for highways", None),
        ("stop the lorries on Mill Lane", None),
    ],
)
def test_what_is_said_of_ones_own_alerts(text: str, mine: Mine | None) -> None:
    assert my_alerts(text) == mine
