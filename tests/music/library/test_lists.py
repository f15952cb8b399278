"""Lists that other programs wrote, and what is wrong with some of them."""

import os
import socket
import time
from pathlib import Path

import pytest

from kapdesk.errors import KnownError
from kapdesk.music.library import lists
from kapdesk.music.library.gather import MISSING, NO_TEXT, gather


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    for name in ("one.flac", "two.ogg", "Élégie à l’aube.mp3", "a #1 100%.flac"):
        (folder / name).write_bytes(b"sound")
    return folder


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def names(path: Path) -> list[str]:
    return [each.path.name if each.path else each.why_not for each in lists.read(path).pieces]


def test_an_m3u_tells_titles_and_is_read_with_any_ends_of_line(music: Path) -> None:
    lines = ("#EXTM3U", "#PLAYLIST:Evening", "#EXTINF:240,Somebody - One", "one.flac", "", "two.ogg")
    read = lists.read(write(music, "list.m3u", "\r\n".join(lines)))
    assert read.title == "Evening"
    assert [(each.path, each.title) for each in read.pieces] == [
        (music / "one.flac", "Somebody - One"),
        (music / "two.ogg", ""),
    ]


@pytest.mark.parametrize("writing", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_a_name_with_accents_is_found_in_whatever_writing_the_list_is(music: Path, writing: str) -> None:
    name = "Élégie.mp3"
    (music / name).touch()
    assert names(write(music, "list.m3u", f"#EXTM3U\n{name}\n".encode(writing))) == [name]


def test_names_are_found_when_written_as_urls_or_with_backslashes(music: Path, tmp_path: Path) -> None:
    told = [
        (music / "a #1 100%.flac").as_uri(),
        f"file://localhost{music}/one.flac",
        "a%20%231%20100%25.flac",
        "a #1 100%.flac",
        "..\\music\\two.ogg",
        "../music/one.flac",
    ]
    read = lists.read(write(music, "list.m3u8", "\n".join(told)))
    assert [each.path.resolve().name for each in read.pieces if each.path] == [
        "a #1 100%.flac", "one.flac", "a #1 100%.flac", "a #1 100%.flac", "two.ogg", "one.flac",
    ]  # fmt: skip


def test_a_pls_is_read_by_its_numbers(music: Path) -> None:
    told = "[playlist]\nFile2=two.ogg\nTitle2=Second\nfile1=one.flac\nNumberOfEntries=2\nFileX=no\n"
    read = lists.read(write(music, "list.pls", told))
    assert [(each.path, each.title) for each in read.pieces] == [
        (music / "one.flac", ""),
        (music / "two.ogg", "Second"),
    ]


def test_an_xspf_tells_titles_and_places(music: Path) -> None:
    told = f"""<?xml version="1.0" encoding="UTF-8"?>
    <playlist version="1" xmlns="http://xspf.org/ns/0/"><title>Night &amp; day</title><trackList>
    <track><title>First</title><location>{(music / "one.flac").as_uri()}</location></track>
    <track><location>two.ogg</location></track><track><title>Nowhere</title></track></trackList></playlist>"""
    read = lists.read(write(music, "list.xspf", told))
    assert read.title == "Night & day"
    assert [(each.path, each.title) for each in read.pieces] == [(music / "one.flac", "First"), (music / "two.ogg", "")]


@pytest.mark.parametrize("writing", ["utf-8", "utf-16"])
def test_an_xspf_that_defines_entities_is_refused(music: Path, writing: str) -> None:
    told = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
    <playlist><trackList><track><location>&e;</location></track></trackList></playlist>"""
    with pytest.raises(KnownError, match="definitions that could reach outside"):
        lists.read(write(music, "list.xspf", told.encode(writing)))


def test_an_xspf_cut_short_says_from_which_line(music: Path) -> None:
    with pytest.raises(KnownError, match="not whole from line 2"):
        lists.read(write(music, "list.xspf", "<playlist>\n<trackList>"))


def test_a_streaming_link_is_told_so_and_nobody_is_called(music: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        told = [f"http://127.0.0.1:{port}/a.mp3", "https://example.org/b", "spotify:track:4", "rtsp://x/y", "smb://x/y"]
        read = lists.read(write(music, "list.m3u", "\n".join(told)))
        assert [each.why_not for each in read.pieces] == [lists.STREAMED] * 5
        assert "music played elsewhere" in lists.STREAMED
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_file_on_another_computer_is_told_so(music: Path) -> None:
    assert names(write(music, "list.m3u", "file://server/share/a.mp3\n")) == [lists.ELSEWHERE]


def test_fifty_thousand_lines_are_read_soon_each_with_its_sentence(music: Path) -> None:
    path = write(music, "list.m3u", "\n".join(f"gone/{n}.mp3" for n in range(50_000)))
    began = time.process_time()
    found = gather([path])
    assert len(found.pieces) == 50_000
    assert {each.why_not for each in found.pieces} == {MISSING}
    assert time.process_time() - began < 20


def test_a_list_too_large_to_be_one_is_not_read(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LARGEST", 10)
    with pytest.raises(KnownError, match="holds more than"):
        lists.read(write(music, "list.m3u", "x" * 11))


def test_a_line_that_can_be_no_name_has_its_sentence_and_the_next_one_is_read(music: Path) -> None:
    found = gather([write(music, "list.m3u", b"\0\n" + b"x" * 5000 + b"\none.flac\n")])
    assert [bool(each.why_not) for each in found.pieces] == [True, True, False]
    assert found.pieces[1].why_not == "Its name is too long to be the name of a file."


def test_a_name_that_is_no_text_is_found_and_told_to_be_renamed(music: Path) -> None:
    (music / os.fsdecode(b"caf\xe9.mp3")).touch()
    found = gather([write(music, "list.m3u", b"caf\xe9.mp3\n")])
    assert (found.pieces[0].said, found.pieces[0].why_not) == ("café.mp3", NO_TEXT)


def test_a_folder_is_walked_by_name_as_a_person_counts(tmp_path: Path) -> None:
    for name in ("10 last.mp3", "2 middle.mp3", "1 first.flac", "cover.jpg", ".hidden.mp3", "sub/3 below.ogg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = gather([tmp_path])
    assert [each.said for each in found.pieces] == ["1 first.flac", "2 middle.mp3", "10 last.mp3", "3 below.ogg"]
    assert found.title == tmp_path.name


def test_links_that_lead_round_in_circles_end(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "one.mp3").touch()
    (tmp_path / "inside" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "round.mp3").symlink_to(tmp_path / "round.mp3")
    found = gather([tmp_path])
    assert [(each.said, each.why_not) for each in found.pieces] == [
        ("round.mp3", "This is a link that leads back to itself."),
        ("one.mp3", ""),
    ]


def test_a_folder_called_like_music_and_what_is_no_file_have_their_sentences(tmp_path: Path) -> None:
    (tmp_path / "dir.flac").mkdir()
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "list.m3u").write_text("dir.flac\npipe.mp3\n")
    found = gather([tmp_path / "list.m3u", tmp_path / "nowhere"])
    assert [each.why_not for each in found.pieces] == [
        "This is a folder, not a piece of music.",
        "This is neither a file nor a folder, and is left out.",
    ]
    assert found.refused == (("nowhere", MISSING),)
