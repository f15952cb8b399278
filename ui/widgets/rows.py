"""What the list of observations holds, and how one list becomes the next."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui import words
from ui.widgets.label import plain_tip

State = Literal["saved", "saving", "not saved"]
_Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole


class Row(msgspec.Struct, frozen=True):
    """One observation. `at` is worded ("0:45"); `was` is the text before a correction; `remark` says why it changed.

    `icon` and `tone` are the sign of its code, or of what else it is (a dose, a reading, a mark).
    """

    id: str
    at: str
    code: str = ""
    text: str = ""
    by: str = ""
    state: State = "saved"
    struck: bool = False
    was: str = ""
    icon: str = ""
    tone: str = "muted"
    remark: str = ""

    def said(self) -> str:
        """The row in words, for a screen reader."""
        changed = "struck" if self.struck else "corrected" if self.was else ""
        return words.join(self.at, self.code, self.text, changed, self.remark, self.by, self.state)


class ObservationModel(QAbstractListModel):
    """Holds rows in the order given, and tells a view only what changed between one list and the next."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.said()
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(row.text + (f"\nBefore: {row.was}" if row.was else ""))
            case _ if role == ROW:
                return row
        return None

    def index_of(self, id_: str) -> QModelIndex:
        """Where a row stands; an invalid index for one that is not here."""
        at = next((n for n, row in enumerate(self.rows) if row.id == id_), -1)
        return self.index(at) if at >= 0 else QModelIndex()

    def replace(self, rows: Sequence[Row]) -> bool:
        """Become this list: common beginning and end stay as they are, so selection and place are kept.

        Says whether a row that stays reads differently now.
        """
        old, new = self.rows, list(rows)
        short = min(len(old), len(new))
        head = next((n for n in range(short) if old[n].id != new[n].id), short)
        tail = next((n for n in range(short - head) if old[-1 - n].id != new[-1 - n].id), short - head)
        gone, come = len(old) - head - tail, len(new) - head - tail
        if gone:
            self.beginRemoveRows(QModelIndex(), head, head + gone - 1)
            del old[head : head + gone]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(QModelIndex(), head, head + come - 1)
            old[head:head] = new[head : head + come]
            self.endInsertRows()
        changed = [n for n, row in enumerate(new) if old[n] is not row and old[n] != row]
        for n in changed:
            old[n] = new[n]
            self.dataChanged.emit(self.index(n), self.index(n))
        return bool(changed)
