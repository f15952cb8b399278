"""Asking where something goes or lies, in a window of the program's own light that stops nothing."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(parent: QWidget, title: str, name: str, suffix: str, then: Callable[[Path], None]) -> None:
    """Offer the home folder and a name; `then` is called with what was chosen."""
    dialog = QFileDialog(parent, title, str(Path.home() / f"{name}.{suffix}"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{suffix.upper()} (*.{suffix})")
    dialog.setDefaultSuffix(suffix)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setModal(False)
    dialog.fileSelected.connect(lambda file: then(Path(file)))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.show()


def ask_which(parent: QWidget, title: str, kinds: str, then: Callable[[Path], None]) -> None:
    """Offer the files of the home folder of these kinds ("Tables (*.csv *.txt)")."""
    dialog = QFileDialog(parent, title, str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setModal(False)
    dialog.fileSelected.connect(lambda file: then(Path(file)))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.show()


def ask_folder(parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
    """Offer the folders of the home folder."""
    dialog = QFileDialog(parent, title, str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setModal(False)
    dialog.fileSelected.connect(lambda file: then(Path(file)))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.show()


def ask_which_ones(parent: QWidget, title: str, then: Callable[[tuple[Path, ...]], None]) -> None:
    """Offer any files of the home folder, several at once."""
    dialog = QFileDialog(parent, title, str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setModal(False)
    dialog.filesSelected.connect(lambda files: then(tuple(map(Path, files))))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.show()
