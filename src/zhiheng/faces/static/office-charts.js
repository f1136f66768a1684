// Draws the charts of the statistics page from the data that the page carries; without it the tables say the same.
const data = document.getElementById("chart-data");
const style = getComputedStyle(document.documentElement);
const ink = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
const BLUE = ink("--blue", "#1d4f91");
const GREEN = ink("--green", "#1b6e3c");
const RED = ink("--red", "#b5121b"); // the award alone is red
const BAR = 30; // pixels a bar takes, with its space
const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function option(chart, width) {
  const font = { fontFamily: ink("--sans", "sans-serif"), fontSize: 13, color: ink("--ink", "#1f2933") };
  const several = chart.series.length > 1;
  return {
    textStyle: font,
    animation: !quiet,
    aria: { enabled: true, label: { enabled: true, description: chart.description }, decal: { show: several } },
    grid: { left: 8, right: 44, top: several ? 36 : 8, bottom: 8, containLabel: true },
    legend: { show: several, top: 0, left: 0, itemGap: 20, textStyle: font },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", confine: true },
    xAxis: { type: "value", minInterval: 1, axisLabel: font, splitLine: { lineStyle: { color: ink("--line", "#dbe0e5") } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: chart.names,
      axisTick: { show: false },
      axisLabel: { ...font, width: Math.min(170, width * 0.42), overflow: "break", interval: 0 },
    },
    series: chart.series.map((one, number) => ({
      type: "bar",
      name: one.name,
      data: one.data,
      itemStyle: { color: one.award ? RED : number ? GREEN : BLUE },
      barMaxWidth: 18,
      barGap: "20%",
      label: { show: true, position: "right", ...font, fontSize: 12 },
    })),
  };
}

function drawn(chart) {
  const place = document.querySelector(`[data-chart="${chart.id}"]`);
  if (!place) return;
  place.hidden = false;
  const height = 52 + chart.names.length * (chart.series.length > 1 ? 16 + 16 * chart.series.length : BAR);
  const drawing = window.echarts.init(place, null, { renderer: "svg", height });
  drawing.setOption(option(chart, place.clientWidth));
  place.setAttribute("aria-label", chart.description);
  new ResizeObserver(() => drawing.resize({ height })).observe(place);
}

if (data && window.echarts) JSON.parse(data.textContent).forEach(drawn);
