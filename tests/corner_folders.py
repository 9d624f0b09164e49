"""A small world folder with a gate, a cut-off street and outlets by node and by degrees, to be corrected."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "world.toml": """\
name = "corner"
crs = "local"
synthetic = true
sources = ["drawn for tests"]

[population]
residents = 300
seed = 4

[title]
zh = "街角"
""",
    "nodes.csv": """\
node,x_m,y_m,lon,lat
1,0,0,116.300000,40.000000
2,100,0,116.301174,40.000000
3,100,100,116.301174,40.000899
4,0,100,116.300000,40.000899
8,150,100,116.301761,40.000899
9,180,100,116.302113,40.000899
""",
    "edges.csv": """\
from_node,to_node,length_m,gate,locked
1,2,100.5,,
2,3,100.5,south,1
3,4,100.5,,
4,1,100.5,,
8,9,31,,
""",
    "facilities.csv": """\
facility,node,lon,lat,format,name,hours,servers
shop,2,,,convenience_store,Corner shop,24/7,2
buns,3,,,breakfast_shop,Uncle Li,,
more-buns,,116.3006,40.0000,breakfast_shop,Aunt Wu,Mo-Su 06:00-09:00,
canteen,4,,,community_canteen,食堂,,
""",
    "homes.csv": "home,node,weight\na,1,2\nb,4,1\n",
}


def write_corner(folder: Path, **changed: str) -> Path:
    """Write the folder, with the text of some files (dots as underscores) changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.replace(".", "_"), text), encoding="utf-8")
    return folder
