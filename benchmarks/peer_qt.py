"""QMediaPlayer, given the next file when one is over: `build/peers/bin/python benchmarks/peer_qt.py FILE ...`.

It runs in an environment of its own (.ci/setup bench): KapDesk itself needs no QtMultimedia.
"""

import sys

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer  # type: ignore[import-not-found,unused-ignore]


def play(files: list[str]) -> None:
    """All of them in turn."""
    app, left = QCoreApplication([]), list(files)
    player, output = QMediaPlayer(), QAudioOutput()
    player.setAudioOutput(output)

    def turn(status: object) -> None:
        if status == QMediaPlayer.MediaStatus.EndOfMedia:
            go_on()

    def go_on() -> None:
        if left:
            player.setSource(QUrl.fromLocalFile(left.pop(0)))
            player.play()
        else:
            app.quit()

    player.mediaStatusChanged.connect(turn)
    go_on()
    app.exec()


if __name__ == "__main__":
    play(sys.argv[1:])
