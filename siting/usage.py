"""A command line that was misspelt, said in both languages: what the parser says stays, what it means stands before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

MISUSE: type[Any] = typer.BadParameter.__mro__[1]
"""What the parser raises; which package it comes from depends on the version of typer."""

MEANINGS = {
    "MissingParameter": "缺少参数",
    "NoSuchOption": "没有这个选项",
    "BadOptionUsage": "选项用法不对",
    "BadArgumentUsage": "参数用法不对",
    "BadParameter": "参数值不对",
    MISUSE.__name__: "没有这个命令，或参数多余",
}
"""By the kind of error; others are said as they are."""


class Commands(TyperGroup):
    """A group of commands whose errors of use are said in both languages."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The group's own arguments."""
        with _in_both():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """The command, its arguments read before."""
        with _in_both():
            return super().invoke(ctx)


@contextmanager
def _in_both() -> Iterator[None]:
    try:
        yield
    except MISUSE as error:
        meaning = MEANINGS.get(type(error).__name__)
        if meaning is None:
            raise
        raise MISUSE(f"{meaning} · {error.format_message()}", ctx=error.ctx) from None
