"""Typing something secret: hidden as it is typed, shown only while someone asks for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from kapdesk.errors import KnownError
from ui import theme
from ui.widgets.buttons import Button


class SecretField(QWidget):
    """A line for a password. Nothing of it can be copied out while it is hidden, and `clear` leaves nothing to undo."""

    returned = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.edit.setDragEnabled(False)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._show = Button("", icon="eyes")
        self._show.setCheckable(True)
        self._show.setFixedWidth(theme.px(52))
        self._show.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self.edit, 1)
        row.addWidget(self._show)
        self.setFocusProxy(self.edit)
        self.rename(name)
        self._show.toggled.connect(self._reveal)
        self.edit.returnPressed.connect(self.returned)

    def rename(self, name: str) -> None:
        """Another secret is asked for; what was typed of the one before is forgotten."""
        if name == self.edit.accessibleName():
            return
        self.clear()
        self.edit.setPlaceholderText(name)
        self.edit.setAccessibleName(name)
        self._show.set_words("", f"Show what is typed: {name}")

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def clear(self) -> None:
        """Forget it."""
        self.edit.setText("")  # unlike QLineEdit.clear, leaves nothing to undo
        self._show.setChecked(False)

    def _reveal(self, shown: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


class NewSecret(QWidget):
    """A new password, or another secret of this kind, typed twice."""

    returned = Signal()

    def __init__(self, kind: str = "Password", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind if kind.isupper() else kind.lower()
        self.first, self.again = SecretField(kind), SecretField(f"{kind} once more")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.first)
        row.addWidget(self.again)
        self.first.returned.connect(self.again.setFocus)
        self.again.returned.connect(self.returned)

    def typed(self) -> bool:
        """Whether anything was."""
        return bool(self.first.text() or self.again.text())

    def text(self) -> str:
        """What was typed. Raises KnownError where the two are not the same."""
        if self.first.text() != self.again.text():
            raise KnownError(f"The two {self._kind}s are not the same. Type both again.")
        return self.first.text()

    def clear(self) -> None:
        """Forget both."""
        self.first.clear()
        self.again.clear()
