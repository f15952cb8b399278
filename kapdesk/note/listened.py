"""The music and the imagery of the note, row by row, from what was heard. Pure."""

from kapdesk.clinical import sound
from kapdesk.facts.music import LevelFound, MusicRated, MusicTurned, OtherSound, OutputChosen
from kapdesk.facts.session import ImageryStarted, MusicLost, MusicSilenced, TrackSkipped, TrackStarted, VolumeSet
from kapdesk.note import wording
from kapdesk.note.paper import Imagery, Track
from kapdesk.note.telling import Telling
from kapdesk.session.heard import Guided, Heard, How, Piece, Quiet, heard

_ENDED: dict[How, str] = {
    "faded": "faded out",
    "ended": "played to its end",
    "lost": "broke off by a fault",
    "refused": "was not right and went out",
}
IN_MUSIC = (LevelFound, MusicTurned, OutputChosen, OtherSound, MusicRated)
"""Of the facts of the music those that have a row of their own among the pieces."""


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
    told = {one.began.id for one in (*found.silences, *found.faults)}
    for each in telling.printed(TrackStarted, MusicSilenced, MusicLost):
        if each.struck or (each.id not in told and not isinstance(each.fact, TrackStarted)):
            rows.append((each.at_us, Track(title=wording.said(each.fact), **telling.row(each))))
    for each in telling.printed(*IN_MUSIC):
        rows.append((each.at_us, Track(title=sound.said(each.fact), **telling.row(each))))
    for each in telling.printed(VolumeSet):
        rows.append((each.at_us, Track(title=f"Volume {each.fact.percent} %", **telling.row(each))))
    return tuple(track for _, track in sorted(rows, key=lambda row: row[0]))


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


def totals(found: Heard) -> str:
    """How much was heard in all: "Heard 1 h 32 min; silent by choice 4 min; silent by a fault 12 s."; or nothing."""
    parts = (
        ("heard", found.heard_ms),
        ("silent by choice", found.silent_ms),
        ("silent by a fault", found.lost_ms),
        ("played elsewhere", found.elsewhere_ms),
    )
    said = "; ".join(f"{name} {wording.lasted(ms)}" for name, ms in parts if ms)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
