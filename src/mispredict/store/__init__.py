"""How a workspace is kept on disk: a catalog, immutable parts, versions. The only writer."""

from mispredict.store.cache import Cache
from mispredict.store.doctor import Checkup, CheckupRow
from mispredict.store.parts import Part
from mispredict.store.recording import Code, Meter, Recording, Usage, capture, meter
from mispredict.store.store import Store
from mispredict.store.versions import Difference, Lineage, Version, VersionDiff

__all__ = [
    "Cache",
    "Checkup",
    "CheckupRow",
    "Code",
    "Difference",
    "Lineage",
    "Meter",
    "Part",
    "Recording",
    "Store",
    "Usage",
    "Version",
    "VersionDiff",
    "capture",
    "meter",
]
