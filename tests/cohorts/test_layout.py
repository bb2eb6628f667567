"""Points on a plane: neighbours stay neighbours, further points come to theirs."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from mispredict.cohorts.layout import FEWEST, Layout, lay_out, trustworthiness
from mispredict.engine.jit import has_numba

needs_loops = pytest.mark.skipif(not has_numba(), reason="numba is not installed")
GROUPS = 25  # more than a plane of two directions has room for


def groups(n: int, seed: int = 0, *, width: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Points around some centres, and which centre each is of."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(scale=5, size=(GROUPS, width))
    group = random.integers(0, GROUPS, n)
    return centres[group] + random.normal(size=(n, width)), group


def neighbours_of_own_group(places: np.ndarray, group: np.ndarray) -> float:
    """Share of points whose nearest other point on the plane is of their group."""
    squares = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    return float((group[squares.argmin(axis=1)] == group).mean())


@needs_loops
def test_groups_come_apart_and_neighbours_stay_together() -> None:
    points, group = groups(800)
    layout = lay_out(points)
    assert layout.method == "umap"
    assert neighbours_of_own_group(layout.places, group) == 1
    plane = points @ np.linalg.svd(points - points.mean(axis=0))[2][:2].T
    judged = trustworthiness(points, layout.places)
    assert 0.9 < judged <= 1
    assert judged > trustworthiness(points, plane) + 0.05


@needs_loops
def test_further_points_come_to_their_group() -> None:
    points, group = groups(1500)
    layout = lay_out(points[:1000])
    placed = layout.place(points[1000:])
    places = np.concatenate([layout.places, placed])
    assert neighbours_of_own_group(places, group) > 0.99
    assert trustworthiness(points, places) > 0.9
    assert np.isfinite(layout.place(np.full((1, points.shape[1]), 1e6))).all()


@needs_loops
def test_the_same_seed_gives_the_same_places() -> None:
    points, _ = groups(200)
    more, _ = groups(50, seed=1)
    first, again, other = lay_out(points), lay_out(points), lay_out(points, seed=1)
    assert np.array_equal(first.places, again.places)
    assert np.array_equal(first.place(more), again.place(more))
    assert not np.array_equal(first.places, other.places)


AWKWARD = {
    "all alike": np.ones((300, 4)),
    "two places": np.repeat([[0.0, 0, 0], [1, 0, 0]], 150, axis=0),
    "copies": np.repeat(np.random.default_rng(0).normal(size=(20, 5)), 40, axis=0),
    "a line": np.arange(200.0)[:, None],
    "far away": np.concatenate([np.random.default_rng(0).normal(size=(199, 3)), [[1e9] * 3]]),
    "tiny": np.random.default_rng(0).normal(size=(100, 3)) * 1e-200,
}


@pytest.mark.parametrize("points", AWKWARD.values(), ids=AWKWARD)
def test_awkward_points_have_places(points: np.ndarray) -> None:
    layout = lay_out(points)
    assert layout.places.shape == (len(points), 2)
    assert np.isfinite(layout.places).all()
    assert np.isfinite(layout.place(points[:7])).all()


def is_plane(layout: Layout, points: np.ndarray) -> bool:
    centred = points - points.mean(axis=0)
    strength = np.linalg.svd(centred, compute_uv=False)
    spread = np.linalg.svd(layout.places, compute_uv=False)
    return layout.method == "pca" and np.allclose(spread, strength[:2])


def test_few_points_are_seen_from_their_two_main_directions() -> None:
    points, _ = groups(FEWEST - 1)
    layout = lay_out(points)
    assert is_plane(layout, points)
    assert np.allclose(layout.place(points), layout.places)
    assert np.isnan(trustworthiness(points[:30], layout.places[:30]))


def test_without_compiled_loops_there_are_two_main_directions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MISPREDICT_NUMBA", "0")
    points, _ = groups(300)
    assert is_plane(lay_out(points), points)


@needs_loops
def test_the_work_is_told_and_can_be_stopped() -> None:
    class Stopped(Exception):
        pass

    seen: list[float] = []

    def watch(share: float) -> None:
        seen.append(share)
        if share >= 0.5:
            raise Stopped

    with pytest.raises(Stopped):
        lay_out(groups(100)[0], watch=watch)
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] == 0.5


@pytest.mark.slow
@needs_loops
def test_neighbours_are_kept_as_well_as_by_umap_learn() -> None:
    points, _ = groups(2000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is not installed, and of groups far apart
        umap = pytest.importorskip("umap")
        theirs = umap.UMAP(random_state=0, n_jobs=1).fit_transform(points)
    assert trustworthiness(points, lay_out(points).places) > trustworthiness(points, theirs) - 0.02
