"""The compact layer for any ``folium.Map``: whole layers in few bytes, drawn from typed arrays, without a network."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import folium
import geopandas as gpd
from branca.element import Figure
from folium.template import Template

from geoplan.draw.compact import BITS, classify_shapes, pack_layer
from geoplan.draw.offline import InlineAsset, OfflineFigure
from geoplan.draw.packed import Pack, begin_zip
from geoplan.draw.programs import read_program
from geoplan.draw.style import PLAIN, Style
from geoplan.errors import GeoplanError

LEVEL = 5
"""How hard gzip tries: the next one saves a four-hundredth and takes a quarter longer."""


PLACE = "geoplan_packed_"
"""How the element with the data of a layer is called, before its number among those of a page."""


class CompactLayer(folium.map.Layer):
    """Every feature of a GeoDataFrame, in any CRS, as a layer of any ``folium.Map``, in a notebook too.

    ``columns`` go into the page (all but the geometry by default); of them, ``tooltip`` is told when a feature is pointed
    at and ``popup`` when it is clicked, under the headings of ``names``; ``label`` is written on the map where there is room, along
    lines, and never one over another. ``style`` may have categories or classes
    (:func:`geoplan.categorise`, :func:`geoplan.classify`), which the legend explains. ``opacity`` is from 0 to 1; a layer lies over
    those of its kind that were added before it. All of them lie over folium's own shapes if the map shows some when the first of
    them is shown, else under them. Coordinates are kept to about 0.15 m
    (``bits`` 28; 22 is 10 m, for the public). On the page, ``layer.filter(["type"], type => type === "温室")`` shows a part
    of the features, whether or not the layer has come yet (``layer.ready``); dates and times are texts there ("2023-03-01").

    Raises GeoplanError for a frame without a CRS or with coordinates that its CRS cannot place, for columns that it does not
    have, all named, and for a name that two columns bear; ValueError for more than 28 bits.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = GeoplanCompact.layer("{{ this.place }}", {{ this.options_json }});
        {% endmacro %}
        """)

    def __init__(  # noqa: PLR0913 -- a choice an argument
        self,
        frame: gpd.GeoDataFrame,
        style: Style | None = None,
        *,
        name: str | None = None,
        columns: Sequence[str] | None = None,
        tooltip: Sequence[str] = (),
        popup: Sequence[str] = (),
        label: str = "",
        names: Mapping[str, str] | None = None,
        legend: bool = True,
        opacity: float = 1.0,
        bits: int = BITS["internal"],
        overlay: bool = True,
        control: bool = True,
        show: bool = True,
    ) -> None:
        super().__init__(name=name, overlay=overlay, control=control, show=show)
        self._name = "CompactLayer"
        if not 0 < bits <= BITS["internal"]:
            raise ValueError(f"bits: {bits}")
        look = style or PLAIN
        told = [*(columns if columns is not None else frame.columns.drop(frame.geometry.name))]
        wanted = dict.fromkeys([*told, *tooltip, *popup, *(name for name in (look.by, label) if name)])
        if frame.crs is None:
            raise GeoplanError("layer-without-crs", kind=name or "")
        if missing := [column for column in wanted if column not in frame]:
            raise GeoplanError("layer-without-column", kind=name or "", columns="、".join(map(str, missing)))
        if twice := sorted({str(column) for column in wanted if (frame.columns == column).sum() > 1}):
            raise GeoplanError("layer-column-twice", kind=name or "", columns="、".join(twice))
        self.place = f"{PLACE}0"
        try:
            self._zipping = begin_zip(encode_layer(frame, [*wanted], bits), LEVEL)
        except ValueError:
            raise GeoplanError("layer-beyond-crs", kind=name or "", crs=frame.crs.to_string()) from None
        self.options_json = _write_json(
            {
                "style": look.as_page(),
                "title": name or "",
                "tooltip": [*tooltip],
                "popup": [*popup],
                "label": label,
                "names": dict(names or {}),
                "legend": legend,
                "opacity": opacity,
                "type": classify_shapes(frame.geometry.array),
            }
        )

    @cached_property
    def packed(self) -> str:
        """The layer as a page holds it: base64 of the gzip of a packed document."""
        return base64.b64encode(self.__dict__.pop("_zipping")()).decode("ascii")

    def __getstate__(self) -> dict[str, Any]:
        """The layer to be copied or pickled: with its bytes, whether or not they are all there yet."""
        self.packed  # noqa: B018 -- waits for them
        return dict(super().__getstate__())

    def render(self, **kwargs: Any) -> str:
        """Render into the page, which gets the layer's data, and the program once."""
        figure = self.get_root()
        if isinstance(figure, Figure):
            whole = not isinstance(figure, OfflineFigure)
            self.place = f"{PLACE}{sum(key.startswith(PLACE) for key in figure.header._children)}"  # noqa: SLF001
            program, data = read_program("compact.js"), self.packed
            figure.header.add_child(
                InlineAsset("script", "geoplan_compact", None, whole=whole, text=program), name="geoplan_compact"
            )
            block = InlineAsset("script", self.place, None, whole=whole, text=data, block=True)
            figure.header.add_child(block, name=self.place)
        told = super().render(**kwargs)  # type: ignore[no-untyped-call]
        return str(told or "")


def encode_layer(frame: gpd.GeoDataFrame, columns: Sequence[str], bits: int = BITS["internal"]) -> bytes:
    """A packed document whose ``layer`` is the frame."""
    pack = Pack()
    return pack.write({"layer": pack_layer(pack, frame, columns, bits)})


def _write_json(options: Any) -> str:
    """JSON that may stand in a script."""
    text = json.dumps(options, ensure_ascii=False, default=str)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
