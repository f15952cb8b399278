"""What the last page says of the record that the note was made from. Pure."""

from collections.abc import Sequence

from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.template import BEHIND, PARTS, laid_out
from kapdesk.clock import Moment
from kapdesk.facts.clinic import Head
from kapdesk.facts.fact import Unread
from kapdesk.facts.session import DoseGiven, NoteTaken, VitalsTaken
from kapdesk.note import paper, signed
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session.state import Session

Heads = tuple[Sequence[Head], Sequence[Head]]
"""The last line of each station's chain: of the session, and of the clinic's own record."""


def digest_of(telling: Telling, protocol: Protocol | None, heads: Heads, made_at: Moment | None) -> paper.Digest:
    """How many lines of which kind, the heads of their chains, the protocol, and what the paper leaves out."""
    session, clinic = telling.session, telling.clinic
    everything = list(session.history)
    counts = (
        ("line", "lines", len(everything)),
        ("observation", "observations", len(session.history.standing(NoteTaken))),
        ("reading", "readings", len(session.history.standing(VitalsTaken))),
        ("dose", "doses", len(session.history.standing(DoseGiven))),
        ("corrected", "corrected", sum(h.first is not None for h in everything)),
        ("struck", "struck", sum(h.struck and not h.undone for h in everything)),
    )
    undone = sum(h.undone for h in everything)
    return paper.Digest(
        counts=tuple(paper.Named(name=one if value == 1 else many, value=str(value)) for one, many, value in counts),
        heads=tuple(
            paper.Head(
                of=of,
                station=clinic.stations[head.station].name if head.station in clinic.stations else head.station,
                count=head.seq + 1,
                digest=head.hash,
            )
            for of, ends in zip(("Station", "Clinic’s record, station"), heads, strict=True)
            for head in ends
        ),
        undone=_count(undone, "line was", "lines were") + " undone within ten seconds, not printed." if undone else "",
        protocol=_protocol_words(session, protocol),
        left_out=tuple(_left_out(telling, everything)),
        made=f"{telling.stamp(made_at.utc_us)}, by KapDesk" if made_at else "",
        replaces=signed.replaces(telling),
    )


def _protocol_words(session: Session, protocol: Protocol | None) -> str:
    if session.protocol is None:
        return ""
    name = (
        f"{protocol.name}, version {protocol.version}" if protocol else "cannot be read; phases and limits are left out"
    )
    return f"{name}, SHA-256 {session.protocol.sha256}"


def _left_out(telling: Telling, everything: Sequence[Happening]) -> list[str]:
    words = []
    if not telling.zone_known:
        words.append(f"All times are in UTC: the time zone {telling.zone_name} is not known on this computer")
    unread = sum(isinstance(h.fact, Unread) and not h.undone for h in everything)
    if unread:
        words.append(
            _count(unread, "line", "lines")
            + " that cannot be read here (erased, closed to this reader, or of a newer KapDesk)"
        )
    for of, where in ((PARTS, "its first page"), (BEHIND, "the rest of it")):
        hidden = [each.heading for each in laid_out(telling.clinic.template, of) if not each.shown]
        if hidden:
            words.append(f"By the clinic’s layout of the note {where} leaves out: {', '.join(hidden)}")
    dangling = sum(h.dangling for h in everything)
    if dangling:
        words.append(_count(dangling, "correction", "corrections") + " of something this record does not hold")
    return words


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
