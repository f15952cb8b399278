"""The music and the imagery of the note, row by row, from what was heard. Pure."""

from uuid import UUID

from kapdesk.facts.home import MusicElsewhere
from kapdesk.facts.music import (
    LevelFound,
    MusicChecked,
    MusicRated,
    MusicTurned,
    OtherSound,
    OutputBack,
    OutputChosen,
    OutputLost,
    TrackRefused,
)
from kapdesk.facts.session import (
    ImageryStarted,
    MusicBroughtBack,
    MusicLost,
    MusicPlanned,
    MusicRestored,
    MusicSilenced,
    SessionFact,
    TrackSkipped,
    TrackStarted,
    TrackStopped,
    VolumeSet,
)
from kapdesk.note import wording
from kapdesk.note.paper import Imagery, Track
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session.heard import Guided, Heard, How, Piece, Quiet, heard
from kapdesk.session.state import Session

_ENDED: dict[How, str] = {
    "faded": "faded out",
    "ended": "played to its end",
    "lost": "broke off by a fault",
    "refused": "was not right and went out",
}
_OF_ITS_OWN = (
    MusicChecked, LevelFound, MusicTurned, OutputChosen, OtherSound, MusicRated, VolumeSet, TrackRefused,
    OutputLost, OutputBack, MusicElsewhere, TrackStarted, TrackStopped, MusicSilenced, MusicBroughtBack, MusicLost,
    MusicRestored,
)  # fmt: skip
"""What has a row of its own among the pieces, unless it begins or ends one that is there."""


def tracks(telling: Telling, now_us: int | None = None) -> tuple[Track, ...]:
    """The pieces heard, numbered; between them, without a number, silences, faults, turns, level and output."""
    found = heard(telling.session, now_us)
    rows = [(one.from_us, _piece(telling, number, one)) for number, one in enumerate(found.pieces, 1)]
    rows += [(one.from_us, _quiet(telling, one)) for one in (*found.silences, *found.faults)]
    for one in found.elsewhere:
        until = "" if one.goes_on else telling.clock(one.until_us)
        title = f"Played elsewhere: {one.began.fact.what}"
        rows.append((one.from_us, Track(title=title, until=until, ended="as said", **telling.row(one.began))))
    for each in telling.printed(TrackSkipped):
        ended = f"could not be played: {each.fact.reason}"
        rows.append((each.at_us, Track(title=each.fact.title, ended=ended, **telling.row(each))))
    told = _told(found)
    for each in telling.printed(*_OF_ITS_OWN):
        if each.struck or not (each.id in told or _said_by_another(each, found)):
            rows.append((each.at_us, Track(title=_said(each.fact), **telling.row(each))))
    return tuple(track for _, track in sorted(rows, key=lambda row: row[0]))


def _told(found: Heard) -> set[UUID]:
    """What begins or ends a piece, a silence or a fault that has its row."""
    ends = [one.stop for one in found.pieces if one.stop is not None]
    began = [one.began for one in found.pieces] + [one.began for one in (*found.silences, *found.faults)]
    began += [one.began for one in found.elsewhere]
    return {each.id for each in (*began, *ends)}


def _said_by_another(each: Happening, found: Heard) -> bool:
    """The end of a silence or a fault stands in its row, and so does a refusal in that of its piece."""
    match each.fact:
        case MusicBroughtBack():
            return any(one.until_us == each.at_us for one in found.silences)
        case MusicRestored(title=title):
            ended = any(one.until_us == each.at_us for one in found.faults)
            return ended and any(one.began.fact.title == title for one in found.pieces)
        case OutputBack(output=output):
            return any(one.until_us == each.at_us and output in one.reason for one in found.faults)
        case MusicElsewhere(what=""):
            return any(one.until_us == each.at_us for one in found.elsewhere)
        case MusicLost(reason=reason) | OutputLost(output=reason):
            return any(one.from_us <= each.at_us <= one.until_us and reason in one.reason for one in found.faults)
        case TrackRefused(title=title, file=file):
            refused = [one.began.fact for one in found.pieces if one.how == "refused"]
            return any((fact.title, fact.file) == (title, file) for fact in refused)
        case _:
            return False


def _said(fact: SessionFact) -> str:
    match fact:
        case VolumeSet():
            return f"Volume {fact.percent} %"
        case _:
            return wording.said(fact)


def _piece(telling: Telling, number: int, one: Piece) -> Track:
    stop = one.stop
    open_ = "still playing" if telling.session.live and one.gone_us == one.until_us else "no end on record"
    return Track(
        number=number,
        title=one.began.fact.title,
        phase=one.began.fact.phase,
        until=telling.clock(one.gone_us) if stop else "",
        heard=wording.played(stop.fact.heard_ms) if stop and stop.fact.heard_ms is not None else "",
        ended=_ENDED[one.how] if stop else open_,
        **telling.row(one.began),
    )


def _quiet(telling: Telling, one: Quiet) -> Track:
    """A silence: by choice, or by a fault with how long nothing was heard."""
    title = f"Nothing heard: {one.reason}" if one.reason else wording.said(one.began.fact)
    until = "" if one.goes_on else telling.clock(one.until_us)
    long_ms = (one.until_us - one.from_us) // 1000
    lasted = f"silent for {wording.lasted(long_ms)}" if one.until_us > one.from_us else ""
    row = telling.row(one.began) | {"clock": telling.clock(one.from_us), "minute": telling.minute(one.from_us)}
    return Track(title=title, until=until, ended=lasted, **row)


def imagery(telling: Telling, now_us: int | None = None) -> tuple[Imagery, ...]:
    """The guided pieces, each with how it came to its end and how long it was halted; struck ones too."""
    found = {one.began.id: one for one in heard(telling.session, now_us).imagery}
    made = []
    for each in telling.printed(ImageryStarted):
        one = found.get(each.id)
        made.append(
            Imagery(
                title=each.fact.title,
                until=telling.clock(one.until_us) if one is not None and one.stop is not None else "",
                voice="recorded voice" if each.fact.voice else "cues read aloud",
                ended=_over(one) if one is not None else "",
                **telling.row(each),
            )
        )
    return tuple(made)


def _over(one: Guided) -> str:
    halted = f"halted for {wording.lasted(one.halted_ms)}" if one.pauses else ""
    ended = ""
    if one.stop is not None:
        fact = one.stop.fact
        ended = "to its end" if fact.how == "ended" else f"left after {wording.played(fact.position_ms)}"
    return ", ".join(part for part in (ended, halted) if part)


def totals(session: Session, found: Heard) -> str:
    """What was planned and how much was heard in all: "Planned: First Light. Heard 1 h 32 min; silent by choice 4 min;
    silent by a fault 12 s."; or nothing."""
    planned = "; then ".join(dict.fromkeys(each.fact.playlist for each in session.history.standing(MusicPlanned)))
    parts = (
        ("heard", found.heard_ms),
        ("silent by choice", found.silent_ms),
        ("silent by a fault", found.lost_ms),
        ("played elsewhere", found.elsewhere_ms),
    )
    said = "; ".join(f"{name} {wording.lasted(ms)}" for name, ms in parts if ms)
    sentences = (f"Planned: {planned}." if planned else "", f"{said[:1].upper()}{said[1:]}." if said else "")
    return " ".join(sentence for sentence in sentences if sentence)
