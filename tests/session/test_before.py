"""What belongs to the patient before a dose: what holds, what is to be asked again, what is refused."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.clinical import asked
from kapdesk.clinical.protocol import Item, Protocol, parse, read
from kapdesk.facts.care import ChecklistAnswered, EscortNamed, Overridden
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import ConsentGiven, CrisisContactsSet, IndicationStated, MedicallyCleared, Screened
from kapdesk.facts.session import VisitOpened
from kapdesk.record.history import Happening
from kapdesk.session import needs
from kapdesk.session.before import cleared, refused, screened
from kapdesk.session.state import Session, fold
from tests.fakes import happened
from tests.plain import PLAIN
from tests.session.sample import IDS

DAY = 24 * 60
SCREENING = (Item("mind", "Psychosis or mania"), Item("apnoea", "Sleep apnoea", needed=False))
CONSENT = (Item("treatment", "The treatment"), Item("touch", "Touch", needed=False))
PLAN = msgspec.structs.replace(
    parse(PLAIN),
    needs=("indication", "clearance", "screening", "consent", "crisis", "escort"),
    screening=SCREENING,
    screening_days=30,
    consent=CONSENT,
)


def session(*facts: Fact, at: float = 0) -> Session:
    opened = VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4")
    return fold([happened(each, at + n, counter=n) for n, each in enumerate((opened, *facts))])


def known(*facts: tuple[float, Fact]) -> list[Happening]:
    return [happened(fact, at, counter=n) for n, (at, fact) in enumerate(facts)]


def need(id_: str, said: Sequence[Happening], visit: Session | None = None, plan: Protocol = PLAN) -> tuple[bool, str]:
    (found,) = [each for each in needs.before_dose(visit or session(), said, plan) if each.id == id_]
    return found.met, found.words


def test_indication_and_crisis_contacts_are_there_once_they_are_said() -> None:
    assert need("indication", []) == (False, "Indication, and what was tried")
    assert need("indication", known((0, IndicationStated("grief", "talks"))))[0]
    assert need("crisis", []) == (False, "Crisis contacts")
    assert need("crisis", known((0, CrisisContactsSet("a friend"))))[0]


@pytest.mark.parametrize(
    ("clearances", "met", "words"),
    [
        ([], False, "Medical clearance"),
        ([("2026-03-01", "2026-03-02")], True, "Medically cleared until 2026-03-02"),
        ([("2026-02-01", "2026-03-01")], False, "Medical clearance; the last held until 2026-03-01"),
        ([("2026-03-03", "2026-04-01")], False, "Medical clearance; the last held until 2026-04-01"),
        ([("2026-02-01", "2026-09-01"), ("2026-02-02", "2026-03-01")], True, "Medically cleared until 2026-09-01"),
    ],
)
def test_a_clearance_holds_from_its_day_until_the_day_it_says(
    clearances: list[tuple[str, str]], met: bool, words: str
) -> None:
    said = known(*((n, MedicallyCleared(on, "ECG", until)) for n, (on, until) in enumerate(clearances)))
    assert need("clearance", said) == (met, words)


def test_screening_is_carried_forward_from_visit_to_visit_and_asked_again_after_its_days() -> None:
    said = known((0, Screened("mind", "", "no")), (0, Screened("apnoea", "", "yes", "has a mask")))
    assert need("screening", said) == (True, "Screening")
    assert need("screening", said, session(at=30 * DAY)) == (True, "Screening")
    assert need("screening", said, session(at=30 * DAY + 1)) == (False, "Screening, 2 of 2 to be asked")
    fresh = [*said, *known((30 * DAY, Screened("mind", "", "no")))]
    assert need("screening", fresh, session(at=31 * DAY)) == (False, "Screening, 1 of 2 to be asked")
    each_visit = msgspec.structs.replace(PLAN, screening_days=0)
    assert not need("screening", said, session(at=1), each_visit)[0]


def test_a_yes_to_what_speaks_against_it_holds_by_name_until_someone_sets_it_aside() -> None:
    said = known((0, Screened("mind", "", "yes")), (0, Screened("apnoea", "", "no")))
    met, words = need("screening", said)
    assert (met, words) == (False, "Screening, answered yes: Psychosis or mania")
    plan = msgspec.structs.replace(PLAN, needs=("screening",))
    found = needs.before_dose(session(), said, plan)
    assert not needs.settled(session(), "clearance", found)
    assert needs.settled(session(Overridden("clearance", (words,), "long ago, well since")), "clearance", found)


def test_a_refusal_of_the_treatment_holds_and_one_of_touch_does_not() -> None:
    assert need("consent", []) == (False, "Consent, 2 of 2 to be asked")
    no_touch = known((0, ConsentGiven("treatment", "", True)), (0, ConsentGiven("touch", "", False)))
    assert need("consent", no_touch) == (True, "Consent")
    assert refused(no_touch, CONSENT) == ("Touch",)
    nothing = [*no_touch, *known((1, ConsentGiven("treatment", "", False)))]
    assert need("consent", nothing) == (False, "Consent, not agreed to: The treatment")


def test_an_escort_is_named_and_reached() -> None:
    assert need("escort", [])[0] is False
    named = session(EscortNamed("A friend", "555-0100"))
    assert need("escort", [], named) == (False, "Escort: A friend, 555-0100; not reached yet")
    reached = session(EscortNamed("A friend", "555-0100"), EscortNamed("A friend", "555-0100", reached=True))
    assert need("escort", [], reached)[0]


SUICIDE = msgspec.structs.replace(parse(PLAIN), before=(Item("suicide", "Suicidal thoughts asked today"),))


def test_whoever_asked_after_suicidal_thoughts_is_asked_what_was_said_and_then_whether_the_prescriber_knows() -> None:
    def ids(*answers: tuple[str, str]) -> list[tuple[str, bool]]:
        visit = session(*(ChecklistAnswered(item, "", answer) for item, answer in answers))  # type: ignore[arg-type]
        return [(each.id, each.met) for each in needs.before_dose(visit, [], SUICIDE)]

    asked_ = ("suicide", "yes")
    assert ids() == [("suicide", False)]
    assert ids(asked_) == [("suicide", True), ("suicide-thoughts", False)]
    assert ids(asked_, ("suicide-thoughts", "no")) == [("suicide", True), ("suicide-thoughts", True)]
    there = (asked_, ("suicide-thoughts", "yes"))
    assert ids(*there) == [("suicide", True), ("suicide-thoughts", True), ("suicide-told", False)]
    assert ids(*there, ("suicide-told", "no"))[-1] == ("suicide-told", False)
    assert ids(*there, ("suicide-told", "yes"))[-1] == ("suicide-told", True)
    assert ids(*there, ("suicide-leaving-told", "yes"))[-1] == ("suicide-told", True)
    assert ids(("suicide-told", "yes"), *there)[-1] == ("suicide-told", False)  # that was another time
    assert needs.thinks_of_suicide(session(ChecklistAnswered("suicide-thoughts", "", "yes")))
    assert not needs.thinks_of_suicide(session(ChecklistAnswered("suicide-thoughts", "", "no")))


@given(
    st.lists(st.tuples(st.integers(0, 100), st.sampled_from(["mind", "apnoea"]), st.sampled_from(["yes", "no"]))),
    st.integers(0, 100),
    st.integers(0, 60),
)
def test_a_line_is_due_just_when_its_newest_answer_is_too_old_or_there_is_none(
    answers: list[tuple[int, str, str]], today: int, days: int
) -> None:
    said = known(*((day * DAY, Screened(item, "", answer)) for day, item, answer in sorted(answers)))
    begun = next(iter(session(at=today * DAY).history)).at_us
    for line in screened(said, SCREENING, days, begun):
        mine = [(day, answer) for day, item, answer in sorted(answers) if item == line.item.id]
        assert line.due == (not mine or today - mine[-1][0] > days)
        assert line.holds == (line.item.id == "mind" and bool(mine) and mine[-1][1] == "yes")


def test_of_two_clearances_the_newest_that_holds_counts() -> None:
    said = known(
        (0, MedicallyCleared("2026-01-01", "first", "2026-12-31")),
        (1, MedicallyCleared("2026-02-01", "x", "2026-12-31")),
    )
    found = cleared(said, "2026-03-02")
    assert found is not None
    assert found.fact.tests == "x"


def test_the_shipped_protocols_ask_the_shipped_lists_so_that_answers_carry_from_one_to_the_other() -> None:
    for path in sorted(paths.shipped("resources", "protocols").glob("*.toml")):
        plan, _ = read(path)
        of_its_own = {each.id for each in plan.screening} - {each.id for each in asked.SCREENING}
        shared = tuple(each for each in plan.screening if each.id not in of_its_own)
        if path.stem == "nasal-esketamine":  # the observation summary asks after each group of medicines by itself
            assert of_its_own == {"benzodiazepine", "hypnotic", "stimulant", "opioid", "mao-inhibitor"}
            assert shared == tuple(each for each in asked.SCREENING if each.id != "medicines")
        else:
            assert plan.screening == asked.SCREENING, path.name
        assert [each.id for each in plan.consent] == [each.id for each in asked.CONSENT], path.name
        assert plan.safety, path.name
        assert {"indication", "clearance", "screening", "consent", "crisis"} <= set(plan.needs), path.name
        with_them = {"location", "companion"} if plan.setting == "home" else {"escort"}
        assert with_them <= set(plan.needs), path.name
