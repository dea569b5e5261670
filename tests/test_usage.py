import pytest
from typer.testing import CliRunner

from siting.cli import app
from siting.usage import MEANINGS


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["check"], "缺少参数 · ", "Missing argument 'STUDY'"),
        (["check", "--fo"], "没有这个选项 · ", "No such option: --fo"),
        (["--fo"], "没有这个选项 · ", "No such option: --fo"),
        (["plam"], "没有这个命令，或参数多余 · ", "No such command 'plam'"),
        (["rules", "a", "b"], "没有这个命令，或参数多余 · ", "unexpected extra argument"),
        (["rules", "--lang", "fr"], "参数值不对 · ", "Invalid value for '--lang'"),
        (["check", "--lang"], "选项用法不对 · ", "Option '--lang' requires an argument"),
    ],
)
def test_a_misspelt_command_is_told_in_both_languages(words: list[str], zh: str, en: str) -> None:
    said = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert said.exit_code == 2
    assert zh in said.output and en in said.output


def test_no_words_are_answered_by_help() -> None:
    said = CliRunner().invoke(app, [])
    assert "县域学校选址与学区划分" in said.output and "·  " not in said.output
    assert not any(meaning in said.output for meaning in MEANINGS.values())
