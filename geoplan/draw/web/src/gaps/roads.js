/** The roads as a graph: from every facility of a rule to all nodes at once (Dijkstra), and the way back from a settlement. */

import { metresPerUnit, openLayer } from "../map/geometry.js";

/** A heap of [metres, node], least first. */
class Heap {
  constructor() {
    this.keys = [];
    this.values = [];
  }

  push(key, value) {
    const { keys, values } = this;
    let at = keys.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (keys[up] <= key) break;
      keys[at] = keys[up];
      values[at] = values[up];
      at = up;
    }
    keys[at] = key;
    values[at] = value;
  }

  pop() {
    const { keys, values } = this;
    const top = [keys[0], values[0]];
    const key = keys.pop();
    const value = values.pop();
    if (keys.length) this.sink(key, value);
    return top;
  }

  sink(key, value) {
    const { keys, values } = this;
    let at = 0;
    for (let down = 1; down < keys.length; down = 2 * at + 1) {
      if (down + 1 < keys.length && keys[down + 1] < keys[down]) down++;
      if (keys[down] >= key) break;
      keys[at] = keys[down];
      values[at] = values[down];
      at = down;
    }
    keys[at] = key;
    values[at] = value;
  }
}

export class Roads {
  constructor(edges, streams, walk) {
    Object.assign(this, { edges, walk });
    this.layer = openLayer(edges.shapes, streams);
    this.nodes = edges.first.reduce((most, node, i) => Math.max(most, node, edges.last[i]), -1) + 1;
    this.fronts = new Map();
    this.index();
  }

  get size() {
    return this.edges.first.length;
  }

  /** The edges at each node, as runs in one array. */
  index() {
    const { first, last } = this.edges;
    this.starts = new Uint32Array(this.nodes + 1);
    for (let i = 0; i < this.size; i++) for (const node of [first[i], last[i]]) this.starts[node + 1]++;
    for (let i = 0; i < this.nodes; i++) this.starts[i + 1] += this.starts[i];
    const next = this.starts.slice();
    this.ends = new Uint32Array(2 * this.size);
    for (let i = 0; i < this.size; i++) for (const node of [first[i], last[i]]) this.ends[next[node]++] = i;
  }

  /** Where a world point joins the roads: {edge, along (m from its first node), walk (m), x, y}; null for nowhere. */
  join(x, y) {
    const { boxes, size } = this.layer;
    let best = null;
    let nearest = this.walk.join / metresPerUnit(y);
    for (let edge = 0; edge < size; edge++) {
      const box = edge * 4;
      if (boxes[box] > x + nearest || boxes[box + 2] < x - nearest || boxes[box + 1] > y + nearest || boxes[box + 3] < y - nearest) continue;
      const found = this.foot(edge, x, y);
      if (found.far < nearest || (!best && found.far <= nearest)) [best, nearest] = [{ edge, ...found }, found.far];
    }
    if (!best) return null;
    const length = this.lengthOf(best.edge);
    return { ...best, along: length ? (best.before / length) * this.edges.m[best.edge] : 0, walk: best.far * metresPerUnit(y) };
  }

  spanOf(edge) {
    const { features, runs } = this.layer;
    return [runs[features[edge]], runs[features[edge + 1]]];
  }

  lengthOf(edge) {
    const { xy } = this.layer;
    const [start, end] = this.spanOf(edge);
    let sum = 0;
    for (let i = start + 2; i < end; i += 2) sum += Math.hypot(xy[i] - xy[i - 2], xy[i + 1] - xy[i - 1]);
    return sum;
  }

  foot(edge, x, y) {
    const { xy } = this.layer;
    const [start, end] = this.spanOf(edge);
    let [best, before] = [{ far: Infinity }, 0];
    for (let i = start + 2; i < end; i += 2) {
      const [ax, ay, dx, dy] = [xy[i - 2], xy[i - 1], xy[i] - xy[i - 2], xy[i + 1] - xy[i - 1]];
      const length = Math.hypot(dx, dy);
      const share = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (length * length))) : 0;
      const [fx, fy] = [ax + share * dx, ay + share * dy];
      const far = Math.hypot(x - fx, y - fy);
      if (far < best.far) best = { far, x: fx, y: fy, before: before + share * length };
      before += length;
    }
    return best;
  }

  /** How far every node is from the nearest of the world points [[x, y], …] that `list` gives; kept under a name. */
  spread(name, list) {
    if (!this.fronts.has(name)) this.fronts.set(name, this.makeFront(list()));
    return this.fronts.get(name);
  }

  makeFront(points) {
    const front = { metres: new Float64Array(this.nodes).fill(Infinity), by: new Int32Array(this.nodes).fill(-1), source: new Int32Array(this.nodes).fill(-1), points };
    front.joints = points.map(([x, y]) => this.join(x, y));
    const heap = new Heap();
    const reach = (node, metres, edge, source) => {
      if (!(metres < front.metres[node])) return;
      [front.metres[node], front.by[node], front.source[node]] = [metres, edge, source];
      heap.push(metres, node);
    };
    front.joints.forEach((joint, source) => joint && this.enter(joint, (node, metres) => reach(node, metres, -1, source)));
    while (heap.keys.length) {
      const [metres, node] = heap.pop();
      if (metres > front.metres[node]) continue;
      for (let i = this.starts[node]; i < this.starts[node + 1]; i++) this.step(this.ends[i], node, (other, edge) => reach(other, metres + this.edges.m[edge], edge, front.source[node]));
    }
    return front;
  }

  /** The nodes from which one comes to a joint along its edge, with the metres to it. */
  enter(joint, found) {
    const { first, last, m, way } = this.edges;
    if (way[joint.edge] >= 0) found(first[joint.edge], joint.walk + joint.along);
    if (way[joint.edge] <= 0) found(last[joint.edge], joint.walk + m[joint.edge] - joint.along);
  }

  /** Against the traffic of an edge from one of its nodes: people come the other way. */
  step(edge, node, found) {
    const { first, last, way } = this.edges;
    if (last[edge] === node && way[edge] >= 0) found(first[edge], edge);
    if (first[edge] === node && way[edge] <= 0) found(last[edge], edge);
  }

  /** The way from a world point to the nearest source of a front: {metres, source, path: [[x, y], …]}; null for none. */
  findWay(front, x, y) {
    const joint = this.join(x, y);
    if (!joint) return null;
    const choices = [...this.leave(front, joint), ...this.stay(front, joint)];
    const best = choices.reduce((least, one) => (one.metres < least.metres ? one : least), { metres: Infinity });
    return best.metres === Infinity ? null : { metres: best.metres, source: best.source, path: [[x, y], ...this.trace(front, joint, best), front.points[best.source]] };
  }

  leave(front, joint) {
    const { first, last, m, way } = this.edges;
    const ends = [];
    if (way[joint.edge] <= 0) ends.push([first[joint.edge], joint.along, 0]);
    if (way[joint.edge] >= 0) ends.push([last[joint.edge], m[joint.edge] - joint.along, m[joint.edge]]);
    return ends.map(([node, along, to]) => ({ node, to, source: front.source[node], metres: joint.walk + along + front.metres[node] }));
  }

  /** Sources on the same edge are reached along it. */
  stay(front, joint) {
    const way = this.edges.way[joint.edge];
    return front.joints.flatMap((other, source) => {
      if (!other || other.edge !== joint.edge || (other.along - joint.along) * way < 0) return [];
      return [{ source, direct: other, metres: joint.walk + other.walk + Math.abs(other.along - joint.along) }];
    });
  }

  trace(front, joint, best) {
    if (best.direct) return this.cut(joint.edge, joint.along, best.direct.along);
    const path = this.cut(joint.edge, joint.along, best.to);
    let { node } = best;
    for (let edge = front.by[node]; edge >= 0; edge = front.by[node]) {
      const onward = this.edges.first[edge] === node;
      path.push(...(onward ? this.cut(edge, 0, this.edges.m[edge]) : this.cut(edge, this.edges.m[edge], 0)));
      node = onward ? this.edges.last[edge] : this.edges.first[edge];
    }
    const end = front.joints[front.source[node]];
    return [...path, ...this.cut(end.edge, this.edges.first[end.edge] === node ? 0 : this.edges.m[end.edge], end.along)];
  }

  /** The vertices of an edge between two measures (m from its first node), in that order. */
  cut(edge, from, to) {
    const { xy } = this.layer;
    const [start, end] = this.spanOf(edge);
    const unit = this.edges.m[edge] ? this.lengthOf(edge) / this.edges.m[edge] : 0;
    const [low, high] = [Math.min(from, to) * unit, Math.max(from, to) * unit];
    const points = [];
    let before = 0;
    for (let i = start + 2; i < end; i += 2) {
      const length = Math.hypot(xy[i] - xy[i - 2], xy[i + 1] - xy[i - 1]);
      const at = (measure) => {
        const share = length ? Math.min(1, Math.max(0, (measure - before) / length)) : 0;
        return [xy[i - 2] + share * (xy[i] - xy[i - 2]), xy[i - 1] + share * (xy[i + 1] - xy[i - 1])];
      };
      if (before + length >= low && before <= high) points.push(...(points.length ? [] : [at(low)]), at(high));
      before += length;
    }
    return from <= to ? points : points.reverse();
  }

  /** The pieces of edges [[x, y], …] from which a source is at most so many metres away. */
  listWithin(front, most) {
    const { first, last, m, way } = this.edges;
    const found = [];
    for (let edge = 0; edge < this.size; edge++) {
      const ahead = way[edge] >= 0 ? most - front.metres[last[edge]] : 0;
      const behind = way[edge] <= 0 ? most - front.metres[first[edge]] : 0;
      if (Math.max(0, ahead) + Math.max(0, behind) >= m[edge]) found.push(this.cut(edge, 0, m[edge]));
      else {
        if (behind > 0) found.push(this.cut(edge, 0, behind));
        if (ahead > 0) found.push(this.cut(edge, m[edge] - ahead, m[edge]));
      }
    }
    for (const joint of front.joints) if (joint && most > joint.walk) found.push(this.around(joint, most - joint.walk));
    return found;
  }

  around(joint, most) {
    const { m, way } = this.edges;
    const low = way[joint.edge] >= 0 ? Math.max(0, joint.along - most) : joint.along;
    const high = way[joint.edge] <= 0 ? Math.min(m[joint.edge], joint.along + most) : joint.along;
    return this.cut(joint.edge, low, high);
  }
}
