"""The music panel of the arrival page, at work: wishes, the sound check, and music composed for what is short."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from PySide6.QtCore import QObject, QProcess

from kapdesk.clinic.music import FOLDER, roots
from kapdesk.clinical import sound
from kapdesk.facts.fact import Struck
from kapdesk.facts.music import LevelFound, MusicRated
from kapdesk.facts.patient import MusicWishes, PieceAvoided
from kapdesk.facts.session import MusicPlanned, PlannedTrack
from kapdesk.facts.words import Phase
from kapdesk.music import arc
from kapdesk.music.playlist import KINDS, PLAIN
from kapdesk.music.program import Program
from ui.prepare.music import MusicPanel, MusicView, PhaseLine
from ui.session import outlet

if TYPE_CHECKING:
    from ui.session.seat import Seat

MARGIN = 10 ** (3 / 60)
"""The session's ceiling lies 3 dB above the level that was found right, on the cubic scale of the volume."""

MIN_MS = 60_000
LONGEST_MIN = 60
MOST_SAID = 4
INTENSITY: dict[Phase, int] = {"settle": 1, "onset": 2, "ascent": 3, "peak": 4, "return": 2, "recovery": 1}
"""Of a composed piece, by the phase it was made for."""


class Sounding(QObject):
    """Follows a `MusicPanel` for one seat."""

    def __init__(self, seat: "Seat", panel: MusicPanel) -> None:
        super().__init__(seat)
        self._seat, self._panel, self._music = seat, panel, seat.desk.music
        self._before: LevelFound | None = None
        self._rated: MusicRated | None = None
        self._begun = False  # the level that was right last time has been set, or was not wanted
        self._child: QProcess | None = None
        self._making: PlannedTrack | None = None
        self._said = ""
        self._looked_at: MusicPlanned | None = None
        self._amiss: tuple[PhaseLine, ...] = ()
        panel.wished.connect(self._wish)
        panel.allowed.connect(self._allow)
        panel.composed.connect(self._compose)
        panel.stopped.connect(self.stop)
        panel.played.connect(self._play)
        panel.turned_to.connect(self._music.set_volume)
        panel.found.connect(self._found)
        panel.output_chosen.connect(self._use_output)

    def remember(self, before: LevelFound | None) -> None:
        """What was right for this patient last time: the music begins there, unless this session has its own."""
        self._before, self._begun = before, False
        self.begin()
        self.show()

    def recall(self, rated: MusicRated | None) -> None:
        """How the music was for this patient last time."""
        self._rated = rated
        self.show()

    def begin(self) -> None:
        """Once the music is this session's, and before it is heard: at the level that was right last time."""
        session, before = self._seat.room.expected, self._before
        if self._begun or before is None or not self._ours() or not self._music.now().silenced:
            return
        self._begun = True
        if session.volume_percent is None and not session.history.standing(LevelFound):
            self._music.set_volume(before.percent)

    def show(self) -> None:
        """Draw the panel."""
        seat = self._seat
        session, patient = seat.room.expected, seat.room.patient
        planned = session.music
        tracks = planned.tracks if planned is not None else ()
        avoided = arc.avoid(session, patient)
        now, ours = self._music.now(), self._ours()
        owner = self._music.owner
        elsewhere = owner is not None and not ours
        levels = [h.fact for h in session.history.standing(LevelFound)]
        told = (tag for track in tracks for tag in track.tags if tag not in {arc.CIRCLE, PLAIN})
        tags = dict.fromkeys((*KINDS, *told))
        protocol = seat.room.protocol
        phases = [(each.phase, each.minutes * MIN_MS) for each in protocol.phases] if protocol is not None else []
        lines = tuple(line for each in arc.fill(tracks, phases, avoided) if (line := _line(each)) is not None)
        lines = (*self._hindered(planned), *_unsaid(tracks, avoided), *lines)
        last = self._before
        self._panel.display(
            MusicView(
                planned.playlist if planned is not None else "",
                lines if planned is not None else (),
                tuple(tags),
                avoided.tags,
                tuple((h.id, h.fact.title) for h in patient.standing(PieceAvoided)),
                f"{levels[-1].percent} % is right, no louder than {levels[-1].ceiling_percent} %." if levels else "",
                f"Last time {last.percent} % was right{f' on {last.output}' if last.output else ''}." if last else "",
                now.available and not elsewhere,
                now.message if not now.available else "The music plays for another session." if elsewhere else "",
                self._music.volume,
                now.ceiling if ours else 100,
                ours and not now.silenced,
                self._said,
                session.first_dose_us is None,
                outlet.before(now),
                sound.last_time(self._rated) if self._rated is not None else "",
            )
        )

    def _hindered(self, planned: MusicPlanned | None) -> tuple[PhaseLine, ...]:
        """Which pieces of the plan cannot be played, and how many nobody has checked; looked at once for each plan."""
        library = self._music.library
        if planned is None or library is None or planned == self._looked_at:
            return self._amiss if planned is not None else ()
        program = Program(planned, roots(self._seat.desk.clinic.log.folder), library)
        found = [(track, program.ready(track)) for track in planned.tracks]
        lines = [
            PhaseLine(track.phases[0], f"“{track.title}”: {ready.why_not}") for track, ready in found if ready.why_not
        ]
        unchecked = sum(
            not ready.digest and not ready.why_not and arc.CIRCLE not in track.tags for track, ready in found
        )
        if unchecked:
            count = "One piece was" if unchecked == 1 else f"{unchecked} pieces were"
            words = f"{count} not checked yet and will play softly. Check the music from the first page."
            lines.append(PhaseLine(planned.tracks[0].phases[0], words))
        more = len(lines) - MOST_SAID
        shown = lines[:MOST_SAID] + ([PhaseLine("settle", f"And {more} pieces more.")] if more > 0 else [])
        self._looked_at, self._amiss = planned, tuple(shown)
        return self._amiss

    def _ours(self) -> bool:
        owner = self._music.owner
        return owner is not None and owner.id == self._seat.room.id

    def _wish(self, kinds: tuple[str, ...]) -> None:
        self._seat.record_of_patient(MusicWishes(kinds), self._seat.room.by, self._panel.refuse)

    def _allow(self, id_: UUID) -> None:
        self._seat.record_of_patient(Struck(id_, "May be played again"), self._seat.room.by, self._panel.refuse)

    def _play(self) -> None:
        """Softly in, or out again. What plays is the session's own first music."""
        if self._music.owner is None:
            self._music.own(self._seat.room)
            self.begin()
        if not self._ours():
            return
        if self._music.now().silenced:
            self._music.bring_back()
        else:
            self._music.silence()
        self._seat.answering.music_touched = True
        self.show()

    def _use_output(self, name: str) -> None:
        self._music.use_output(name)
        self.show()

    def _found(self) -> None:
        percent = self._music.volume
        ceiling = min(100, max(percent, round(percent * MARGIN)))
        self._seat.record(LevelFound(percent, ceiling, self._music.now().sink), self._panel.refuse)

    # Composing

    def _compose(self, phase: Phase, minutes: int) -> None:
        """A piece for what is short, in a process of its own; it joins the plan when it is there."""
        if self._child is not None:
            return
        folder = self._seat.desk.clinic.log.folder / FOLDER / "composed"
        seed = self._seat.room.now_us() % 1_000_000
        out = folder / f"{phase}-{minutes}-{seed}.ogg"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._panel.refuse(
                f"There is no place for composed music ({error.strerror or error}). The plan is as it was."
            )
            return
        title = f"Composed for {phase}, {minutes} min"
        file = str(Path("composed") / out.name)
        self._making = PlannedTrack(title, file, (phase,), "", minutes * MIN_MS, INTENSITY[phase], (arc.CIRCLE,))
        child = self._child = QProcess(self)
        child.readyReadStandardOutput.connect(self._hear)
        child.finished.connect(self._made)
        child.errorOccurred.connect(lambda _: self._made(1))
        child.setProgram(sys.executable)
        child.setArguments(["-m", "kapdesk.music.compose.child", phase, str(minutes), str(seed), str(out)])
        self._say(f"Composing {minutes} min for {phase} …")
        child.start()

    def _hear(self) -> None:
        child, making = self._child, self._making
        if child is None or making is None:
            return
        last = bytes(child.readAllStandardOutput().data()).decode("utf-8", "replace").strip().rpartition("\n")[2]
        try:
            share = float(last)
        except ValueError:
            self._panel.refuse(last)
        else:
            self._say(f"Composing for {making.phases[0]}: {share:.0%}")

    def _made(self, status: int) -> None:
        child, making = self._child, self._making
        self._child = self._making = None
        self._say("")
        if child is not None:
            child.deleteLater()
        planned = self._seat.room.expected.music
        if status == 0 and making is not None and planned is not None:
            more = msgspec.structs.replace(planned, tracks=(*planned.tracks, making))
            self._seat.record(more, self._panel.refuse)

    def stop(self) -> None:
        """No composing goes on; what was begun is gone."""
        child, self._child, self._making = self._child, None, None
        if child is not None:
            child.blockSignals(True)
            child.kill()
            child.waitForFinished(1_000)
        self._say("")

    def _say(self, words: str) -> None:
        if words != self._said:
            self._said = words
            self.show()


def _unsaid(tracks: arc.Tracks, avoided: arc.Avoid) -> tuple[PhaseLine, ...]:
    """Of how many pieces nobody said what kind they are, where that hinders a wish."""
    count = sum(not track.tags for track in tracks)
    if not count or not avoided.tags:
        return ()
    which, them = ("one piece of this plan is", "it") if count == 1 else (f"{count} pieces of this plan are", "them")
    words = f"Nobody said what kind {which}, so no wish leaves {them} out; “Not this” does. Kinds are said under Music."
    return (PhaseLine(tracks[0].phases[0], words),)


def _line(filled: arc.Filled) -> PhaseLine | None:
    """What is amiss with the music of a phase; None where nothing is."""
    minutes = -(-filled.short_ms // MIN_MS)
    phase = filled.phase.capitalize()
    compose = min(LONGEST_MIN, minutes)
    if filled.emptied:
        return PhaseLine(filled.phase, f"{phase}: every piece planned for it is avoided for this patient.", compose)
    if filled.short_ms > MIN_MS:
        held = (filled.held_ms or 0) // MIN_MS
        planned = filled.planned_ms // MIN_MS
        return PhaseLine(filled.phase, f"{phase}: {held} of {planned} min; then a piece would be heard again.", compose)
    return None
