"""Places put on the network at the nearest point of an edge, and the places for which that goes wrong, by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from siting.errors import Fault
from siting.network.build import edge_tree
from siting.network.graph import RoadNetwork, Snapped
from siting.study import FloatArray, IntArray, Remark
from siting.words import Phrase, name_some

NEARER_M = 1e-6
"""A road nearer by less than this is not nearer."""


def snap(network: RoadNetwork, x: FloatArray, y: FloatArray) -> Snapped:
    """Places (P,) at the nearest point of an edge of the larger pieces; of edges equally near, the first.

    A place beside an edge longer than the straight line between its ends lies at the same share of both.
    """
    return _snap_to(network.usable, network.tree, network, x, y)


def _snap_to(edges: IntArray, tree: shapely.STRtree, network: RoadNetwork, x: FloatArray, y: FloatArray) -> Snapped:
    """Places at the nearest of some edges, of equals the first; tree is the index of those edges."""
    place, near = tree.query_nearest(shapely.points(x, y), all_matches=True)
    first = np.full(len(x), len(edges), dtype=np.int64)
    np.minimum.at(first, place, near)
    edge = edges[first]
    share, leg_m = _foot(network, edge, x, y)
    return Snapped(edge, share * network.length_m[edge], leg_m)


def _foot(network: RoadNetwork, edge: IntArray, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Where the straight line from a place meets its edge: the share of the edge from its tail, and the metres."""
    tail, head = network.tail[edge], network.head[edge]
    run_x, run_y = network.x[head] - network.x[tail], network.y[head] - network.y[tail]
    from_x, from_y = x - network.x[tail], y - network.y[tail]
    squared = run_x**2 + run_y**2
    share = np.divide(from_x * run_x + from_y * run_y, squared, out=np.zeros(len(x)), where=squared > 0).clip(0.0, 1.0)
    return share, np.hypot(from_x - share * run_x, from_y - share * run_y)


def snap_faults(
    network: RoadNetwork, snapped: Snapped, names: Sequence[str], limit_m: float, file: str
) -> tuple[Fault, ...]:
    """One fault that names the places farther than the limit from the roads they are put on; none if all are near."""
    beyond = np.flatnonzero(snapped.leg_m > limit_m)
    if not len(beyond):
        return ()
    beyond = beyond[np.argsort(-snapped.leg_m[beyond], kind="stable")]
    named = name_some([f"{names[place]} ({snapped.leg_m[place]:.0f} m)" for place in beyond.tolist()])
    what = Phrase(
        f"{len(snapped)} 处中有 {len(beyond)} 处距任何道路超过 {limit_m:g} 米：{named.zh}。",
        f"{len(beyond)} of {len(snapped)} places lie more than {limit_m:g} m from any road: {named.en}.",
    )
    return (Fault(file, what, _way_out(network, limit_m)),)


def _way_out(network: RoadNetwork, limit_m: float) -> Phrase:
    detached = len(np.unique(network.component[network.is_fragment]))
    zh, en = "补上缺少的道路", "add the missing track"
    if detached:
        zh += f"，接通 {detached} 段孤立道路"
        en += f", join the {detached} detached pieces of road"
    return Phrase(
        f"请更正位置，{zh}，或调大 study.toml 的 snap_limit_m（现为 {limit_m:g}）。",
        f"Move them, {en}, or raise `snap_limit_m` in study.toml (now {limit_m:g}).",
    )


def detached(
    network: RoadNetwork, x: FloatArray, y: FloatArray, snapped: Snapped, names: Sequence[str], file: str
) -> Remark | None:
    """The places whose nearest road is on a fragment, with the metres to it and to the road they were put on."""
    if not network.is_fragment.any():
        return None
    fragments = np.flatnonzero(network.is_fragment[network.tail])
    tree = edge_tree(network, fragments)
    near = np.unique(tree.query(shapely.points(x, y), predicate="dwithin", distance=snapped.leg_m)[0])
    nearest = _snap_to(fragments, tree, network, x[near], y[near])
    is_nearer = nearest.leg_m < snapped.leg_m[near] - NEARER_M
    if not is_nearer.any():
        return None
    legs = zip(near[is_nearer].tolist(), nearest.leg_m[is_nearer], snapped.leg_m[near[is_nearer]], strict=True)
    return Remark(file, _passed_over([(names[place], leg_m, taken_m) for place, leg_m, taken_m in legs], len(x)))


def _passed_over(legs: Sequence[tuple[str, float, float]], every: int) -> Phrase:
    """Of every place, those with their names, the metres to the nearest road and to the one they were put on."""
    zh = name_some([f"{name}（{near:.0f} 米，改接 {taken:.0f} 米）" for name, near, taken in legs]).zh
    en = name_some([f"{name} ({near:.0f} m, taken {taken:.0f} m)" for name, near, taken in legs]).en
    return Phrase(
        f"{every} 处中有 {len(legs)} 处最近的道路与路网不连通，已接到连通的道路：{zh}。",
        f"{len(legs)} of {every} places lie nearest a detached road and were put on another instead: {en}.",
    )


def pieces(network: RoadNetwork, file: str) -> Remark | None:
    """How many connected pieces the roads fall into and how much the largest holds; None where it is one piece."""
    size: NDArray[np.int64] = np.bincount(network.component)
    if len(size) < 2:
        return None
    share, fragments = size[0] / size.sum(), len(np.unique(network.component[network.is_fragment]))
    return Remark(
        file,
        Phrase(
            f"路网分为 {len(size)} 个互不连通的部分，最大部分含 {share:.1%} 的节点；"
            f"其中 {fragments} 个零碎部分不接入任何地点。",
            f"The roads fall into {len(size)} pieces; the largest holds {share:.1%} of the nodes. "
            f"Nothing is put on {fragments} fragments.",
        ),
    )
