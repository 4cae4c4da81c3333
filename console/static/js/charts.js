// Line charts. Each is drawn from the table behind it, so the table is always there and always right:
// the first column's data-v is an instant (ms), the others' data-v are numbers, empty where data is missing.
(() => {
  "use strict";
  const drawn = new WeakMap();
  const text = (tag, className, content) => Object.assign(document.createElement(tag), { className, textContent: content });

  // A custom property would give back "light-dark(…)"; a probe's computed colour is the one in use.
  const colour = (name) => {
    const probe = document.createElement("i");
    probe.hidden = true;
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };

  const read = (table) => {
    const rows = [...table.tBodies[0].rows];
    const number = (cell) => (cell.dataset.v === "" ? null : Number(cell.dataset.v));
    const heads = [...table.tHead.rows[0].cells].slice(1);
    return {
      times: rows.map((row) => Number(row.cells[0].dataset.v) / 1000),
      columns: heads.map((_, at) => rows.map((row) => number(row.cells[at + 1]))),
      heads,
      labels: rows.map((row) => row.cells[0].textContent),
      texts: rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent)),
      complete: rows.findIndex((row) => "incomplete" in row.dataset),
    };
  };

  // Days that are not complete yet are drawn dotted: the column is split where they begin.
  const split = (source) => {
    const series = [{}], data = [source.times];
    source.columns.forEach((values, at) => {
      const { colour: name, dashed, filled } = source.heads[at].dataset;
      const line = { stroke: colour(name), width: dashed === undefined ? 2 : 1.5, points: { show: false } };
      if (dashed !== undefined) line.dash = [4, 3];
      const cut = at === 0 ? source.complete : -1;
      series.push(filled === undefined ? line : { ...line, fill: colour("c-fill") });
      data.push(cut < 0 ? values : values.map((value, row) => (row < cut ? value : null)));
      if (cut > 0) {
        series.push({ ...line, dash: [1, 4] });
        data.push(values.map((value, row) => (row >= cut - 1 ? value : null)));
      }
    });
    return { series, data };
  };

  const marks = (figure) => [...figure.querySelectorAll("[data-at]")].map((mark) => Number(mark.dataset.at) / 1000);

  const drawMarks = (times, ink) => (plot) => {
    const { ctx, bbox } = plot, foot = bbox.top + bbox.height, size = 5 * devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = ink;
    for (const time of times) {
      const x = plot.valToPos(time, "x", true);
      ctx.setLineDash([2, 3]);
      ctx.beginPath(); ctx.moveTo(x, bbox.top); ctx.lineTo(x, foot); ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath(); ctx.moveTo(x - size, foot); ctx.lineTo(x + size, foot); ctx.lineTo(x, foot - 1.6 * size); ctx.fill();
    }
    ctx.restore();
  };

  const showTip = (source, tip) => (plot) => {
    const at = plot.cursor.idx;
    tip.hidden = at === null || at === undefined || plot.cursor.left < 0;
    if (tip.hidden) return;
    tip.replaceChildren(text("b", "", source.labels[at]), ...source.heads.map((head, column) =>
      text("div", "", `${source.texts[at][column]}  ${head.textContent}`)));
    const left = plot.cursor.left + plot.bbox.left / devicePixelRatio;
    tip.style.left = `${Math.min(left + 12, plot.width - tip.offsetWidth)}px`;
  };

  const numberFormat = (figure) => {
    const locale = document.documentElement.lang || "en", currency = figure.dataset.currency;
    const style = currency ? { style: "currency", currency, maximumFractionDigits: 0 } : { maximumFractionDigits: 1 };
    return new Intl.NumberFormat(locale, style);
  };

  const draw = (figure) => {
    const table = document.getElementById(figure.dataset.chart), host = figure.querySelector(".plot");
    if (!table || !host || !host.clientWidth) return;
    drawn.get(figure)?.destroy();
    host.replaceChildren();
    const source = read(table), { series, data } = split(source), tip = text("div", "tip", "");
    const locale = document.documentElement.lang || "en", numbers = numberFormat(figure);
    const timeZone = document.documentElement.dataset.zone;  // days are the store's, wherever the browser is
    const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone });
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { stroke: colour("text-3"), font, ticks: { show: false } };
    tip.hidden = true;
    const plot = new uPlot({
      width: host.clientWidth, height: host.clientHeight, padding: [8, 22, 0, 0], legend: { show: false }, series,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
      cursor: { points: { size: 7 }, y: false, drag: { x: false } },
      scales: { y: { range: (_plot, _low, high) => [0, (high || 1) * 1.08] } },
      axes: [
        { ...axis, grid: { show: false }, space: 90, size: 28, values: (_plot, ticks) => ticks.map((tick) => day.format(tick * 1000)) },
        { ...axis, grid: { stroke: colour("line"), width: 1 }, size: 56, values: (_plot, ticks) => ticks.map((tick) => (tick ? numbers.format(tick) : "0")) },
      ],
      hooks: { draw: [drawMarks(marks(figure), colour("text-3"))], setCursor: [showTip(source, tip)] },
    }, data, host);
    host.append(tip);
    drawn.set(figure, plot);
    resized.observe(host);
  };

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const figure = target.closest("figure"), plot = drawn.get(figure);
      if (!plot) draw(figure);
      else if (plot.width !== target.clientWidth && target.clientWidth) plot.setSize({ width: target.clientWidth, height: target.clientHeight });
    }
  });

  const drawAll = (root) => root.querySelectorAll?.("figure[data-chart]").forEach((figure) => draw(figure));
  const redraw = () => drawAll(document);
  redraw();
  document.addEventListener("htmx:after:swap", redraw);
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
})();
