"""Names that load their rooms when somebody uses them: public names of a package, functions in a list."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType


def loaded(home: str) -> object:
    """What has its home there, "module:name"."""
    room, _, name = home.partition(":")
    return getattr(import_module(room), name)


def on_use(package: str, homes: Mapping[str, str]) -> None:
    """The package has these public names from now on, each with its home, "module:name".

    Rooms of the package that are called like public names, as ``siting.audit`` is, do not hide them.
    """
    module = sys.modules[package]
    vars(module)["_homes"] = homes
    module.__class__ = _Package


class _Package(ModuleType):
    """A package whose public names are not loaded yet."""

    _homes: Mapping[str, str]

    def __getattr__(self, name: str) -> object:
        if name not in self._homes:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return loaded(self._homes[name])

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in self._homes and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *self._homes})
