/** Where symbols stand: the projects of one point arranged apart in rings, or a count where they do not fit. */

import { worldX, worldY } from "./geometry.js";

const MERGE_PX = 13;
const PUSH_PX = 12;
const PUSH_ROUNDS = 4;
const RING_STEP = 2.12;
const OVERFLOW = 1.12;
/** The gap between a symbol and the ring that says: known to the town only. */
export const TOWN_GAP = 3.4;
const MOST_IN_ROW = 4;

function pointKey(lon, lat) {
  return `${lon.toFixed(6)},${lat.toFixed(6)}`;
}

/** The code of each area's own label point, by point. */
export function indexPoints(site) {
  const index = new Map();
  for (const area of [...site.villages, ...site.towns]) if (area.x != null) index.set(pointKey(area.x, area.y), area.code);
  return index;
}

/** Whether a project is of the whole area or has no point: it is told beside the map and has no symbol. */
export function isWide(project) {
  return project.method === "county" || (project.method !== "unplaced" && !project.points.length);
}

/** One anchor for each point at which projects stand: {key, code ("" for a project's own point), town, x, y, projects}. */
export function buildAnchors(projects, pointIndex) {
  const anchors = new Map();
  for (const project of projects.filter((one) => !isWide(one)))
    for (const [lon, lat] of project.points) {
      const key = pointKey(lon, lat);
      let anchor = anchors.get(key);
      if (!anchor) anchors.set(key, (anchor = makeAnchor(key, pointIndex.get(key) || "", lon, lat)));
      anchor.projects.push(project);
    }
  return [...anchors.values()].sort((a, b) => (a.code ? 0 : 1) - (b.code ? 0 : 1) || (a.key < b.key ? -1 : 1));
}

/** An anchor of a town's code holds what is known to the town only; it is marked and never joined with others. */
function makeAnchor(key, code, lon, lat) {
  return { key, code, town: code.length === 9, x: worldX(lon), y: worldY(lat), projects: [] };
}

/** A grid over points, to find neighbours. */
class Grid {
  constructor(cell) {
    this.cell = cell;
    this.cells = new Map();
  }

  add(x, y, value) {
    const key = cellKey(Math.floor(x / this.cell), Math.floor(y / this.cell));
    if (!this.cells.has(key)) this.cells.set(key, []);
    this.cells.get(key).push(value);
  }

  near(x, y) {
    const found = [];
    const [cx, cy] = [Math.floor(x / this.cell), Math.floor(y / this.cell)];
    for (let i = cx - 1; i <= cx + 1; i++) for (let j = cy - 1; j <= cy + 1; j++) found.push(...(this.cells.get(cellKey(i, j)) || []));
    return found;
  }
}

function cellKey(i, j) {
  return i * 0x2000000 + j;
}

function mergeAnchors(anchors, scale) {
  const grid = new Grid(MERGE_PX);
  const clusters = [];
  for (const anchor of anchors) {
    const [x, y] = [anchor.x * scale, anchor.y * scale];
    const host = anchor.town ? null : grid.near(x, y).find((one) => !one.town && Math.hypot(one.x - x, one.y - y) < MERGE_PX);
    if (host) host.projects = [...host.projects, ...anchor.projects];
    else {
      const cluster = { key: anchor.key, code: anchor.code, town: anchor.town, x, y, projects: anchor.projects };
      clusters.push(cluster);
      grid.add(x, y, cluster);
    }
  }
  return clusters;
}

const ROOM_LIMIT = 96;

function measureRoom(clusters) {
  const grid = new Grid(ROOM_LIMIT);
  clusters.forEach((cluster) => grid.add(cluster.x, cluster.y, cluster));
  for (const cluster of clusters) {
    const distances = grid.near(cluster.x, cluster.y).filter((one) => one !== cluster).map((one) => Math.hypot(one.x - cluster.x, one.y - cluster.y));
    cluster.room = Math.min(ROOM_LIMIT, ...distances) / 2;
  }
}

function spread(count, radius, turn = -Math.PI / 2) {
  return Array.from({ length: count }, (_, i) => {
    const angle = turn + (i * 2 * Math.PI) / count;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  });
}

/** Offsets of `count` symbols of radius r around a point, and the radius that all take. */
export function arrange(count, r) {
  if (count === 1) return { spots: [[0, 0]], extent: r };
  if (count === 2) return { spots: [[-r * 1.08, 0], [r * 1.08, 0]], extent: r * 2.1 };
  if (count <= 6) {
    const ring = (r * 1.08) / Math.sin(Math.PI / count);
    return { spots: spread(count, ring, count === 4 ? -Math.PI / 4 : -Math.PI / 2), extent: ring + r };
  }
  const spots = [[0, 0]];
  let ring = 0;
  while (spots.length < count) {
    ring++;
    spots.push(...spread(Math.min(6 * ring, count - spots.length), ring * RING_STEP * r));
  }
  return { spots, extent: ring * RING_STEP * r + r };
}

/** The radius of the round badge that stands for many. */
export function badgeRadius(count) {
  return count < 10 ? 11 : count < 100 ? 13 : 16;
}

/** The clusters of a zoom in world pixels (world × scale): each with spots, or with `badge` where they do not fit. */
export function layClusters(anchors, scale, r) {
  const clusters = mergeAnchors(anchors, scale);
  const villages = clusters.filter((cluster) => !cluster.town);
  clusters.filter((cluster) => cluster.town).forEach((cluster) => layTown(cluster, r + TOWN_GAP));
  measureRoom(villages);
  for (const cluster of villages) {
    const { spots, extent } = arrange(cluster.projects.length, r);
    cluster.badge = cluster.projects.length > 1 && extent > cluster.room * OVERFLOW;
    cluster.spots = cluster.badge ? [] : spots;
    cluster.extent = cluster.badge ? badgeRadius(cluster.projects.length) : extent;
  }
  pushApart(villages);
  return clusters;
}

/** What is known to the town only stands in a row, which the town's name takes along to where there is room. */
function layTown(cluster, r) {
  const count = cluster.projects.length;
  cluster.badge = count > MOST_IN_ROW;
  cluster.spots = cluster.badge ? [] : cluster.projects.map((_, i) => [(2 * i + 1 - count) * r, 0]);
  cluster.extent = cluster.badge ? badgeRadius(count) + TOWN_GAP : count * r;
}

/** Moves clusters that cover one another a little apart, none further than PUSH_PX from its point. */
function pushApart(clusters) {
  for (const cluster of clusters) cluster.home = [cluster.x, cluster.y];
  for (let round = 0; round < PUSH_ROUNDS; round++) {
    const grid = new Grid(ROOM_LIMIT);
    clusters.forEach((cluster, i) => grid.add(cluster.x, cluster.y, i));
    clusters.forEach((one, i) => grid.near(one.x, one.y).forEach((j) => j > i && separate(one, clusters[j])));
  }
}

function separate(one, other) {
  const [dx, dy] = [other.x - one.x || 0.1, other.y - one.y];
  const distance = Math.hypot(dx, dy);
  const lack = one.extent + other.extent - 1 - distance;
  if (lack <= 0) return;
  const [px, py] = [(dx / distance) * lack * 0.5, (dy / distance) * lack * 0.5];
  shift(one, -px, -py);
  shift(other, px, py);
}

function shift(cluster, dx, dy) {
  const [hx, hy] = cluster.home;
  const [x, y] = [cluster.x + dx - hx, cluster.y + dy - hy];
  const far = Math.max(1, Math.hypot(x, y) / PUSH_PX);
  cluster.x = hx + x / far;
  cluster.y = hy + y / far;
}
