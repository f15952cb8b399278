"""What may be recorded of the music."""

import msgspec
import pytest

from kapdesk.clinic.sound import doubt, piece_doubt
from kapdesk.facts.fact import Fact
from kapdesk.facts.music import LevelFound, MusicChecked, MusicRated, OtherSound, OutputChosen, OutputLost
from kapdesk.facts.session import PlannedTrack
from kapdesk.session.state import Session

ENDED = msgspec.structs.replace(Session(), ended_us=1)


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (LevelFound(70, 60), "lies between 0 and the session's ceiling"),
        (LevelFound(70, 101), "lies between 0 and the session's ceiling"),
        (MusicChecked("Sample", 3, 4), "More pieces are ready than the playlist has"),
        (OutputChosen(" "), "not known where"),
        (OutputLost(""), "not known where"),
        (OtherSound(""), "not known which program"),
    ],
)
def test_what_cannot_be_so_of_the_music_is_said_in_a_sentence(fact: Fact, sentence: str) -> None:
    assert sentence in (doubt(Session(), fact) or "")


def test_the_music_is_asked_about_after_the_session_and_on_its_scale() -> None:
    assert "after the session" in (doubt(Session(), MusicRated("carried")) or "")
    assert doubt(ENDED, MusicRated("carried", "", 0, 10, None)) is None
    assert "from 0 to 10" in (doubt(ENDED, MusicRated("partly", "", 11)) or "")
    assert "too long" in (doubt(ENDED, MusicRated("did-not", "u" * 501)) or "")


def test_a_piece_is_as_intense_as_the_scale_goes() -> None:
    assert piece_doubt(PlannedTrack("One", "a.flac", ("peak",), intensity=5)) is None
    assert "One goes from 1 to 5" in (piece_doubt(PlannedTrack("One", "a.flac", ("peak",), intensity=6)) or "")
