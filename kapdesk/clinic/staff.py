"""What whoever runs the clinic decides: who has a password, who has left, the recovery code, and the clinic's rules."""

from concurrent.futures import Future

from kapdesk.access.accounts import NewPassword
from kapdesk.access.recovery import Code as RecoveryCode
from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import (
    Code,
    CodesSet,
    CodeWords,
    CodeWordsSet,
    LockAfterSet,
    NotePart,
    NoteTemplateSet,
    RecoveryRenewed,
    RetentionSet,
    StaffLeft,
)
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording

LOCK_AFTER_MIN = range(1, 61)
KEEP_YEARS = range(1, 101)


def open_account(clinic: OpenClinic, person: str, name: str, password: NewPassword, actor: Actor) -> "Future[None]":
    """Let someone of the staff sign in. Off the core's thread, for it takes a fifth of a second on purpose.

    Raises KnownError where the actor may not; fails with it where the keys cannot be written.
    """
    clinic.require(actor.entered_by, "add people")
    return clinic.later(lambda: clinic.ring.add_person(person, name, password))


def let_go(clinic: OpenClinic, person: str, actor: Actor) -> Recording:
    """Someone works here no more: their password opens nothing from now on, and the record gets another key when it
    is next opened. What they wrote for themselves stays theirs.

    Raises KnownError where the actor may not, for whoever opened the clinic, and where the keys cannot be written.
    """
    clinic.require(actor.entered_by, "add people")
    if clinic.ring.has_account(person):
        clinic.ring.remove_person(person)
    return clinic.recorder.record(StaffLeft(person), actor)


def renew_recovery(clinic: OpenClinic, actor: Actor) -> tuple[RecoveryCode, tuple[str, ...]]:
    """A new recovery code; and the private streams whose authors must sign in before it opens theirs too."""
    clinic.require(actor.entered_by, "settings")
    made = clinic.ring.new_recovery()
    clinic.recorder.record(RecoveryRenewed(), actor)
    return made


def lock_after(clinic: OpenClinic, minutes: int, actor: Actor) -> Recording:
    """Lock the screen after so many minutes without a touch. Raises KnownError where the actor may not."""
    clinic.require(actor.entered_by, "settings")
    if minutes not in LOCK_AFTER_MIN:
        raise KnownError(f"The screen locks after {LOCK_AFTER_MIN[0]} to {LOCK_AFTER_MIN[-1]} minutes. Choose again.")
    return clinic.recorder.record(LockAfterSet(minutes), actor)


def keep_for(clinic: OpenClinic, years: int, actor: Actor) -> Recording:
    """Keep records for so many years after the last visit. Raises KnownError where the actor may not."""
    clinic.require(actor.entered_by, "settings")
    if years not in KEEP_YEARS:
        raise KnownError(f"Records are kept for {KEEP_YEARS[0]} to {KEEP_YEARS[-1]} years. Choose again.")
    return clinic.recorder.record(RetentionSet(years), actor)


def set_codes(clinic: OpenClinic, codes: tuple[Code, ...], said: tuple[CodeWords, ...], actor: Actor) -> Recording:
    """The clinic's codes from now on, in the order of their keys, and what is `said` where those that last begin and
    end; what was recorded keeps the words it had.

    Raises KnownError where the actor may not, and for codes or words that cannot be; then nothing was recorded.
    """
    clinic.require(actor.entered_by, "settings")
    words = CodeWordsSet(said)
    if sentence := clinic.recorder.doubt(words, actor, clinic.clock.now().utc_us):
        raise KnownError(sentence)
    recording = clinic.recorder.record(CodesSet(codes), actor)
    return clinic.recorder.record(words, actor) if said != clinic.state.code_words else recording


def set_template(clinic: OpenClinic, parts: tuple[NotePart, ...], actor: Actor) -> Recording:
    """How the clinic's notes are laid out from now on; signed ones keep theirs.

    Raises KnownError where the actor may not, and for parts that cannot be.
    """
    clinic.require(actor.entered_by, "settings")
    return clinic.recorder.record(NoteTemplateSet(parts), actor)


def private_notes_of(clinic: OpenClinic, person: str) -> int:
    """About how many patients someone has written private notes: what only they and the recovery code open."""
    rows = clinic.log.select(
        "SELECT COUNT(DISTINCT stream_id) FROM entry WHERE stream_kind = 'private' AND stream_id LIKE ?",
        (f"{person}:%",),
    )
    return int(rows[0][0])


def leaving(clinic: OpenClinic, person: str) -> str:
    """What it means that someone leaves, in plain sentences, before it is done."""
    name = clinic.state.name_of(person)
    said = f"{name} signs in and records nothing from now on. What {name} recorded stays, under that name."
    if not clinic.ring.has_account(person):
        return said
    said += (
        " The record gets a new key at its next opening; backups from before still open with the old one. The clinic’s "
        "certificate stays; make a new one where a copy of the keys may have been kept."
    )
    notes = private_notes_of(clinic, person)
    if not notes:
        return said
    of = "one patient" if notes == 1 else f"{notes} patients"
    return (
        f"{said} The private notes on {of} stay sealed: only {name}, whose own password still opens those "
        "and nothing else, and the recovery code on paper can read them. Keep that code."
    )
