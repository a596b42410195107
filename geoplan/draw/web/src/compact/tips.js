/** What a feature says when it is pointed at and when it is clicked: text, never markup. */

function element(tag, text, parent) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

function show(value) {
  if (typeof value === "boolean") return value ? "是" : "否";
  return value == null ? "" : String(value);
}

/** The values of some columns of a feature, as [name, text], without those that have none. */
function listFacts(layer, index, columns) {
  return columns.map((name) => [layer.names[name] || name, show(layer.value(name, index))]).filter(([, text]) => text);
}

/** One line for the pointer; null where there is nothing to say. */
export function makeTip(layer, index, columns) {
  const texts = listFacts(layer, index, columns).map(([, text]) => text);
  return texts.length ? element("span", texts.join(" · ")) : null;
}

/** A table for a click; null where there is nothing to say. */
export function makeCard(layer, index, columns, title) {
  const facts = listFacts(layer, index, columns);
  if (!facts.length) return null;
  const card = document.createElement("div");
  card.className = "geoplan-card";
  if (title) element("b", title, card);
  const table = element("table", "", card);
  for (const [name, text] of facts) {
    const row = element("tr", "", table);
    element("th", name, row);
    element("td", text, row);
  }
  return card;
}
