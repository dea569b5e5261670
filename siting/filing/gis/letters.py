"""Text in the bytes of an encoding: letters it lacks written as code points, too long text cut between letters."""

from __future__ import annotations

from typing import NamedTuple

CUT_MARK = "…"
"""What a text that was cut ends with."""


class Written(NamedTuple):
    """Bytes of a text, the letters the encoding lacks (each once), and whether the text was cut."""

    raw: bytes
    lacked: tuple[str, ...]
    is_cut: bool


def written(text: str, encoding: str, most: int) -> Written:
    """A text in at most so many bytes. A letter that the encoding lacks is written as [U+20BB7]."""
    spelt = [_spelt(letter, encoding) for letter in text]
    lacked = tuple(dict.fromkeys(letter for letter in text if not _holds(letter, encoding)))
    whole = b"".join(spelt)
    if len(whole) <= most:
        return Written(whole, lacked, False)
    return Written(_cut(spelt, CUT_MARK.encode(encoding), most), lacked, True)


def spelt_out(text: str, encoding: str) -> str:
    """A text whose every letter the encoding holds."""
    return b"".join(_spelt(letter, encoding) for letter in text).decode(encoding)


def _cut(spelt: list[bytes], mark: bytes, most: int) -> bytes:
    kept, room = [], most - len(mark)
    for letter in spelt:
        room -= len(letter)
        if room < 0:
            break
        kept.append(letter)
    return b"".join(kept) + mark


def _spelt(letter: str, encoding: str) -> bytes:
    return letter.encode(encoding) if _holds(letter, encoding) else code_point(letter).encode("ascii")


def code_point(letter: str) -> str:
    """A letter as its number in brackets."""
    return f"[U+{ord(letter):04X}]"


def _holds(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
