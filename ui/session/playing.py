"""The music of one session at this desk: what its strip shows, and what is done on it."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kapdesk.clinic.imagery import add_recording
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Struck
from kapdesk.facts.music import TrackRefused, Turn
from kapdesk.facts.patient import PieceAvoided
from kapdesk.music.imagery import Imagery
from kapdesk.session import at_home
from ui.session import outlet
from ui.session.imagery import ImagerySheet
from ui.session.music_strip import Heard, MusicStrip
from ui.session.turning import NOT_THIS
from ui.widgets.strip import Action, StripView

if TYPE_CHECKING:
    from ui.session.seat import Seat


SLIP = "Refused by a slip; it is right"


class Playing:
    """Turns what is done on the music strip into what is heard. One session at a time has the music."""

    def __init__(self, seat: "Seat") -> None:
        self._seat = seat
        self._music = seat.desk.music
        self._heeded: frozenset[str] = frozenset()  # programs of which someone has read that they can be heard

    def connect(self, strip: MusicStrip) -> None:
        """Follow the strip."""
        strip.turned.connect(self.turn)
        strip.taken.connect(self._take)
        strip.changed.connect(self._change)
        strip.refused.acted.connect(self._bring_back)
        strip.elsewhere_asked.connect(self._seat.answering.ask_elsewhere)
        strip.volume_set.connect(self._music.set_volume)
        strip.output_chosen.connect(self._use_output)
        strip.others_heeded.connect(self._heed)
        strip.imagery_started.connect(self._music.start_imagery)
        strip.imagery_halted.connect(self._music.halt_imagery)
        strip.recording_dropped.connect(self._add_recording)
        strip.imagery_stopped.connect(self._music.stop_imagery)

    def heard(self) -> Heard:
        """What is heard now, for this session."""
        seat, music, owner = self._seat, self._music, self._music.owner
        ours = owner is not None and owner.id == seat.room.id
        other = seat.desk.seats.get(owner.id) if owner is not None and not ours else None
        plan, seen = seat.room.session.music, seat.seen()
        elsewhere = at_home.elsewhere(seen.session)
        now = music.now()
        return Heard(
            now,
            music.volume,
            ours,
            other.room.patient.called if other else "",
            plan.playlist if plan else "",
            music.reading() if ours else None,
            seat.desk.imagery,
            elsewhere.began.fact.what if elsewhere else "",
            seen.wall(elsewhere.began.at_us) if elsewhere else "",
            seat.room.protocol is not None and seat.room.protocol.setting == "home",
            outlet.others(seen.session, now, self._heeded) if ours else (),
            outlet.back(seen.session, now, seen.now_us) if ours else "",
        )

    def turn(self) -> None:
        """Music out, or back in; it comes to this session if no other has it."""
        seat, music = self._seat, self._music
        seat.answering.music_touched = True
        if music.owner is None:
            music.own(seat.room)
        if music.owner is None or music.owner.id != seat.room.id:
            seat.page.say(f"The music plays for {self.heard().owner or 'another session'}; take it over below first.")
        elif music.now().silenced:
            music.bring_back()
        else:
            music.silence()
        seat.show()

    def _change(self, to: str) -> None:
        """Another turn of the music; a piece that was not right is not played to this patient again."""
        seat = self._seat
        if to != NOT_THIS:
            self._music.turn(cast("Turn", to))
        elif (track := self._music.refuse()) is not None:
            avoided = PieceAvoided(track.title, track.file, track.digest)
            seat.record_of_patient(avoided, seat.room.by, seat.page.say)
            said = f"“{track.title}” goes out and is not played to {seat.room.patient.called} again."
            actions = (Action("back", "Bring it back"), Action("", "Understood"))
            seat.page.music.refused.display(StripView(said, icon="music", actions=actions))
        seat.show()

    def _bring_back(self, id_: str) -> None:
        """A piece refused by a slip is right after all: struck here and in the patient's record, and heard again."""
        seat = self._seat
        seat.page.music.refused.display(None)
        refused = seat.room.expected.history.standing(TrackRefused)
        if not id_ or not refused:
            return
        last = refused[-1]
        avoided = [h for h in seat.room.patient.standing(PieceAvoided) if h.fact.file == last.fact.file]
        try:
            kept = seat.room.strike(last.id, SLIP).kept
        except KnownError as error:
            seat.page.say(str(error))
            return
        for each in avoided[-1:]:
            struck = seat.record_of_patient(Struck(each.id, SLIP), seat.room.by, seat.page.say)
            kept = struck.kept if struck is not None else kept
        seat.desk.when_kept(kept, lambda: self._music.play(last.fact.file))

    def _heed(self) -> None:
        """Someone has read what else sounds there: that is not said again in this session."""
        self._heeded |= frozenset(self._music.now().programs)
        self._seat.show()

    def _use_output(self, name: str) -> None:
        self._music.use_output(name)
        self._seat.show()

    def _take(self) -> None:
        self._seat.answering.music_touched = True
        self._music.own(self._seat.room)
        self._seat.desk.changed.emit()

    def _add_recording(self, piece: Imagery, recording: Path) -> None:
        """A copy of what was dropped is the piece's voice from now on."""
        seat, pieces = self._seat, self._seat.page.music.pieces
        clinic, library = seat.desk.clinic, self._music.library
        if library is None:
            return
        pieces.say(f"Hearing {recording.name} whole, and keeping a copy …")

        def work() -> None:
            try:
                said = add_recording(clinic.log.folder, piece, recording, library)
                said = f"“{piece.title}” has its own recorded voice now. {said}".strip()
            except KnownError as error:
                said = str(error)
            clinic.post(lambda: self._added(said, pieces))

        threading.Thread(target=work, name="recording", daemon=True).start()  # what is read for the screen goes on

    def _added(self, said: str, pieces: ImagerySheet) -> None:
        self._seat.desk.read_imagery()
        self._seat.show()
        pieces.say(said)
