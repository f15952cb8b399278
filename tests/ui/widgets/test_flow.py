"""A row that flows claims the height of what is in it, also of what comes once it stands on the screen."""

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow


def test_parts_that_come_to_an_empty_row_on_the_screen_have_their_height(qtbot: QtBot) -> None:
    sheet, row = QWidget(), FlowRow()
    qtbot.addWidget(sheet)
    QVBoxLayout(sheet).addWidget(row)
    sheet.resize(200, 300)
    sheet.show()
    QApplication.processEvents()
    assert row.height() == 0
    parts = [Button("No vocals"), Button("No sacred music")]
    for part in parts:
        row.add(part)
    QApplication.processEvents()
    assert row.height() >= sum(part.sizeHint().height() for part in parts)
