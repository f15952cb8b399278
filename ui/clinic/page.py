"""The clinic's own page, for whoever runs it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.clinic.certificate import CertificatePanel
from ui.clinic.codes import CodesPanel
from ui.clinic.editor import Editor
from ui.clinic.filing import FilingPanel
from ui.clinic.importing import ImportPanel
from ui.clinic.keeping import KeepingPanel
from ui.clinic.letterhead import LetterheadPanel
from ui.clinic.protocols import ProtocolsPanel
from ui.clinic.rules import RulesPanel
from ui.clinic.staff import StaffPanel
from ui.clinic.template import TemplatePanel
from ui.clinic.undoing import UndoPanel
from ui.home.recovery import RecoveryPanel
from ui.widgets.buttons import Button
from ui.widgets.frame import framed, stack
from ui.widgets.label import Label
from ui.widgets.scrolling import Scrolling

NARROW = 900
"""Below this width, at scale 1, the second column stands below the first."""


class ClinicPage(QWidget):
    """`left` goes back."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("The clinic")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.staff, self.rules, self.keeping = StaffPanel(), RulesPanel(), KeepingPanel()
        self.protocols, self.importing, self.codes = ProtocolsPanel(), ImportPanel(), CodesPanel()
        self.template, self.undoing, self.letterhead = TemplatePanel(), UndoPanel(), LetterheadPanel()
        self.filing, self.certificate = FilingPanel(), CertificatePanel()
        self.code = RecoveryPanel()
        self.code.hide()
        self.code.done.connect(self.code.hide)
        inside = QWidget()
        inside.setProperty("part", "sheet")
        columns = self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        columns.setContentsMargins(0, 0, theme.px(4), 0)
        columns.setSpacing(theme.px(12))
        one, other = QVBoxLayout(), QVBoxLayout()
        for column, panels in (
            (one, (self.staff, self.code, self.rules, self.filing, self.certificate, self.letterhead, self.codes)),
            (other, (self.protocols, self.template, self.importing, self.undoing, self.keeping)),
        ):
            column.setSpacing(theme.px(12))
            for panel in panels:
                column.addWidget(panel)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.editor = Editor()
        self.editor.hide()
        area = self._area = Scrolling()
        area.setWidget(inside)
        back = self._back = Button("Back", icon="back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addStretch(1)
        page = framed(self)
        page.addWidget(Label("The clinic", "title"))
        page.addWidget(area, 1)
        page.addWidget(self.editor, 1)
        page.addLayout(foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns beside each other, or where that is too narrow one below the other."""
        super().resizeEvent(event)
        stack(self._columns, self.width() < theme.px(NARROW))

    def edit(self, on: bool) -> None:
        """A protocol's form in place of everything else, or away."""
        self._area.setVisible(not on)
        self._back.setVisible(not on)
        self.editor.setVisible(on)
