"""How safe the record is: the age of its newest backup, and whether its second copy keeps up."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kapdesk.clinic.backups import Safety
from ui import theme, words
from ui.widgets.label import Label, Role, Sign


class SafetyLine(QWidget):
    """One quiet line; amber where someone should look to it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = Sign("check", "muted")
        self._words = Label("", "muted", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        row.setSpacing(theme.px(10))
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)

    def display(self, safety: Safety, now_us: int) -> None:
        """Show how things stand."""
        sentence, amber = told(safety, now_us)
        role: Role = "accent" if amber else "muted"
        self._sign.set_sign("warning" if amber else "check", role)
        self._words.set_role(role)
        self._words.setText(sentence)
        self.setAccessibleName(sentence)


def told(safety: Safety, now_us: int) -> tuple[str, bool]:
    """How safe the record is in plain sentences, and whether someone should look to it."""
    if safety.damaged:
        return safety.damaged, True
    if safety.on_reserve:
        return "The disk is full. KapDesk writes on in the space it had set aside. Free some space.", True
    if safety.trouble:
        return safety.trouble, True
    if safety.second_trouble:
        lines = f"{safety.lacks} line{'s' if safety.lacks != 1 else ''} behind"
        return f"The second copy is {lines} ({safety.second_trouble}). The record itself is saved.", True
    if safety.certificate:
        return safety.certificate, True
    if not safety.backup_us:
        return "No backup yet. The first is made when a session ends, at the latest when KapDesk is closed.", False
    age = words.ago(max(0, (now_us - safety.backup_us) // 1_000))
    where = "on another disk" if safety.apart else "on this disk only"
    return f"Last verified backup {age}, {where}. The second copy keeps up.", safety.old(now_us)
