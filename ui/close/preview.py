"""The note as it will be printed, page under page."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from ui import theme
from ui.close.pages_of import toned
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling


class Preview(Panel):
    """Shows pictures of the pages of a paper; `wanted` asks for them anew, `saved` for the PDF in a file, `printed` for
    it on paper (with `prints`, where no button elsewhere does)."""

    wanted = Signal()
    saved = Signal()
    printed = Signal()

    def __init__(self, what: str = "note", prints: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(f"The {what}", "paper", parent=parent)
        self._what = what
        self._pictures: list[QImage] = []
        self._again = Button("Make anew", icon="paper", name="Make the preview anew")
        self._save = Button("Save PDF as …")
        self._print = Button("Print", icon="print", name=f"Print the {what}")
        for button in (self._again, self._save, self._print)[: 3 if prints else 2]:
            self.head.addWidget(button)
        self._state = Label("", "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(f"How much of the {what} is set")
        self._bar.hide()
        self._refusal = Refusal()
        self._sheet = QWidget()
        self._sheet.setProperty("part", "sheet")
        self._pages = QVBoxLayout(self._sheet)
        self._pages.setSpacing(theme.px(12))
        self._area = Scrolling()
        self._area.setWidget(self._sheet)
        self._area.setAccessibleName(f"Pages of the {what}")
        self.body.addWidget(self._state)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._refusal)
        self.body.addWidget(self._area, 1)
        self._again.clicked.connect(self.wanted)
        self._save.clicked.connect(self.saved)
        self._print.clicked.connect(self.printed)

    def page_width(self) -> int:
        """How wide a page is drawn, in pixels of the screen."""
        return max(round((self.width() - theme.px(60)) * self.devicePixelRatio()), 400)

    def wait(self) -> None:
        """The note is being made."""
        self._refusal.say("")
        self._state.setText(f"Making the {self._what} …")
        self._state.show()

    def go_on(self, part: float) -> None:
        """So much of it is set, of 1; a paper of a few pages is there before that would be seen."""
        self._bar.setValue(round(part * 1000))
        self._bar.setVisible(part < 1)

    def display(self, pictures: list[QImage]) -> None:
        """Show these pages."""
        self._pictures = pictures
        self._state.hide()
        self._bar.hide()
        self._draw()

    def refuse(self, sentence: str) -> None:
        """Say why there is no note, or no file."""
        self._state.hide()
        self._bar.hide()
        self._refusal.say(sentence)

    def tell(self, sentence: str) -> None:
        """Say what was done."""
        self._refusal.say("")
        self._state.setText(sentence)
        self._state.show()

    def pages(self) -> int:
        """How many pages are shown."""
        return len(self._pictures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._pictures and event.size().width() != event.oldSize().width():
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and getattr(self, "_pictures", None):
            self._draw()

    def _draw(self) -> None:
        empty(self._pages)
        for n, picture in enumerate(self._pictures, start=1):
            label = QLabel()
            pixmap = QPixmap.fromImage(toned(picture, theme.current()))
            if pixmap.width() > (wide := self.page_width()):  # made for a wider window
                pixmap = pixmap.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            pixmap.setDevicePixelRatio(self.devicePixelRatio())
            label.setPixmap(pixmap)
            label.setAccessibleName(f"Page {n} of {len(self._pictures)}")
            self._pages.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._pages.addStretch(1)
