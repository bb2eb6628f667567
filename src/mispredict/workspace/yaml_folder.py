"""Folders of YAML files, one thing each, that people review with git."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from mispredict.core.errors import BadOption
from mispredict.store.disk import refusing


class Given(Protocol):
    """A thing as a file has it."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def name(self) -> str:
        """Of the thing."""


G = TypeVar("G", bound=Given)


def write_folder(
    folder: Path, values: Mapping[str, Mapping[str, Any]], *, things: str
) -> list[Path]:
    """A file per thing, by its name.

    Raises:
        BadOption: the folder is a file.
    """
    import yaml

    if folder.exists() and not folder.is_dir():
        raise BadOption(
            f"{str(folder)!r} is not a folder.",
            known=f"{things.capitalize()}s are written as one file each.",
            hint=f"{str(folder.with_name(f'{things}s'))!r}",
        )
    with refusing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, value in values.items():
            text = yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=100)
            path = folder / f"{name}.yaml"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return paths


def read_folder(folder: Path, read: Callable[[Path, Any], G], *, things: str) -> dict[str, G]:
    """Every thing of a folder by its name, after reading all of the files.

    Args:
        folder: with a file per thing.
        read: from a file and what is in it.
        things: what they are, such as "cohort".

    Raises:
        BadOption: there is no file, one is no YAML, or two are of one name.
    """
    hint = f"a folder that export_{things}s wrote"
    files = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not files:
        raise BadOption(
            f"there are no YAML files in {str(folder)!r}.",
            known="It is a folder." if folder.is_dir() else "There is no such folder.",
            hint=hint,
        )
    found: dict[str, G] = {}
    for path in files:
        given = read(path, _loaded(path, f"a file that export_{things}s wrote"))
        if given.name in found:
            raise BadOption(
                f"{path}: the {things} {given.name!r} is in another file too.",
                known=f"That is {found[given.name].path}.",
                hint=f"one file per {things}",
            )
        found[given.name] = given
    return found


def _loaded(path: Path, hint: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadOption(
            f"{path} is not valid YAML.", known=f"Reading said: {error}", hint=hint
        ) from error
    except OSError as error:
        raise BadOption(
            f"{path} cannot be read.",
            known=f"The system says: {error.strerror or error}.",
            hint=hint,
        ) from error
