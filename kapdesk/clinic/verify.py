"""Whether a note is what was signed, and what its own record gives: with nothing but the file and a certificate.

Each finding is a sentence. What was altered is named; what could not be compared is said with its reason.
"""

import difflib
import hashlib
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from kapdesk.clinic.attached import program
from kapdesk.clinic.close import FHIR, attachments
from kapdesk.errors import KnownError
from kapdesk.note import attached, outlines
from kapdesk.note.attached import Record, Told
from kapdesk.note.press import press
from kapdesk.note.sealed import NoPaper, Opened, Signature, look_into, signatures
from kapdesk.note.signed import marks_of
from kapdesk.note.telling import Telling
from kapdesk.session import papers

How = Literal["holds", "altered", "not compared"]

MOST_SHOWN = 3
"""Differences of one page that are told one by one."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at, in a sentence."""

    how: How
    said: str


class Verdict(msgspec.Struct, frozen=True):
    """All that was found, in the order it was looked at; SHA-256 of the file."""

    sha256: str
    findings: tuple[Finding, ...]
    sealed: bool = False
    """A signature holds."""

    @property
    def whole(self) -> bool:
        """Whether nothing was found altered."""
        return all(each.how != "altered" for each in self.findings)

    @property
    def signed(self) -> bool:
        """Whether a signature holds and nothing else was found altered either."""
        return self.whole and self.sealed

    @property
    def in_short(self) -> str:
        """All of it in one sentence: no more is said than was compared."""
        if not self.whole:
            return "IT WAS ALTERED."
        if not self.sealed:
            return "Nothing was found altered, but it is not signed: whoever made the file may have made up all of it."
        if all(each.how == "holds" for each in self.findings):
            return "Nothing was altered."
        return "Nothing was found altered; not everything could be compared."


def verify(pdf: bytes, certificates: Sequence[bytes] = ()) -> Verdict:
    """What is found in a note; `certificates` (PEM) are the clinic's, got in another way than with the file.

    Raises NoPaper for what is no note of KapDesk, KnownError for a certificate that is none.
    """
    opened = look_into(pdf)
    if attached.NAME not in opened.attached:
        raise NoPaper("it carries no record")
    own = {_der(each) for each in certificates}
    try:
        record: Record | None = attached.parse(opened.attached[attached.NAME])
    except ValueError:
        record = None
    told = attached.told(record) if record is not None else None
    found, sealed = list[Finding](), False
    try:
        revisions, made = signatures(pdf)
    except NoPaper as error:
        made = []
        found.append(Finding("altered", f"Of the signatures nothing can be said: {str(error).removeprefix('it is ')}."))
    else:
        found += _signed(revisions, made, told, own)
        sealed = any(each.how == "holds" for each in found)
        if record is not None and told is not None:
            found += _as_told(made, told, record.made.program == program())
    found += _recorded(record)
    if record is not None and told is not None:
        found += _made_again(pdf, opened, record, told, bool(made), sealed)
    return Verdict(hashlib.sha256(pdf).hexdigest(), tuple(found), sealed)


def _signed(revisions: int, made: Sequence[Signature], told: Told | None, own: set[bytes]) -> Iterator[Finding]:
    if not made:
        yield Finding(
            "not compared", "It is not signed: nothing in it shows that it is the clinic’s, or that its end is there."
        )
        if revisions > 1:
            more = revisions - 1
            times = "" if more == 1 else f", {more} times"
            yield Finding("altered", f"Something was added to the file after it was made{times}.")
    named = {_der(seal.pem.encode()) for seal in told.clinic.seals} if told is not None else set()
    for each in made:
        yield _signature(each, own or named, not own)
        if not each.in_time:
            yield Finding("not compared", "That certificate did not hold at the time the signature says of itself.")
    if made and not own:
        yield Finding("not compared", "Whether that certificate is the clinic’s: only the clinic’s own can tell.")
    if made and revisions != len(made) + 1:
        yield Finding("altered", "The file holds another number of revisions than its signatures account for.")


def _as_told(made: Sequence[Signature], told: Told, same_program: bool) -> Iterator[Finding]:
    """Whether those signed of whom the record tells, each in their own field; and which version of the note it is.

    What somebody says by it is put into words by the program, and so compared with those of the `same_program` only.
    Whoever countersigned a paper that was there already is not told of in what it carries.
    """
    if not told.session.signed:
        if made:
            yield Finding("altered", "It bears a signature, and by its record nobody has signed the visit.")
        return
    marks = [mark for mark in marks_of(Telling(told.session, told.clinic)) if mark is not None]
    for each, mark in zip(made, marks, strict=False):
        said_so = each.reason == mark.meaning or not same_program
        if (each.field, each.name, said_so) != (mark.field, mark.name, True):
            there = f"{each.name} in {each.field}: “{each.reason}”"
            recorded = f"{mark.name} in {mark.field}: “{mark.meaning}”"
            yield Finding("altered", f"It is signed by {there} By its record it is signed by {recorded}")
    if len({each.name for each in made}) < len(made):
        yield Finding("not compared", "Whether two people signed it: both signatures bear the same name.")
    for mark in marks[len(made) :]:
        yield Finding("not compared", f"By its record {mark.name} signed it, and that signature is not in this file.")
    if made:
        number, count = len(papers.versions(told.session)), "one" if len(made) == 1 else "two"
        newer = "whether the clinic keeps a newer paper of this visit, only its own record tells."
        yield Finding("holds", f"It is version {number} of the note, signed by {count}; {newer}")


def _signature(each: Signature, certificates: set[bytes], by_record: bool) -> Finding:
    when = f", {each.at.astimezone().isoformat(' ', 'minutes')}" if each.at is not None else ""
    said = f"{each.name or each.field}{when}: “{each.reason}”"
    if each.flaw:
        return Finding("altered", f"The signature of {said} does not hold: {each.flaw}.")
    if each.certificate not in certificates:
        whose = "the one its record names" if by_record else "the clinic’s"
        return Finding("altered", f"The signature of {said} was made under another certificate than {whose}.")
    how = "the certificate its record names" if by_record else "the clinic’s certificate"
    return Finding("holds", f"Signed by {said} Unaltered since, under {how}.")


def _der(pem: bytes) -> bytes:
    from asn1crypto.pem import unarmor

    try:
        _, _, der = unarmor(pem)
    except ValueError as error:
        raise KnownError("The certificate’s file holds no certificate (PEM). Nothing was verified.") from error
    return bytes(der)


def _recorded(record: Record | None) -> Iterator[Finding]:
    if record is None:
        yield Finding("altered", f"{attached.NAME} is not as KapDesk wrote it: it cannot be read.")
        return
    wrong = list(attached.flaws(record))
    for sentence in wrong[: 2 * MOST_SHOWN]:
        yield Finding("altered", f"In the record: {sentence[0].lower()}{sentence[1:]}")
    if len(wrong) > 2 * MOST_SHOWN:
        yield Finding("altered", f"In the record: {len(wrong) - 2 * MOST_SHOWN} more lines do not hold.")
    if not wrong:
        lines = len(record.visit) + len(record.patients) + len(record.of_clinic)
        said = f"Its record holds: {lines} lines, each signed under the key it names for its station"
        yield Finding("holds", f"{said}, no line missing between the first and the last of the visit.")


def _made_again(
    pdf: bytes, opened: Opened, record: Record, told: Told, signed: bool, sealed: bool
) -> Iterator[Finding]:
    """The note is made anew from its own record and held against the paper; what follows it, if `signed`, are the
    signatures, of which more is said elsewhere.

    Another version may put the same record in other words: where the signature holds (`sealed`), that is no alteration.
    """
    carried = attachments(record, told)
    differing = []
    for each in carried:
        there = opened.attached.get(each.name)
        if there is None:
            yield Finding("altered", f"{each.name} is missing.")
        elif there != each.data.encode():
            differing.append(f"{each.name} is another than the one that the record gives.")
    for name in sorted(opened.attached.keys() - {attached.NAME, FHIR}):
        yield Finding("altered", f"{name} is attached to it, which KapDesk did not do.")
    try:
        again = press(told.note(), attachments=carried)
    except KnownError:
        yield Finding("not compared", "Its pages: the note could not be made from its record here.")
        return
    if again == pdf or (signed and pdf.startswith(again)):
        yield Finding("holds", "The paper is to the last byte what its record gives.")
        return
    other = _other(record)
    differing += _differing(opened.pages, look_into(again).pages)
    for sentence in differing:
        yield Finding("not compared" if other and sealed else "altered", sentence)
    if not other:
        if not differing:
            yield Finding("altered", "The file is not to the last byte what its record gives, though every word is.")
        return
    if not differing:
        yield Finding("holds", "The text in every page is what its record gives.")
    drawn = "" if sealed else ", nor how the text is drawn, nor what else the file holds"
    yield Finding("not compared", f"Only words were compared, no lines and pictures{drawn}: {other}.")


def _other(record: Record) -> str:
    if record.made.program != program():
        return f"it says that it was made with {record.made.program}, and this is {program()}"
    fonts = record.made.fonts != outlines.fingerprint()
    return "it says that it was made with other fonts than are here" if fonts else ""


def _differing(there: Sequence[str], wanted: Sequence[str]) -> Iterator[str]:
    if len(there) != len(wanted):
        yield f"The paper has {len(there)} pages, and its record gives {len(wanted)}."
    for number, (page, own) in enumerate(zip(there, wanted, strict=False), 1):
        if page == own:
            continue
        ours, theirs = own.split("\r\n"), page.split("\r\n")
        steps = [
            each for each in difflib.SequenceMatcher(None, ours, theirs, False).get_opcodes() if each[0] != "equal"
        ]
        for _, a, b, c, d in steps[:MOST_SHOWN]:
            said, recorded = " ".join(theirs[c:d]), " ".join(ours[a:b])
            yield f"Page {number}: the paper says “{said}”, the record gives “{recorded}”."
        if len(steps) > MOST_SHOWN:
            yield f"Page {number}: {len(steps) - MOST_SHOWN} more places differ."
