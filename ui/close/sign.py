"""Signing: who still has to, what is said by it, the versions and how they stand; then countersigning and adding."""

from typing import Literal
from uuid import UUID

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from kapdesk.clinic.signing import standing
from kapdesk.facts.papers import PaperFact
from kapdesk.facts.session import AddedAs, Locked, Marked
from kapdesk.note.signed import ADDED, AGREED, CONDUCTED
from kapdesk.record.history import Happening
from kapdesk.session import papers
from ui import theme
from ui.close.proof import People, Proof
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.session.saying import said
from ui.session.seen import Seen
from ui.session.times import nearest
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.when import clock_time

What = Literal["sign", "countersign", "add"]

KINDS: tuple[tuple[AddedAs, str], ...] = (
    ("addendum", "Addendum: something more to say"),
    ("late entry", "Late entry: it happened, and was not written down"),
    ("correction", "Correction: it was otherwise than it stands above"),
)
_SIGNING = "After signing nothing in this session can be changed any more, only added to. Sign now?"
_COUNTERSIGNING = "Read the note beside this first. You countersign this version of it, and none before or after."
_ADDING = "It makes a new signed version of the note; the one before stays as it is."


class Adding(msgspec.Struct, frozen=True):
    """What is to be added: the words, as what, which line it corrects, and when it happened (UTC µs; None: now)."""

    text: str
    kind: AddedAs
    of: UUID | None = None
    at_us: int | None = None


class SignPanel(Panel):
    """`asked` wants the password asked for, for signing, countersigning or adding; `shown` carries it with who types
    it. `typed` carries an addition as it stands, `version_wanted` a version to be seen; `finished` puts the session
    away."""

    asked = Signal(str)
    shown = Signal(str, str, str)
    typed = Signal(str)
    version_wanted = Signal(int)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sign and lock", "lock", parent=parent)
        self._what: What = "sign"
        self._seen: Seen | None = None
        self._lines: tuple[Happening, ...] = ()
        self._said = Label("", "muted", wrap=True)
        self._still = Label("", wrap=True)
        self._versions = QWidget()
        self._rows = QVBoxLayout(self._versions)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.px(4))
        self._told: tuple[str, ...] = ()
        self._paper = Label("", "accent", wrap=True)
        self._sign = Button("Sign and lock", "primary", "lock")
        self._counter = Button("Countersign …", "primary", "lock", name="Countersign")
        self._proof = Proof()
        self._kind = Choice([words for _, words in KINDS], "What is added")
        self._of = Choice(name="Which line it corrects")
        for choice in (self._kind, self._of):  # as wide as the panel, however long a line is
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(12)
        self._at = line_edit("When it happened, for example 12:40")
        self._addendum = QPlainTextEdit()
        self._addendum.setPlaceholderText("Addendum")
        self._addendum.setAccessibleName("Addendum")
        self._addendum.setTabChangesFocus(True)
        self._addendum.setMaximumHeight(theme.px(90))
        self._add = Button("Add to the note …", icon="plus", name="Add the addendum")
        self._done = Button("Done", "primary", "check", name="Done with this session")
        self._refusal = Refusal()
        told = (self._said, self._still, self._versions, self._paper)
        adding = (self._kind, self._of, self._at, self._addendum, self._add)
        for part in (*told, self._sign, self._counter, *adding, self._proof, self._refusal, self._done):
            self.body.addWidget(part)
        self._addendum.textChanged.connect(lambda: self.typed.emit(self._addendum.toPlainText()))
        self._kind.currentIndexChanged.connect(lambda _: self._turn())
        self._sign.clicked.connect(lambda: self._ask("sign"))
        self._counter.clicked.connect(lambda: self._ask("countersign"))
        self._add.clicked.connect(self._say)
        self._proof.shown.connect(lambda who, secret: self.shown.emit(self._what, who, secret))
        self._proof.left.connect(self._turn)
        self._done.clicked.connect(self.finished)

    def display(self, seen: Seen) -> None:
        """Show what may be done now."""
        before, self._seen, session = self._seen, seen, seen.session
        if before is not None and before.session is session and before.clinic is seen.clinic:
            return  # drawn each second, and a long visit is not gone through for nothing
        marks = len(session.history.standing(Marked))
        self.setVisible(session.ended is not None)
        if session.signed and session.locked_us is not None:
            self._said.setText(f"Signed and locked {seen.wall(session.locked_us)}.")
        elif marks:
            self._said.setText("There are marks without words still.")
        else:
            self._said.setText("Read the note first. It can be signed later from the records, too.")
        self._still.setText("\n".join(still(seen)))
        self._list_versions(standing(session))
        self._turn()

    def take_focus(self) -> None:
        """To what is to be pressed next, to sign or to countersign."""
        for button in (self._sign, self._counter):
            if button.isVisible():
                button.setFocus(Qt.FocusReason.TabFocusReason)

    def tell_paper(self, sentence: str) -> None:
        """That the signed paper is being made, or why it is not."""
        self._paper.setText(sentence)
        self._paper.setVisible(bool(sentence))

    def prove(self, people: People, likely: str) -> None:
        """Ask for a password, for what was asked."""
        self._refusal.say("")
        match self._what:
            case "sign":
                self._proof.ask(_SIGNING, CONDUCTED, "Sign and lock", people, likely)
            case "countersign":
                self._proof.ask(_COUNTERSIGNING, AGREED, "Countersign", people, likely)
            case "add":
                self._proof.ask(_ADDING, ADDED, "Sign what is added", people, likely)
        self._turn()

    def adding(self) -> Adding | None:
        """What is to be added; None, said in place, where a part of it is missing."""
        text, kind = self._addendum.toPlainText().strip(), KINDS[self._kind.currentIndex()][0]
        if not text:
            self._addendum.setFocus()
            return None
        if kind == "correction":
            n = self._of.currentIndex() - 1
            return Adding(text, kind, self._lines[n].id if 0 <= n < len(self._lines) else None)
        if kind == "addendum" or self._seen is None:
            return Adding(text, kind)
        clock = clock_time(self._at.text())
        if clock is None:
            self._refusal.say("When it happened is missing. Type the time of day in the visit, for example 12:40.")
            self._at.setFocus()
            return None
        return Adding(text, kind, at_us=nearest(clock, self._seen.origin_us, self._seen.zone))

    def bring_back(self, text: str) -> None:
        """Put a half-typed addition back."""
        self._addendum.setPlainText(text)

    def refuse(self, sentence: str) -> None:
        """Say why it was not recorded."""
        if self._proof.isHidden():
            self._refusal.say(sentence)
        else:
            self._proof.refuse(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        if self._what == "add":
            self._addendum.clear()
            self._at.clear()
            self._kind.setCurrentIndex(0)
        self._refusal.say("")
        self._proof.put_away()

    def _ask(self, what: What) -> None:
        self._what = what
        self.asked.emit(what)

    def _say(self) -> None:
        self._refusal.say("")
        if self.adding() is not None:
            self._ask("add")

    def _turn(self) -> None:
        """What is seen of the parts, as the session stands and while nobody is asked for a password."""
        if self._seen is None:
            return
        session, free = self._seen.session, self._proof.isHidden()
        newest = next(reversed(papers.versions(session)), None)
        kind = KINDS[self._kind.currentIndex()][0]
        self._sign.setVisible(not session.signed and free)
        self._counter.setVisible(newest is not None and newest.countersigned is None and free)
        for part in (self._kind, self._addendum, self._add):
            part.setVisible(session.signed and free)
        self._of.setVisible(session.signed and free and kind == "correction")
        self._at.setVisible(session.signed and free and kind == "late entry")
        self._versions.setVisible(newest is not None)
        self._paper.setVisible(bool(self._paper.text()))
        self._done.setVisible(session.ended is not None)
        words = dict(KINDS)[kind].split(":")[0]
        self._addendum.setPlaceholderText(words)
        if not self._of.isHidden():
            self._list_lines(self._seen)

    def _list_versions(self, told: tuple[str, ...]) -> None:
        """Each version in words, the newest first; a press shows it."""
        if told == self._told:
            return
        self._told = told
        empty(self._rows)
        for n, words in enumerate(told):
            line = LineButton((Part(words, "body", whole=True),), "paper", "muted", "bare")
            number = len(told) - n
            line.clicked.connect(lambda _=False, number=number: self.version_wanted.emit(number))
            self._rows.addWidget(line)

    def _list_lines(self, seen: Seen) -> None:
        """What was signed, line by line, for whoever corrects one of them."""
        kinds = (*PaperFact.__args__, Locked)
        lines = tuple(h for h in seen.session.history if not h.late and not h.struck and not isinstance(h.fact, kinds))
        shown = tuple((h, words) for h in lines if (words := said(h.fact)) is not None)
        if tuple(h.id for h, _ in shown) == tuple(h.id for h in self._lines) and self._of.count():
            return
        self._lines = tuple(h for h, _ in shown)
        self._of.clear()
        self._of.addItem("No line in particular")
        for h, words in shown:
            self._of.addItem(f"{seen.wall(h.at_us)}  {words.code}: {words.text}"[:90])


def still(seen: Seen) -> tuple[str, ...]:
    """Who has signed the newest version, and who still has to, a line each."""
    session = seen.session
    if session.ended is None:
        return ()
    newest = next(reversed(papers.versions(session)), None)
    practice = session.opened is not None and session.opened.rehearsal
    end = ("A rehearsal: no signed paper is made of it.",) if practice else ()
    if newest is None:
        return ("☐ Signs: the therapist, or who conducted it", "☐ Countersigns: a prescriber or medical staff", *end)
    author, counter = _signed(seen, newest.author, "signed"), newest.countersigned
    if counter is not None:
        return (author, _signed(seen, counter, "countersigned"), *end)
    return (author, "☐ Countersigns: a second person, a prescriber or medical staff beside a therapist", *end)


def _signed(seen: Seen, one: Happening, what: str) -> str:
    return f"☑ {seen.name_of(one.by)} {what}, {seen.day_of(one.entered_at_us)} {seen.wall(one.entered_at_us)}"
