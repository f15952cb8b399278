"""Nothing that was recorded in a visit is silently missing from its note: not what stands, not what was taken back."""

import itertools
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from kapdesk.facts.fact import Erased, Fact, Struck
from kapdesk.facts.patient import Corrected as PatientCorrected
from kapdesk.facts.patient import FormAnswered, OrderWritten, PatientFact, PatientRegistered
from kapdesk.facts.session import (
    Corrected,
    Ended,
    Locked,
    ProtocolChosen,
    SessionFact,
    VisitOpened,
)
from kapdesk.note.content import note_of
from kapdesk.note.layout import lay_out
from kapdesk.people import patient as patients
from kapdesk.record.history import Happening
from kapdesk.session.state import fold
from tests.fakes import happened, minute
from tests.note.reading import poppler, unspaced
from tests.note.test_content import BEGIN, CLINIC, DOSE, NURSE, PATIENT, REGISTERED, SOMEBODY

AMENDS = (Corrected, Struck, Erased)
KINDS = [kind for kind in get_args(SessionFact) if kind not in AMENDS]
WAYS = ("as it stands", "struck", "corrected", "after signing")
NOWHERE = {
    ("VisitOpened", "time_zone"): "the clock of every time on the paper goes by it",
    ("ProtocolChosen", "toml"): "the protocol's name and digest stand; its whole text is in the attached record",
    ("MusicPlanned", "tracks"): "what was heard stands; the plan by its name",
    ("TrackStarted", "file"): "the piece stands by its title",
    ("TrackStopped", "file"): "the piece stands by its title",
    ("TrackSkipped", "file"): "the piece stands by its title",
    ("TrackRefused", "file"): "the piece stands by its title",
    ("TrackRefused", "digest"): "the piece stands by its title",
    ("ChecklistAnswered", "item"): "KapDesk's own name of the line; its words stand",
    ("Locked", "covers"): "what was signed is proven by the attached record",
    ("PaperKept", "sha256"): "of the papers the signatures and the digest tell",
    ("PaperKept", "replaces"): "of the papers the signatures and the digest tell",
    ("PaperKept", "made_with"): "of the papers the signatures and the digest tell",
    ("PaperFiled", "sha256"): "of the papers the clinic's own list tells",
    ("PaperFiled", "place"): "of the papers the clinic's own list tells",
    ("Countersigned", "paper"): "of the papers the signatures and the digest tell",
    ("Countersigned", "meaning"): "of the papers the signatures and the digest tell",
}  # fmt: skip
"""The few fields that are not printed, each with its reason."""


class Telltales:
    """Makes a fact of any kind with a word of its own in every field of text."""

    def __init__(self, target: UUID) -> None:
        self.words: dict[str, str] = {}
        self._target, self._count = target, itertools.count(1)

    def fact(self, kind: type[Fact]) -> Any:
        info = inspect.type_info(kind)
        assert isinstance(info, inspect.StructType)
        return kind(**{field.name: self._value(field.type, field.name) for field in info.fields})

    def _value(self, of: inspect.Type, name: str) -> Any:
        match of:
            case inspect.StrType() if name in ("person", "to", "agreed_by"):
                return NURSE
            case inspect.StrType() if name == "measured_on":
                self.words[name] = "2026-03-01"
                return "2026-03-01"
            case inspect.StrType():
                self.words[name] = f"telltale{next(self._count)}word"
                return self.words[name]
            case inspect.LiteralType(values=values):
                return values[0]
            case inspect.UnionType(types=types):
                return self._value(next(each for each in types if not isinstance(each, inspect.NoneType)), name)
            case inspect.VarTupleType(item_type=item):
                return (self._value(item, name),)
            case inspect.IntType():
                return 5
            case inspect.BoolType():
                return False
            case inspect.UUIDType():
                return PATIENT if name == "patient" else self._target
            case inspect.StructType(cls=cls):
                return cls(**{field.name: self._value(field.type, name) for field in of.fields})
            case _:
                raise AssertionError(of)


def every_word(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [word for each in value.values() for word in every_word(each)]
    return [word for each in value for word in every_word(each)] if isinstance(value, list | tuple) else []


def on_paper(*said: Happening) -> str:
    opened = any(isinstance(each.fact, VisitOpened) for each in said)
    told = [happened(fact, at, counter=n) for n, (fact, at) in enumerate(BEGIN[int(opened) :])]
    return "\n".join(every_word(msgspec.to_builtins(note_of(fold([*told, *said]), SOMEBODY, CLINIC))))


def recorded(kind: type[Fact], way: str) -> tuple[dict[str, str], str]:
    """A fact of this kind, in this way, in a visit with a dose: its words, and all that stands in the note."""
    dose = happened(DOSE, 20, counter=50)
    telltales = Telltales(dose.id)
    one = happened(telltales.fact(kind), 30, counter=60)
    end = [happened(Ended("completed"), 100, counter=80), happened(Locked(), 110, counter=81)]
    match way:
        case "struck":
            said = [dose, one, happened(Struck(one.id, "wrong"), 50, counter=70)]
        case "corrected":
            truth = Telltales(dose.id).fact(kind)
            truth = msgspec.structs.replace(truth, **{name: _other(getattr(truth, name)) for name in telltales.words})
            correction = Corrected(target=one.id, truth=truth, at_us=minute(31), reason="wrong")
            said = [dose, one, happened(correction, 50, counter=70)]
        case "after signing":
            said = [dose, *end, msgspec.structs.replace(one, order=happened(one.fact, 120, counter=90).order)]
        case _:
            said = [dose, one]
    return telltales.words, on_paper(*said)


def _other(value: Any) -> Any:
    match value:
        case str():
            return "2026-03-02" if value.startswith("2026") else "other"
        case tuple():
            return ()
        case _:
            return value


def test_the_list_of_what_is_not_printed_names_fields_that_there_are() -> None:
    names = {kind.__name__: {field.name for field in msgspec.structs.fields(kind)} for kind in KINDS}
    assert all(field in names[kind] for kind, field in NOWHERE)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Locked], ids=lambda kind: kind.__name__)
def test_every_word_of_every_kind_of_fact_is_on_the_paper(kind: type[Fact], way: str) -> None:
    words, read = recorded(kind, way)
    wanted = {name: word for name, word in words.items() if (kind.__name__, name) not in NOWHERE}
    missing = {name for name, word in wanted.items() if word.lower() not in read.lower()}
    assert missing == set()


OF_THE_PATIENT = [
    kind for kind in get_args(PatientFact) if kind not in (PatientCorrected, Struck, Erased, FormAnswered)
]
NOT_OF_A_VISIT = {
    ("PatientRegistered", "colour"): "tells running sessions apart on screen",
    ("KeptLonger", "until"): "how long a record is kept is no matter of a visit",
    ("KeptLonger", "reason"): "how long a record is kept is no matter of a visit",
    ("PieceAvoided", "file"): "the piece stands by its title",
    ("PieceAvoided", "digest"): "the piece stands by its title",
    ("Screened", "item"): "KapDesk's own name of the line; its words stand",
    ("ConsentGiven", "item"): "KapDesk's own name of the line; its words stand",
    ("MilestoneReached", "text"): "stands in the course overview",
    ("MaintenancePlanned", "words"): "stands in the course overview",
    ("MergedInto", "reason"): "of two records of one person the patient's own tells",
    ("TookIn", "reason"): "of two records of one person the patient's own tells",
    ("VisitGone", "reason"): "the visit's own record says that it was moved, and why",
    ("VisitGone", "agreed_by"): "the visit's own record says that it was moved, and why",
    ("VisitCame", "reason"): "the visit's own record says that it was moved, and why",
    ("VisitCame", "agreed_by"): "the visit's own record says that it was moved, and why",
    ("RegistrationWithdrawn", "reason"): "whoever never came has no visit",
}
"""What of a patient's own record is not printed on the note of a visit, each with its reason."""


@pytest.mark.parametrize("kind", OF_THE_PATIENT, ids=lambda kind: kind.__name__)
def test_every_word_that_is_known_of_the_patient_is_on_the_paper(kind: type[Fact]) -> None:
    telltales = Telltales(UUID(int=9))
    fact = telltales.fact(kind)
    if isinstance(fact, OrderWritten):
        fact = msgspec.structs.replace(fact, valid_until="2026-12-31")
        telltales.words["valid_until"] = "2026-12-31"
    somebody = patients.fold(PATIENT, [happened(REGISTERED, 0), happened(fact, 10, counter=2)])
    if isinstance(fact, PatientRegistered):
        somebody = patients.fold(PATIENT, [happened(fact, 0)])
    told = [happened(each, at, counter=n) for n, (each, at) in enumerate((*BEGIN, (DOSE, 20)))]
    note = note_of(fold(told), somebody, CLINIC)
    read = "\n".join(every_word(msgspec.to_builtins(note))).lower()
    missing = {name for name, word in telltales.words.items() if word.lower() not in read}
    assert missing - {name for one, name in NOT_OF_A_VISIT if one == kind.__name__} == set()


def test_all_of_it_is_on_the_printed_pages_and_not_only_in_the_note() -> None:
    dose = happened(DOSE, 20, counter=50)
    telltales, words, said = Telltales(dose.id), {}, [dose]
    for n, kind in enumerate(KINDS):
        if kind in (VisitOpened, ProtocolChosen, Locked, Ended):
            continue
        said.append(happened(telltales.fact(kind), 21 + n * 0.5, counter=100 + n))
        words |= {(kind.__name__, name): word for name, word in telltales.words.items()}
        telltales.words.clear()
    told = [happened(fact, at, counter=n) for n, (fact, at) in enumerate(BEGIN)]
    note = note_of(fold([*told, *said]), SOMEBODY, CLINIC)
    read = unspaced(poppler(lay_out(note))).lower()
    missing = {where for where, word in words.items() if word.lower() not in read}
    assert missing - set(NOWHERE) == set()


ANYTHING = st.tuples(st.sampled_from(KINDS), st.integers(-600, 3000), st.sampled_from(["", "struck", "corrected"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(ANYTHING, max_size=40), st.booleans())
def test_whatever_was_recorded_and_in_whatever_order_there_is_a_paper(
    facts: list[tuple[type[Fact], int, str]], begun: bool
) -> None:
    told = [happened(fact, at, counter=n) for n, (fact, at) in enumerate(BEGIN)] if begun else []
    for n, (kind, at, amended) in enumerate(facts):
        target = told[(n * 7) % len(told)].id if told else UUID(int=n)
        one = happened(Telltales(target).fact(kind), at, counter=100 + 2 * n)
        told.append(one)
        if amended == "struck":
            told.append(happened(Struck(one.id, "wrong"), at + 1, counter=101 + 2 * n))
        elif amended:
            correction = Corrected(target=one.id, truth=one.fact, at_us=minute(at + 3), reason="wrong")
            told.append(happened(correction, at + 1, counter=101 + 2 * n))
    note = note_of(fold(told), SOMEBODY, CLINIC)
    assert lay_out(note).startswith(b"%PDF-")
