"""What is wrong with a study file that is no TOML: the line, why, and the way out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from siting.words import Phrase

_WHY: Mapping[str, Phrase] = {
    "Invalid value": Phrase("值写得不对，文字须加英文引号", "no value, texts stand in quotes"),
    "Unescaped '\\'": Phrase("双引号里有反斜杠“\\”", "a backslash within double quotes"),
    **dict.fromkeys(
        ("Illegal character '\\n'", "Unterminated string"), Phrase("引号没有闭合", "a quote that is never closed")
    ),
    "Expected ']'": Phrase("方括号没有闭合", "a bracket that is never closed"),
    "Expected '='": Phrase("键后面缺少等号“=”", "no '=' after the key"),
    "Cannot overwrite": Phrase("同一个键写了两次", "a key that is there twice"),
    "Cannot declare": Phrase("同一段写了两次", "a table that is there twice"),
    "Invalid statement": Phrase("键名须为英文", "keys are in English"),
    "Expected newline": Phrase("一行只能写一项", "one key to a line"),
}
"""How the parser's sentences begin, and what they mean."""

_CHINESE_SIGNS = re.compile("[“”‘’＝，：；［］｛｝＂]")


def broken_toml(text: str, flaw: tomllib.TOMLDecodeError) -> tuple[Phrase, Phrase]:
    """What a text says where the parser gave up, and the way out."""
    number, line = _line(text, str(flaw))
    why = next((why for start, why in _WHY.items() if str(flaw).startswith(start)), Phrase(str(flaw), str(flaw)))
    what = Phrase(
        f"第 {number} 行 `{line}` 不合 TOML 写法：{why.zh}。", f"line {number} `{line}` is not TOML: {why.en}."
    )
    return what, _way_out(line)


def _line(text: str, said: str) -> tuple[int, str]:
    """Number and words of the line a message names; of the last one that has any where it names the text's end."""
    lines = text.splitlines()
    named = re.search(r"at line (\d+)", said)
    last = max((at for at, line in enumerate(lines, start=1) if line.strip()), default=1)
    number = int(named.group(1)) if named else last
    return number, lines[number - 1].strip() if number <= len(lines) else ""


def _way_out(line: str) -> Phrase:
    signs = "".join(dict.fromkeys(_CHINESE_SIGNS.findall(re.sub(r"\"[^\"]*\"|#.*", "", line))))
    if signs:
        return Phrase(
            f"有中文标点 {signs}，请改为英文标点。", f"It has Chinese punctuation {signs}; write it in ASCII."
        )
    if "\\" in line:
        return Phrase(
            "路径请用 /，或放在单引号里：'D:\\数据\\村庄.csv'。",
            "Write paths with /, or in single quotes: 'D:\\data\\villages.csv'.",
        )
    return Phrase('写法如 name = "我的县"，每行一项。', 'Write one key to a line, for example name = "My county".')
