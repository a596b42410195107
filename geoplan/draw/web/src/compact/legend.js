/** What the colours of the compact layers of a map mean: one box for all of them, a part for each layer that is shown. */

const boxes = new WeakMap();

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function drawKey(look, type) {
  const key = make("i", `geoplan-key geoplan-key-${type}`);
  key.style.background = (type !== "line" && look.fill) || look.color;
  key.style.borderColor = look.color;
  return key;
}

function drawPart({ options, data }) {
  const part = make("section", "");
  part.append(make("b", "", options.title));
  for (const look of data ? data.looks : []) {
    const row = make("div", "");
    row.append(drawKey(look, options.type), document.createTextNode(look.name));
    part.append(row);
  }
  return part;
}

function redraw(box) {
  box.element.textContent = "";
  const told = box.layers.filter((layer) => layer.options.legend);
  for (const layer of told) box.element.append(drawPart(layer));
  box.element.hidden = !told.length;
}

/** The box of a map, made when the first layer comes. */
function boxOf(L, map) {
  if (!boxes.has(map)) {
    const control = L.control({ position: "bottomright" });
    const box = { element: make("div", "geoplan-legend"), layers: [] };
    control.onAdd = () => box.element;
    control.addTo(map);
    boxes.set(map, box);
  }
  return boxes.get(map);
}

/** Puts a layer into its map's legend, or takes it out; one that is there stays in its place. */
export function tellLegend(L, map, layer, shown) {
  const box = boxOf(L, map);
  if (!shown) box.layers = box.layers.filter((one) => one !== layer);
  else if (!box.layers.includes(layer)) box.layers.push(layer);
  redraw(box);
}

/** The compact layers that a map shows, lowest first. */
export function listShown(map) {
  return boxes.has(map) ? boxes.get(map).layers : [];
}

/** The style sheet of legend and cards, once a page. */
export function addStyles() {
  const styles = document.createElement("style");
  styles.textContent = `.geoplan-legend{background:rgba(255,255,255,.92);border:1px solid #c9cfd2;border-radius:3px;padding:5px 9px;font:12px/1.5 "Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#22303a;max-height:50vh;overflow:auto}
.geoplan-legend b{display:block}.geoplan-legend section+section{margin-top:5px}.geoplan-key{display:inline-block;width:16px;height:11px;margin-right:6px;border:1px solid;vertical-align:-1px}
.geoplan-key-line{height:0;border-width:3px 0 0;vertical-align:3px}.geoplan-key-point{width:9px;height:9px;border-radius:50%;margin-left:3px}
.geoplan-card table{border-collapse:collapse}.geoplan-card th{text-align:right;font-weight:400;color:#67737c;padding-right:8px;white-space:nowrap;vertical-align:top}.geoplan-card td{overflow-wrap:anywhere}`;
  document.head.append(styles);
}
