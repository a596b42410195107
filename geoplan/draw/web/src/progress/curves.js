// S-curves, planned against actual, by count and by money: two small ECharts under one cut-off line.

import * as echarts from "echarts/core";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { formatMonth, money, number, writeMonth } from "../core/format.js";
import { listAxis } from "./months.js";
import { countCurves, listReturns, moneyCurves } from "./sums.js";

echarts.use([LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

const PAPER_PX = { width: 480, height: 210 };
const INK = { planned: "#8a949b", actual: "#1f6b69", paid: "#b5651d", text: "#22303a", muted: "#67737c", line: "#e3e7e9", now: "#c2302e" };

/** Make both charts in `el`; `update(projects, view)` draws; `print(true)` gives them the size that they have on paper
 *  (the browser lays the sheet out only after it has asked for it), `print(false)` that of the page. */
export function createCurves(el) {
  const entries = [makeChart(el, t("progress.curve-count")), makeChart(el, t("progress.curve-money"))];
  let onPaper = false;
  const resize = () => entries.forEach(({ chart }) => {
    chart.resize(onPaper ? PAPER_PX : { width: "auto", height: "auto" });
    chart.getZr().flush(); // paper does not wait for the next frame
  });
  new ResizeObserver(resize).observe(el);
  return {
    update: (projects, view) => updateCurves(...entries, projects, view),
    print(paper) {
      onPaper = paper;
      resize();
    },
  };
}

function makeChart(el, title) {
  const box = h("div", { class: "curve-box" });
  const note = h("p", { class: "curve-note" });
  const figure = h("figure", { class: "curve" }, h("h3", {}, title), box, note);
  el.append(figure);
  return { chart: echarts.init(box, null, { renderer: "svg" }), note, box, figure };
}

function updateCurves(count, fund, projects, view) {
  const nothing = !view.axis || !projects.length;
  for (const entry of [count, fund]) entry.box.hidden = nothing;
  if (nothing) {
    for (const entry of [count, fund]) entry.note.textContent = projects.length ? t("progress.no-axis") : "";
    return;
  }
  const months = listAxis(view.axis);
  const byCount = countCurves(projects, months, view.month, view.monthText);
  draw(count, months, view, { total: byCount.total, tell: (value) => t("progress.count", { count: number(value) }), mark: number }, [
    ["planned", byCount.planned],
    ["actual", byCount.actual],
  ]);
  count.note.textContent = tellCount(byCount);
  const byMoney = moneyCurves(projects, months, listReturns(projects, view.site.meta.months), view.month, view.monthText);
  draw(fund, months, view, { total: byMoney.total, tell: (value) => t("progress.wan", { money: money(value, 1) }), mark: (value) => money(value, 0) }, [
    ["planned", byMoney.planned, "-money"],
    ["actual", byMoney.actual, "-money"],
    ["paid", byMoney.paid, "-money"],
  ]);
  fund.note.textContent = tellMoney(byMoney, projects.length);
}

function tellCount(curves) {
  const total = t("progress.curve-count-note", { total: curves.total });
  return curves.missing ? `${total}${t("progress.curve-no-plan", { count: curves.missing })}` : total;
}

function tellMoney(curves) {
  const parts = [t("progress.curve-money-note", { money: money(curves.total) })];
  if (curves.missing) parts.push(t("progress.curve-no-money", { count: curves.missing }));
  if (curves.unplanned) parts.push(t("progress.curve-no-plan", { count: curves.unplanned }));
  return parts.join("");
}

function draw(entry, months, view, scale, lines) {
  entry.chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: INK.text },
    grid: { left: 46, right: 14, top: 30, bottom: 22 },
    legend: { top: 0, left: 0, itemWidth: 20, itemHeight: 2, itemGap: 12, icon: "rect", textStyle: { fontSize: 12, color: INK.text }, selectedMode: false },
    tooltip: { trigger: "axis", confine: true, renderMode: "richText", formatter: (points) => tellPoints(points, scale) },
    xAxis: monthAxis(months),
    yAxis: valueAxis(scale),
    series: lines.map(([name, values, kind = ""], i) => line(name, kind, values, i === 0 ? markCutoff(view, months) : undefined)),
  }, true);
}

function line(name, kind, values, markLine) {
  const lone = values.filter((value) => value !== null).length < 4;
  return {
    type: "line",
    name: t(`progress.line-${name}${kind}`),
    data: values,
    color: INK[name],
    symbol: lone ? "circle" : "none",
    symbolSize: 6,
    connectNulls: false,
    lineStyle: { width: name === "planned" ? 1.5 : 2.5, type: name === "planned" ? "dashed" : name === "paid" ? "dotted" : "solid" },
    markLine,
  };
}

function markCutoff(view, months) {
  const at = view.month === null ? -1 : months.indexOf(view.month);
  if (at < 0) return undefined;
  return {
    silent: true, symbol: "none", animation: false, label: { show: false },
    lineStyle: { color: INK.now, width: 1.5, type: "solid" },
    data: [{ xAxis: at }],
  };
}

function monthAxis(months) {
  const few = months.length <= 12;
  return {
    type: "category",
    boundaryGap: false,
    data: months.map(writeMonth),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: "#b9c1c6" } },
    axisLabel: {
      fontSize: 11, color: INK.muted, hideOverlap: true,
      interval: (i) => (few ? i % 3 === 0 || i === months.length - 1 : i % 6 === 0),
      formatter: (text) => (few ? String(Number(text.slice(5))) : text.slice(5) === "01" ? text.slice(0, 4) : text.slice(2)),
    },
  };
}

function valueAxis({ total, mark }) {
  return {
    type: "value", min: 0, splitNumber: 4, minInterval: total < 8 ? 1 : 0,
    splitLine: { lineStyle: { color: INK.line } },
    axisLabel: { fontSize: 11, color: INK.muted, hideOverlap: true, formatter: (value) => mark(value) },
  };
}

function tellPoints(points, { total, tell }) {
  if (!points.length) return "";
  const lines = points
    .filter((point) => typeof point.value === "number")
    .map((point) => `${point.seriesName}  ${tell(point.value)}${total ? `（${Math.round((point.value / total) * 100)}%）` : ""}`);
  return [formatMonth(points[0].axisValue), ...lines].join("\n");
}
