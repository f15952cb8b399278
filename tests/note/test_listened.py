"""The music on paper: pieces with their phase, faults with how long nothing was heard, level, output, totals."""

from kapdesk.facts.music import (
    ImageryPaused,
    ImageryResumed,
    LevelFound,
    MusicRated,
    MusicTurned,
    OutputLost,
    TrackRefused,
)
from kapdesk.facts.session import (
    Ended,
    ImageryStarted,
    ImageryStopped,
    MusicLost,
    MusicSilenced,
    TrackStarted,
    TrackStopped,
)
from kapdesk.note.layout import lay_out
from tests.note.reading import lines_of, poppler
from tests.note.test_content import DOSE, noted

TOLD = (
    (LevelFound(40, 50, "Headphones"), 4),
    (TrackStarted("Tide", "a.ogg", "settle", 0), 5),
    (MusicTurned("soften"), 8),
    (TrackRefused("Tide", "a.ogg"), 10),
    (TrackStarted("Field", "b.ogg", "onset", 0), 10.05),
    (TrackStopped("Tide", "a.ogg", 303_000, 303_000, "faded"), 10.1),
    (DOSE, 20),
    (OutputLost("Headphones"), 30),
    (TrackStopped("Field", "b.ogg", 1_197_000, 1_197_000, "lost"), 30.01),
    (TrackStarted("Field", "b.ogg", "peak", 1_197_000), 32),
    (ImageryStarted("The lake", True), 40),
    (ImageryPaused("The lake", 60_000), 41),
    (ImageryResumed("The lake", 60_000), 43),
    (ImageryStopped("The lake", 120_000, "ended"), 44),
    (TrackStopped("Field", "b.ogg", 2_400_000, 1_200_000, "ended"), 52),
    (Ended("completed"), 60),
    (MusicRated("partly", "the choir"), 61),
)


def test_the_note_tells_what_was_heard_why_it_ended_and_how_long_nothing_was() -> None:
    note = noted(*TOLD)
    assert [(t.number, t.title, t.phase, t.ended) for t in note.tracks] == [
        (0, "Sound check: 40 % is right on Headphones, no louder than 50 %", "", ""),
        (1, "Tide", "settle", "was not right and went out"),
        (0, "Music softer from here on", "", ""),
        (2, "Field", "onset", "broke off by a fault"),
        (0, "Nothing heard: Headphones: gone", "", "silent for 2 min"),
        (3, "Field", "peak", "played to its end"),
        (0, "The music carried in part; unwelcome: the choir", "", ""),
    ]
    assert note.music == "Heard 45 min; silent by a fault 2 min."
    assert [each.ended for each in note.imagery] == ["to its end, halted for 2 min"]
    elsewhere = [said for table in note.tables for said in lines_of(note, table.part)]
    assert not any("softer" in said or "carried" in said for said in elsewhere), "each stands once"


def test_the_paper_holds_all_of_it() -> None:
    read = " ".join(poppler(lay_out(noted(*TOLD))).split())
    for words in ("Heard 45 min; silent by a fault 2 min.", "was not right", "Headphones: gone", "halted for 2 min"):
        assert words in read


def test_a_fault_told_in_a_silence_by_choice_is_still_on_the_paper() -> None:
    note = noted((MusicSilenced(), 4), (MusicLost("no sound server"), 5), (Ended("completed"), 60))
    assert [(t.title, t.ended) for t in note.tracks] == [
        ("Music taken out softly", "silent for 56 min"),
        ("The music fell silent: no sound server", ""),
    ]
