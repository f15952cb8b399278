"""What lasts, on a session's page: begun and ended by one press each, and said while it is on."""

from typing import TYPE_CHECKING

from kapdesk.clinical.codes import GENERAL, MODALITIES, WAYS
from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import NoteTaken
from kapdesk.session import lasting
from kapdesk.session.lasting import PSYCHOTHERAPY, Lasting
from ui import words
from ui.session.saying import Said
from ui.session.seen import Seen

if TYPE_CHECKING:
    from ui.session.seat import Seat

ACCIDENT_US = 400_000
"""A second press of the same so soon is a slip of the hand, not an end."""


class Lasts:
    """Begins and ends what lasts in one seat's session.

    The next press of a code that lasts ends it. A press of the same code less than 400 ms (of desk time) after the last
    is a slip of the hand and does nothing, so that a key struck twice does not begin and end at once.
    """

    def __init__(self, seat: "Seat") -> None:
        self._seat = seat
        self._pressed: dict[str, int] = {}

    def facts(self, text: str, code: str, patients_words: bool) -> tuple[Fact, ...]:
        """What a note or a press of a code comes to: none for a slip of the hand.

        A code that lasts begins, with the words typed beside it if there are any; pressed alone while it is on it
        ends. Words typed while it is on are a note with that code, and so is what the patient said.
        """
        note = NoteTaken(text, code, patients_words)
        seat = self._seat
        if patients_words or not any(each.word == code and each.lasts for each in seat.desk.clinic.state.codes):
            return self._still(note, text)
        if not text and self._slipped(code):
            return ()
        now = lasting.state_on(seat.room.expected, code)
        if now is None:
            return (StateBegan(code, text or WAYS.get(code, "")),)
        return (note,) if text else tuple(StateOver(id_) for id_ in lasting.unended(seat.room.expected, now))

    def turn_work(self) -> None:
        """Psychotherapy ends; or it begins, and which modality it is, is asked in place."""
        seat = self._seat
        running = lasting.on(lasting.psychotherapy(seat.room.expected))
        if self._slipped(PSYCHOTHERAPY):
            return
        if running:
            for one in running:
                for id_ in lasting.unended(seat.room.expected, one):
                    seat.record(PsychotherapyOver(id_), seat.page.say)
            return
        began_us = seat.room.now_us()

        def begin(modality: str) -> bool:
            return seat.record(PsychotherapyBegan(modality), seat.page.reason.refuse, at_us=began_us) is not None

        seat.page.reason.open("Psychotherapy begins: which modality", begin, {each: each for each in MODALITIES})

    def _still(self, note: NoteTaken, text: str) -> tuple[Fact, ...]:
        """A code that lasted once and happens now is still ended by a press, where it is on."""
        now = lasting.state_on(self._seat.room.expected, note.code) if note.code and not text else None
        if now is None:
            return (note,)
        if self._slipped(note.code):
            return ()
        return tuple(StateOver(id_) for id_ in lasting.unended(self._seat.room.expected, now))

    def _slipped(self, what: str) -> bool:
        now_us = self._seat.room.now_us()
        before_us = self._pressed.get(what)
        self._pressed[what] = now_us
        return before_us is not None and now_us - before_us < ACCIDENT_US


def states_on(seen: Seen) -> frozenset[str]:
    """The codes that are on."""
    return frozenset(each.what for each in _on(seen, lasting.states(seen.session)))


def work_on(seen: Seen) -> tuple[Lasting, ...]:
    """The psychotherapy that goes on."""
    return _on(seen, lasting.psychotherapy(seen.session))


def on_words(seen: Seen) -> str:
    """What is on and since when: "Eyes closed 12 min · Psychotherapy, parts work 20 min"."""
    found = (*_on(seen, lasting.states(seen.session)), *work_on(seen))
    return words.join(*(f"{_short(each.said)} {words.lasting((seen.now_us - each.from_us) // 1000)}" for each in found))


def touch_words(seen: Seen) -> str:
    """Which touch is agreed from here on: "Touch: hand, shoulder"; nothing where nobody asked, or it is over."""
    agreed = seen.session.touch() if seen.session.live else None
    return "" if agreed is None else f"Touch: {_short(agreed) or 'none'}"


def begun(fact: object, entered_us: int, seen: Seen) -> Said | None:
    """The beginning of a state as a line, in the clinic's words of then; None for anything else."""
    if not isinstance(fact, StateBegan):
        return None
    begins = seen.clinic.lasting_words_at(fact.code, entered_us).begins or GENERAL[0]
    return Said(fact.code, f"{fact.words}, {begins}" if fact.words else begins)


def over(fact: object, at_us: int, seen: Seen) -> Said | None:
    """The end of something as a line, named after what it ends; None for anything else."""
    session = seen.session
    if not isinstance(fact, StateOver | PsychotherapyOver):
        return None
    id_ = fact.state if isinstance(fact, StateOver) else fact.began
    began = session.history.get(id_)
    if began is None or not isinstance(began.fact, StateBegan | PsychotherapyBegan):
        return None
    ends = GENERAL[1]
    if isinstance(began.fact, StateBegan):
        ends = seen.clinic.lasting_words_at(began.fact.code, began.entered_at_us).ends or ends
    after = f"{ends}, after {words.lasting((at_us - began.at_us) // 1000)}"
    if isinstance(began.fact, StateBegan):
        return Said(began.fact.code, f"{began.fact.words}: {after}" if began.fact.words else after)
    return Said(PSYCHOTHERAPY, f"{began.fact.modality}: {after}", "people", "indigo")


def _on(seen: Seen, found: tuple[Lasting, ...]) -> tuple[Lasting, ...]:
    return lasting.on(found) if seen.session.live else ()


def _short(said: str) -> str:
    return said if len(said) <= 40 else f"{said[:39]}…"
