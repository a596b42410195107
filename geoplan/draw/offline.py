"""A ``folium.Map`` that asks the network for nothing: every script and style it links is inside the page.

folium links some ten files on four hosts even for a map without tiles, and gives every element a random id.
Here the links are swapped after rendering, on the page alone (folium's own lists belong to all maps), what is
not used is left out, and ids are numbered in their order, so that the same map gives the same bytes.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, Link
from folium import LayerControl

from geoplan.errors import GeoplanError
from geoplan.files import write_text

_LOCAL_COPIES = (
    (re.compile(r"/leaflet(?:\.min)?\.js$"), "leaflet.js"),
    (re.compile(r"/leaflet(?:\.min)?\.css$"), "leaflet.css"),
    (re.compile(r"/jquery(?:-3[\d.]*)?(?:\.min)?\.js$"), "jquery.min.js"),
    (re.compile(r"/bootstrap(?:\.bundle)?(?:\.min)?\.js$"), "bootstrap.bundle.min.js"),
    (re.compile(r"/bootstrap(?:\.min)?\.css$"), "bootstrap.min.css"),
    (re.compile(r"/bootstrap-glyphicons\.css$"), "bootstrap-glyphicons.css"),
    (re.compile(r"fontawesome.*/all(?:\.min)?\.css$"), "fontawesome.all.min.css"),
    (re.compile(r"/leaflet\.awesome-markers(?:\.min)?\.js$"), "leaflet.awesome-markers.js"),
    (re.compile(r"/leaflet\.awesome-markers(?:\.min)?\.css$"), "leaflet.awesome-markers.css"),
    (re.compile(r"/leaflet\.awesome\.rotate(?:\.min)?\.css$"), "leaflet.awesome.rotate.css"),
    (re.compile(r"/ui/[\d.]+/jquery-ui(?:\.min)?\.js$"), "jquery-ui.js"),
)
_STAND_INS = {"jquery-ui.js": "jQuery.fn.draggable = function () { return this; };"}
"""For what geopandas' explore() links only so that its legend can be dragged: it stays where it is."""
_NEEDED_BY = {
    "jquery.min.js": re.compile(r"\$\(|\$\.|jQuery"),
    "bootstrap.min.css": re.compile(
        r"bind(?:Popup|Tooltip)\(|L\.(?:popup|tooltip|control\.layers)\(|innerHTML|setContent|DomUtil\.create|createElement|class(?:Name)?\s*[=:]\s*\\?[\"'](?!folium-map)"
        r"|(?:<|\\u003c)(?!(?:html|head|meta|title|link|style|script|body)\b|div class=\"folium-map\")[a-z]",
        re.IGNORECASE,
    ),
    "bootstrap.bundle.min.js": re.compile(r"data-bs-|\bbootstrap\."),
    "bootstrap-glyphicons.css": re.compile(r"glyphicon"),
    "fontawesome.all.min.css": re.compile(r"\"prefix\": \"fa|class=\\?[\"'][^\"'>]*\bfa[srlbd]?\b"),
    "leaflet.awesome-markers.js": re.compile(r"AwesomeMarkers"),
    "leaflet.awesome-markers.css": re.compile(r"AwesomeMarkers|awesome-marker"),
    "leaflet.awesome.rotate.css": re.compile(r"fa-rotate-[1-9]"),
}
"""What of a page tells that a file is used; a file that is not named here is always taken along, as are all with a copy of the
user's own, which may make use of any."""
_REMOTE = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_REQUESTS = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*?\s(?:src|href|data)\s*=\s*[\"']?"
    r"((?:https?:)?//[^\"'\s>]+)"
    r"|(?:url\(\s*[\"']?|@import\s+[\"'])((?:https?:)?//[^\"'\s)]+)",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"<(?:(script)\b[^>]*?\ssrc|(?:link)\b[^>]*?\shref)\s*=\s*[\"']?((?:https?:)?//[^\"'\s>]+)[^>]*>(?:\s*</script>)?",
    re.IGNORECASE,
)
_ADDRESSES = ("tiles", "url", "video_url", "embed_link")
_MARK = re.compile(r"<!--asset (?:script|style) [^>]*-->")
_TOKEN = re.compile(r"[0-9a-f]{32}")


class OfflineMap(folium.Map):
    """A ``folium.Map`` whose saved page makes no request; anything of folium can be added to it.

    ``tiles`` is none unless told. ``allowed`` are beginnings of the addresses that tiles and pictures may come
    from, such as a tile server of the office's own. ``assets`` are local copies for what a plugin links, by the
    link or by its file name. ``title`` is the page's. All else is as for ``folium.Map``.

    Rendering raises GeoplanError for a link that there is no local copy of, and for tiles that are not allowed.
    """

    def __init__(
        self,
        location: Sequence[float] | None = None,
        *,
        tiles: Any = None,
        allowed: Sequence[str] = (),
        assets: Mapping[str, str | Path] | None = None,
        title: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(location, tiles=tiles, **kwargs)
        self.default_js, self.default_css = list(self.default_js), list(self.default_css)
        self.allowed = tuple(allowed)
        self.assets = dict(assets or {})
        OfflineFigure(title=title).add_child(self)

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 - folium's own
        """Save the page, whole or not at all, to a path or a binary file. Raises GeoplanError as rendering does."""
        page = self.get_root().render(**kwargs)
        if isinstance(outfile, (str, bytes, Path)):
            write_text(Path(os.fsdecode(outfile)), page)
            return
        outfile.write(page.encode("utf-8"))
        if close_file:
            outfile.close()

    def render(self, **kwargs: Any) -> str:
        """Render into the page that the map is in, and swap the links that it brought there.

        What switches layers is rendered last, whatever was added after it: it must know them all.
        """
        self._children = OrderedDict(sorted(self._children.items(), key=lambda item: isinstance(item[1], LayerControl)))
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        root = self.get_root()
        if isinstance(root, Figure) and not isinstance(root, OfflineFigure):
            check_addresses(walk_elements(self), self.allowed)
            swap_links(root, self.assets, inline=True)
        return ""


def save_offline(
    map_: folium.Map,
    outfile: str | Path,
    *,
    allowed: Sequence[str] = (),
    assets: Mapping[str, str | Path] | None = None,
) -> None:
    """Save the page of any ``folium.Map`` so that it makes no request; ``allowed`` and ``assets`` as for OfflineMap.

    What was put on its page beside it (``map_.get_root().html.add_child``, ``header``, ``script``) comes along. The map stays as it
    was. Raises GeoplanError for a link that there is no local copy of, and for tiles (folium's own
    default among them: ``tiles=None``) and pictures from elsewhere; OutputError where the file cannot be written.
    """
    parent = map_._parent  # noqa: SLF001 - branca has no other way
    figure = OfflineFigure(title=getattr(parent, "title", None), allowed=allowed, assets=assets)
    try:
        _take_along(figure, parent)
        figure.add_child(map_)
        write_text(Path(outfile), figure.render())
    finally:
        map_._parent = parent  # noqa: SLF001


def _take_along(figure: Figure, parent: Any) -> None:
    """What the user put on the page of a map beside it: titles, styles, scripts."""
    if isinstance(parent, Figure):
        for part in ("header", "html", "script"):
            getattr(figure, part)._children.update(getattr(parent, part)._children)  # noqa: SLF001 - branca has no other way


class OfflineFigure(Figure):
    """The page of an :class:`OfflineMap`: rendered, swapped, looked over and numbered."""

    def __init__(
        self, title: str | None = None, *, allowed: Sequence[str] = (), assets: Mapping[str, str | Path] | None = None
    ) -> None:
        super().__init__(title=title)
        self.allowed, self.assets = tuple(allowed), dict(assets or {})

    def render(self, **kwargs: Any) -> str:
        """The whole page as HTML."""
        with _keep_children(self):
            for child in list(self._children.values()):
                child.render(**kwargs)
            maps = [child for child in self._children.values() if isinstance(child, OfflineMap)]
            allowed = (*self.allowed, *(address for item in maps for address in item.allowed))
            elements = list(walk_elements(self))
            check_addresses(elements, allowed)
            own = {**self.assets, **{link: file for item in maps for link, file in item.assets.items()}}
            swap_links(self, own)
            page, more = swap_tags(self._template.render(this=self, kwargs=kwargs), own, allowed)
            check_requests(page, allowed)
            swapped = [element for element in walk_elements(self) if isinstance(element, InlineAsset)]
            return _fill_in(number_ids(page, elements), [*swapped, *more])


class InlineAsset(Element):
    """A script or style that stands inside the page; a mark stands for it until the page is done.

    ``text`` is one that needs no making safe, else it is read from the ``file`` or is a copy that came with the package.
    A ``block`` is data that the page's scripts find by its name: a browser neither reads nor copies it before.
    """

    def __init__(
        self, kind: str, name: str, file: Path | None, *, whole: bool, text: str | None = None, block: bool = False
    ) -> None:
        super().__init__()
        self.kind, self.name, self.file, self.whole, self.text, self.block = kind, name, file, whole, text, block

    def render(self, **_: Any) -> str:
        """The mark, or the asset itself."""
        return self.write() if self.whole else self.mark

    @property
    def mark(self) -> str:
        """What stands for the asset while the page is looked over."""
        return f"<!--asset {self.kind} {self.name}-->"

    def write(self) -> str:
        """The script or style element, its text made safe to stand in one."""
        if self.text is not None:
            return f"<{self.kind}{self._tell_block()}>{self.text}</{self.kind}>"
        text = self.file.read_text(encoding="utf-8") if self.file else read_asset(self.name)
        safe = re.sub(f"</({self.kind})", r"<\\/\1", text, flags=re.IGNORECASE)
        return f"<{self.kind}>{safe}</{self.kind}>"

    def _tell_block(self) -> str:
        return f' type="text/plain" id="{self.name}"' if self.block else ""

    def is_used(self, page: str) -> bool:
        """Whether anything on the page makes use of it."""
        needed = None if self.file or self.text is not None else _NEEDED_BY.get(self.name)
        return needed is None or bool(needed.search(page))


@cache
def read_asset(name: str) -> str:
    """A local copy that came with the package. Raises GeoplanError if the package was not built."""
    if name in _STAND_INS:
        return _STAND_INS[name]
    place = resources.files("geoplan").joinpath("draw", "web", "dist", "vendor", name)
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GeoplanError("map-asset-unbuilt", name=name) from None


def swap_links(figure: Figure, assets: Mapping[str, str | Path], *, inline: bool = False) -> None:
    """Put local copies in the place of the scripts and styles that a page links.

    ``assets`` are copies of the user's own. Raises GeoplanError for a link without a copy.
    """
    for part in (figure.header, figure.html, figure.script):
        for key, element in list(part._children.items()):  # noqa: SLF001 - branca has no other way
            if isinstance(element, (JavascriptLink, CssLink)) and not str(element.url).startswith("data:"):
                kind = "script" if isinstance(element, JavascriptLink) else "style"
                part._children[key] = _find_copy(kind, element.url, assets, inline=inline)  # noqa: SLF001


def swap_tags(page: str, assets: Mapping[str, str | Path], allowed: Sequence[str]) -> tuple[str, list[InlineAsset]]:
    """Do the same for links that a plugin wrote into the page as HTML; gives the page and what was put into it."""
    swapped: list[InlineAsset] = []

    def replace(found: re.Match[str]) -> str:
        if found[2].startswith(tuple(allowed)):
            return found[0]
        swapped.append(_find_copy("script" if found[1] else "style", found[2], assets, inline=False))
        return swapped[-1].mark

    return _TAGS.sub(replace, page), swapped


def check_addresses(elements: Iterable[Element], allowed: Sequence[str]) -> None:
    """See that no layer asks for tiles or pictures elsewhere. Raises GeoplanError, naming the address."""
    for element in elements:
        if isinstance(element, Link):
            continue
        options = getattr(element, "options", None) or {}
        found = [getattr(element, name, None) for name in _ADDRESSES]
        if isinstance(options, Mapping):
            found += [value for key, value in options.items() if "url" in str(key).lower()]
        for address in found:
            if isinstance(address, str) and _REMOTE.match(address) and not address.startswith(tuple(allowed)):
                raise GeoplanError("map-address-refused", address=address, layer=type(element).__name__)


def check_requests(page: str, allowed: Sequence[str]) -> None:
    """See that nothing written into a page asks for a file elsewhere. Raises GeoplanError, naming the link."""
    for found in _REQUESTS.finditer(page):
        link = found[1] or found[2]
        if not link.startswith(tuple(allowed)):
            raise GeoplanError("map-asset-missing", link=link)


def walk_elements(element: Element, seen: set[int] | None = None) -> Iterator[Element]:
    """An element with all that it holds, as children or as attributes, each once."""
    seen = set() if seen is None else seen
    if id(element) in seen:
        return
    seen.add(id(element))
    yield element
    for name, value in vars(element).items():
        if name != "_parent":
            for item in _list_held(value):
                yield from walk_elements(item, seen)


def number_ids(page: str, elements: Iterable[Element]) -> str:
    """The page with the random ids of its elements replaced by numbers, in the order in which they appear."""
    known = {element._id for element in elements}  # noqa: SLF001 - branca has no other way
    numbers: dict[str, str] = {}

    def replace(found: re.Match[str]) -> str:
        token = found[0]
        return numbers.setdefault(token, f"{len(numbers) + 1:032x}") if token in known else token

    return _TOKEN.sub(replace, page)


@contextmanager
def _keep_children(root: Element) -> Iterator[None]:
    """Undo what rendering adds to the tree: folium's markers grow with each time that they are rendered."""
    before = [(element, list(element._children.items())) for element in walk_elements(root)]  # noqa: SLF001
    try:
        yield
    finally:
        for element, children in before:
            element._children.clear()  # noqa: SLF001 - branca has no other way
            element._children.update(children)  # noqa: SLF001


def _find_copy(kind: str, link: str, assets: Mapping[str, str | Path], *, inline: bool) -> InlineAsset:
    plain = re.split(r"[?#]", link, maxsplit=1)[0]
    name = plain.rsplit("/", 1)[-1]
    own = assets.get(link) or assets.get(name)
    if own:
        return InlineAsset(kind, name, Path(own), whole=inline)
    for pattern, copy in _LOCAL_COPIES:
        if pattern.search(plain):
            return InlineAsset(kind, copy, None, whole=inline)
    raise GeoplanError("map-asset-missing", link=link)


def _fill_in(page: str, assets: Iterable[InlineAsset]) -> str:
    bare, listed = _MARK.sub("", page), [*assets]
    own = any(asset.file for asset in listed)
    used = {asset.mark: asset.write() if own or asset.is_used(bare) else "" for asset in listed}
    return _MARK.sub(lambda found: used.pop(found[0], ""), page)  # what is linked twice stands there once


def _list_held(value: Any) -> Iterable[Element]:
    items: Iterable[Any] = (value,)
    if isinstance(value, Mapping):
        items = value.values()
    elif isinstance(value, (list, tuple)):
        items = value
    return [item for item in items if isinstance(item, Element)]
