"""The protocols at hand: shipped as examples, the clinic's own, which of them a prescriber has approved, and their
versions."""

import os
from concurrent.futures import Future
from pathlib import Path

import msgspec

from kapdesk import paths
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinical import protocol
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.writing import new_id, with_version, write
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import ProtocolApproved, ProtocolWritten
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording

FOLDER = "protocols"


class AtHand(msgspec.Struct, frozen=True):
    """A protocol file: what is in it, or what hinders it; and who approved it word for word, "" for nobody."""

    path: Path
    plan: Protocol | None = None
    toml: str = ""
    trouble: str = ""
    approved_by: str = ""
    approved_us: int = 0


def files(folder: Path) -> list[Path]:
    """The clinic's own protocols first, then the shipped ones."""
    return [
        *sorted((folder / FOLDER).glob("*.toml")),
        *sorted(paths.shipped("resources", "protocols").glob("*.toml")),
    ]


def at_hand(clinic: OpenClinic) -> list[AtHand]:
    """Every protocol, read from its file; the example for a session at home last, so that none is begun
    by a slip."""
    approvals = {h.fact.sha256: h for h in clinic.state.history.standing(ProtocolApproved)}
    found = []
    for path in files(clinic.log.folder):
        try:
            plan, toml = protocol.read(path)
        except KnownError as error:
            found.append(AtHand(path, trouble=str(error)))
            continue
        approval = approvals.get(protocol.sha256(toml))
        by = clinic.state.name_of(approval.by) if approval else ""
        found.append(AtHand(path, plan, toml, approved_by=by, approved_us=approval.at_us if approval else 0))
    return sorted(found, key=lambda each: _at_home(each) and not is_own(clinic, each.path))


def _at_home(each: AtHand) -> bool:
    return each.plan is not None and each.plan.setting == "home"


def approve(clinic: OpenClinic, toml: str, actor: Actor) -> Recording:
    """A prescriber approves a protocol, word for word, for use with patients. Raises KnownError where they may not."""
    clinic.require(actor.entered_by, "approve protocol")
    clinic.require(actor.by, "approve protocol")
    plan = protocol.parse(toml)
    if fault := next(protocol.faults(plan), None):
        raise KnownError(f"Not approved: {protocol.sentence(fault, toml, plan.name)}")
    return clinic.recorder.record(ProtocolApproved(plan.name, plan.version, protocol.sha256(toml), toml), actor)


def is_own(clinic: OpenClinic, path: Path) -> bool:
    """Whether a protocol is the clinic's own; the others are shipped as examples."""
    return path.parent == clinic.log.folder / FOLDER


class Version(msgspec.Struct, frozen=True):
    """A text that a protocol of the clinic had: who wrote it and when (UTC µs), and who approved it ("" for nobody)."""

    name: str
    version: str
    toml: str
    written_by: str = ""
    written_us: int = 0
    approved_by: str = ""
    approved_us: int = 0


def versions(clinic: OpenClinic, each: AtHand) -> list[Version]:
    """What was written or approved of a protocol before, newest first; its text of now is not among them."""
    texts: dict[str, Version] = {}
    name = each.plan.name if each.plan else ""
    own: set[str] = {name}
    for h in clinic.state.history.standing(ProtocolWritten):
        if h.fact.file == each.path.name:
            own.add(h.fact.name)
            said = Version(h.fact.name, h.fact.version, h.fact.toml, clinic.state.name_of(h.by), h.at_us)
            texts[h.fact.sha256] = said
    for approval in clinic.state.history.standing(ProtocolApproved):
        fact = approval.fact
        if fact.sha256 in texts or fact.name in own:
            known = texts.get(fact.sha256, Version(fact.name, fact.version, fact.toml))
            by = clinic.state.name_of(approval.by)
            texts[fact.sha256] = msgspec.structs.replace(known, approved_by=by, approved_us=approval.at_us)
    found = [version for version in texts.values() if version.toml != each.toml]
    found.reverse()  # of two of the same instant, the one that was said later stands first
    return sorted(found, key=lambda version: max(version.written_us, version.approved_us), reverse=True)


def require_editing(clinic: OpenClinic, person: str) -> None:
    """Raises KnownError where someone may neither approve protocols nor run the clinic."""
    try:
        clinic.require(person, "approve protocol")
    except KnownError:
        clinic.require(person, "settings")


class Written(msgspec.Struct, frozen=True):
    """A protocol as it is to be written: where, what it plans, its text, and the text it takes the place of."""

    path: Path
    plan: Protocol
    toml: str
    before: str = ""


def to_write(clinic: OpenClinic, start: AtHand, plan: Protocol, actor: Actor) -> Written:
    """What a changed protocol is to be written as: the clinic's own file, or one of its own beside a shipped example;
    its version raised where that was not done.

    Raises KnownError where the actor may not, for a fault, and where nothing changed.
    """
    require_editing(clinic, actor.entered_by)
    if start.plan is None:
        raise KnownError(start.trouble)
    if plan == start.plan:
        raise KnownError("Nothing was changed, so nothing was written. Change a field, or go back.")
    plan = with_version(plan, start.plan)
    toml = write(plan, start.toml)
    own = is_own(clinic, start.path)
    path = start.path if own else clinic.log.folder / FOLDER / _free(clinic.log.folder / FOLDER, start.path.stem)
    if fault := next(protocol.faults(plan), None):
        raise KnownError(protocol.sentence(fault, toml, path.name))
    if protocol.parse(toml, path.name) != plan:
        raise KnownError(f"{path.name} could not be written as it stands here. It is as it was.")
    return Written(path, plan, toml, start.toml if own else "")


def put(clinic: OpenClinic, made: Written) -> "Future[None]":
    """Write it, off the core's thread: all of it or nothing. Fails with KnownError where the file was changed by
    someone else meanwhile, or cannot be written."""
    return clinic.later(lambda: _put(made))


def tell_written(clinic: OpenClinic, made: Written, actor: Actor) -> Recording:
    """It goes on record, word for word, once it is written."""
    plan = made.plan
    fact = ProtocolWritten(made.path.name, plan.name, plan.version, protocol.sha256(made.toml), made.toml)
    return clinic.recorder.record(fact, actor)


def _free(folder: Path, stem: str) -> str:
    return f"{new_id(stem, (path.stem for path in folder.glob('*.toml')))}.toml"


def _put(made: Written) -> None:
    path, new = made.path, made.path.with_name(f"{made.path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        now = path.read_text(encoding="utf-8") if path.exists() else ""
        if now != made.before:
            raise KnownError(
                f"{path.name} was changed by someone else meanwhile. It is as they left it, and what you typed is "
                "still here. Go back, open it again and make your changes in it."
            )
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.write(made.toml)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise KnownError(f"{path} could not be saved ({error.strerror}). It is as it was; try again.") from error
