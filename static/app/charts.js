/* Charts: <div data-chart="kind" data-source="id of a json_script">, drawn by ECharts as SVG. The table behind stays.
   Data by kind (numbers or null; lists of equal length):
     trend       {labels, actual, plan, unit, actual_name, plan_name, points}    lines over the periods; points: mark each value
     cumulative  {labels, actual, plan, pro_rata, unit}                          cumulative investment against plan
     units       {labels, values, notes, links, unit}                            bars left and right of 序时
   Without echarts, or when drawing fails, the drawing's place is hidden and the table opens. */
(() => {
  "use strict";
  const css = getComputedStyle(document.documentElement);
  const token = (name) => css.getPropertyValue(name).trim();
  const ink = token("--ink"), soft = token("--ink-2"), line = token("--line"), blue = token("--blue"), mid = token("--blue-mid");
  const pale = token("--blue-soft");
  const PAPER = 1200;  // CSS pixels between the margins of A4 landscape at the zoom of print.css
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const font = token("--font");
  // words grow with the page's own: the big screen is read from ten metres
  const size = 12 * (parseFloat(css.fontSize) / 16 || 1) * (parseFloat(token("--chart-scale")) || 1);
  const minus = (value) => String(value).replace("-", "−");
  const tell = (value, unit) => (value === null || value === undefined ? "—" : Number(value).toLocaleString("zh-CN") + (unit || ""));

  const base = (data) => ({
    animation: !still, animationDuration: 250,
    textStyle: { fontFamily: font, color: soft, fontSize: size },
    grid: { left: 8, right: 22, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, right: 0, itemWidth: 22, itemHeight: 9, textStyle: { color: soft, fontSize: size } },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("--ground"), borderColor: line, borderWidth: 1,
      textStyle: { color: ink, fontSize: size, fontFamily: font }, axisPointer: { lineStyle: { color: soft } },
      valueFormatter: (value) => tell(value, data.unit),
    },
  });
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: soft, fontSize: size }, splitLine: { lineStyle: { color: line } } };
  const months = (labels) => ({ ...axis, type: "category", boundaryGap: false, data: labels, axisLabel: { color: soft, interval: labels.length > 18 ? 2 : "auto", hideOverlap: true } });
  const amounts = (data) => ({ ...axis, type: "value", min: 0, axisLine: { show: false }, name: data.unit === "%" ? "" : data.unit, nameTextStyle: { color: soft, align: "left" }, axisLabel: { color: soft, formatter: (value) => (data.unit === "%" ? value + "%" : value.toLocaleString("zh-CN")) } });
  const path = (name, data, extra) => ({ name, type: "line", data, showSymbol: false, symbolSize: 6, connectNulls: true, ...extra });
  const dashed = { lineStyle: { color: soft, width: 1.5, type: "dashed" }, itemStyle: { color: soft } };
  const solid = { lineStyle: { color: blue, width: 2.5 }, itemStyle: { color: blue }, areaStyle: { color: pale, opacity: 0.45 } };

  const kinds = {
    trend: (data) => ({ ...base(data), xAxis: months(data.labels), yAxis: amounts(data), series: [
      path(data.actual_name || "实际", data.actual, { ...solid, showSymbol: Boolean(data.points) }), path(data.plan_name || "序时", data.plan, dashed)] }),
    cumulative: (data) => ({ ...base(data), xAxis: months(data.labels), yAxis: amounts(data), series: [
      path("累计完成", data.actual, solid), path("计划", data.plan, dashed),
      ...(data.pro_rata ? [path("序时", data.pro_rata, { lineStyle: { color: mid, width: 1.5, type: "dotted" }, itemStyle: { color: mid } })] : [])] }),
    units: (data) => ({ ...base(data), legend: { show: false }, grid: { left: 8, right: 24, top: 8, bottom: 4, containLabel: true },
      xAxis: { ...axis, type: "value", boundaryGap: ["14%", "14%"], axisLabel: { color: soft, fontSize: size, formatter: (value) => minus(value) } },
      yAxis: { ...axis, type: "category", inverse: true, data: data.labels, axisLabel: { color: ink, fontSize: size }, axisLine: { show: false } },
      tooltip: { ...base(data).tooltip, axisPointer: { type: "shadow" }, valueFormatter: (value) => minus(tell(value, data.unit)) },
      series: [{ name: "与序时差距", type: "bar", barMaxWidth: size * 1.35, cursor: data.links ? "pointer" : "default",
        data: data.values.map((value) => ({ value, itemStyle: { color: value < 0 ? token("--ochre-fill") : mid }, label: { position: value < 0 ? "left" : "right" } })),
        label: { show: true, color: ink, fontSize: size, formatter: (item) => (item.value > 0 ? "+" : "") + minus(item.value.toFixed(1)) } }] }),
  };

  const draw = (place) => {
    const table = place.parentElement.querySelector("[data-chart-table]");
    try {
      const data = JSON.parse(document.getElementById(place.dataset.source).textContent);
      const chart = echarts.init(place, null, { renderer: "svg", locale: "ZH" });
      chart.setOption(kinds[place.dataset.chart](data));
      if (data.links) chart.on("click", (item) => { if (data.links[item.dataIndex]) location.href = data.links[item.dataIndex]; });
      new ResizeObserver(() => chart.resize()).observe(place);
      // paper is not the screen: drawn anew for the width of a landscape sheet, and back
      addEventListener("beforeprint", () => chart.resize({ width: PAPER, animation: { duration: 0 } }));
      addEventListener("afterprint", () => chart.resize({ width: "auto" }));
      if (table) table.open = false;
    } catch (error) {
      place.classList.add("chart-off");
      if (table) table.open = true;
      console.error(error);
    }
  };
  const all = (root) => root.querySelectorAll("[data-chart]:not([_echarts_instance_])").forEach(draw);
  all(document);
  document.addEventListener("htmx:afterSwap", (event) => all(event.target));
})();
