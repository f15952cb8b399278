"""The recovery code, shown once: to be printed or copied by hand, and kept where this computer is not."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QGridLayout, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel

WHAT_FOR = (
    "If a password is forgotten, or someone with the only one is gone, this code opens the record. Without a password "
    "and without it nobody can, not even we. It is shown this once."
)
KEEP = "Keep it on paper, locked away, and not in this computer. Whoever has it can read everything."
_ROW = 4


class RecoveryPanel(Panel):
    """`done` when someone said that it is on paper."""

    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Recovery code", "lock", parent=parent)
        self._code, self._clinic = "", ""
        self._groups = QGridLayout()
        self._groups.setHorizontalSpacing(theme.px(22))
        self._groups.setVerticalSpacing(theme.px(10))
        self._refusal = Refusal()
        self._print = Button("Print …", icon="print")
        self._kept = Check("It is on paper")
        self._go_on = Button("Go on", "primary", "forward")
        self._go_on.setEnabled(False)
        self.body.addWidget(Label(WHAT_FOR, wrap=True))
        self.body.addLayout(self._groups)
        self.body.addWidget(Label(KEEP, "muted", wrap=True))
        self.body.addWidget(FlowRow(self._print, self._kept, self._go_on, spacing=14))
        self.body.addWidget(self._refusal)
        self._print.clicked.connect(self._to_paper)
        self._kept.toggled.connect(self._go_on.setEnabled)
        self._go_on.clicked.connect(self._finish)

    def display(self, code: str, clinic: str) -> None:
        """Show the code of this clinic."""
        self._code, self._clinic = code, clinic
        for n, group in enumerate(code.split("-")):
            shown = Label(group, "value")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            self._groups.addWidget(shown, n // _ROW, n % _ROW)
        self._groups.setColumnStretch(_ROW, 1)

    def clear(self) -> None:
        """It was shown this once."""
        self._code = ""
        for n in range(self._groups.count()):
            item = self._groups.itemAt(n)
            if item is not None and isinstance(label := item.widget(), Label):
                label.setText("")

    def _finish(self) -> None:
        self.clear()
        self.done.emit()

    def _to_paper(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if not QPrinterInfo.availablePrinterNames():
            self._refusal.say("This computer knows no printer. Copy the code by hand, group by group.")
            return
        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, False)  # it is to lie on paper only
        if dialog.exec():
            with QPainter(printer) as painter:
                self.draw(painter, QRectF(printer.pageLayout().paintRectPixels(printer.resolution())))

    def draw(self, painter: QPainter, page: QRectF) -> None:
        """The paper: what it is, of which clinic, the code in two rows, and what it is for."""
        line = page.height() / 28
        groups = self._code.split("-")
        rows = ["   ".join(groups[:_ROW]), "   ".join(groups[_ROW:])]
        texts = [("KapDesk recovery code", 1.2), (self._clinic, 0.8), *((row, 1.1) for row in rows)]
        for n, (text, size) in enumerate((*texts, (f"{WHAT_FOR} {KEEP}", 0.5))):
            font = QFont(painter.font())
            font.setPixelSize(round(line * size))
            painter.setFont(font)
            box = QRectF(page.left(), page.top() + line * 2 * n, page.width(), line * (8 if n == len(texts) else 2))
            painter.drawText(box, Qt.TextFlag.TextWordWrap, text)
