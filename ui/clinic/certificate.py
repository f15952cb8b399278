"""The clinic's certificate: until when it holds, a new one, the clinic's own, and a copy for who verifies papers."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.line import across
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.secret import SecretField

MEANS = (
    "Signed notes are signed under it in the clinic’s name. Give a copy to whoever is to verify your papers; its key "
    "stays here. What was signed before stays as it was when there is a new one."
)
STAMPS = "Without an authority no network is asked, and the time on a paper is this computer’s."


class CertificatePanel(Panel):
    """`renewed` wants a new one, `choosing` a file with the clinic's own, `brought` takes that in by its password;
    `saving` wants a copy in a file, `stamped` carries who stamps the time ("" for nobody)."""

    renewed = Signal()
    choosing = Signal()
    brought = Signal(str)
    saving = Signal()
    stamped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Certificate", "lock", parent=parent)
        self._whose, self._until = Label("", wrap=True), Label("", "muted", wrap=True)
        self._digest = Label("", "muted", wrap=True)
        new, own = Button("Make a new one …", name="Make a new certificate"), Button("Take in our own …")
        save = Button("Save a copy …", name="Save a copy of the certificate")
        self._sure = QWidget()
        sure = QVBoxLayout(self._sure)
        sure.setContentsMargins(0, 0, 0, 0)
        sure.setSpacing(theme.px(8))
        go, not_yet = Button("Sign under a new one", "primary"), Button("Not now", name="No new certificate now")
        asked = (
            "From then on papers are signed under the new one, and whoever verifies them needs a copy of it. Make it?"
        )
        sure.addWidget(Label(asked, wrap=True))
        sure.addWidget(FlowRow(go, not_yet))
        self._file = Label("", "head", wrap=True)
        self._secret = SecretField("Password of that file")
        take, away = Button("Take it in", "primary"), Button("Put away", name="Put the file away")
        self._bringing = QWidget()
        bringing = QVBoxLayout(self._bringing)
        bringing.setContentsMargins(0, 0, 0, 0)
        bringing.setSpacing(theme.px(8))
        for asks in (self._file, self._secret, FlowRow(take, away)):
            bringing.addWidget(asks)
        self._url = line_edit("Authority that stamps the time, https://…; empty for none")
        keep = Button("Keep", name="Keep who stamps the time")
        self._refusal, self._told = Refusal(), Refusal("muted")
        for part in (self._whose, self._until, self._digest, FlowRow(new, own, save), self._sure, self._bringing):
            self.body.addWidget(part)
        self.body.addWidget(across(self._url, keep))
        for said in (Label(f"{MEANS} {STAMPS}", "muted", wrap=True), self._refusal, self._told):
            self.body.addWidget(said)
        self._sure.hide()
        self._bringing.hide()
        new.clicked.connect(self._sure.show)
        not_yet.clicked.connect(self._sure.hide)
        go.clicked.connect(self.renewed)
        own.clicked.connect(self.choosing)
        take.clicked.connect(lambda: self.brought.emit(self._secret.text()))
        self._secret.returned.connect(lambda: self.brought.emit(self._secret.text()))
        away.clicked.connect(self.put_away)
        save.clicked.connect(self.saving)
        keep.clicked.connect(lambda: self.stamped.emit(self._url.text().strip()))

    def display(self, whose: str, until: str, loud: bool, digest: str, url: str) -> None:
        """As it is now; `loud` where its end is near or past."""
        self._whose.setText(whose)
        self._until.setText(until)
        self._until.set_role("accent" if loud else "muted")
        self._digest.setText(f"SHA-256 {digest}" if digest else "")
        self._url.setText(url)
        self._refusal.say("")

    def bring(self, name: str) -> None:
        """A file was chosen: its password is asked for."""
        self._file.setText(name)
        self._bringing.show()
        self._secret.setFocus()

    def put_away(self) -> None:
        """What was asked is closed; what was secret is forgotten."""
        self._secret.clear()
        self._bringing.hide()
        self._sure.hide()

    def tell(self, sentence: str) -> None:
        """What was done."""
        self.put_away()
        self._refusal.say("")
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why not; the certificate is as it was."""
        self._secret.clear()
        self._told.say("")
        self._refusal.say(sentence)
