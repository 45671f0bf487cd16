'use strict';

// Pictures with the time of the run from left to right, all on the same axis.

const LENGTH = most(RUNS.flatMap((run) => [
  run.length, ...run.timeline.at.slice(-1), ...run.moments.shown.map((moment) => moment.until)]), 0.001);

const clockAxis = (width) => linear(0, LENGTH, GUTTER, width - 10);

function columns(width, x, top, bottom, labelled) {
  return clockTicks(LENGTH, Math.max(2, Math.floor((width - GUTTER) / 84))).map((time) => [
    svg('line', { x1: rounded(x(time)), x2: rounded(x(time)), y1: top, y2: bottom, class: 'grid' }),
    labelled ? label(x(time), bottom + 16, x(time) > width - 26 ? 'end' : 'middle', clock(time)) : null,
  ]);
}

/** Faults of both runs, those that both have once. */
function faults() {
  const all = RUNS.flatMap((run, i) => run.moments.shown.map((moment) => ({ ...moment, of: [i] })));
  const merged = new Map();
  for (const moment of all) {
    const key = JSON.stringify([moment.from, moment.until, moment.text]);
    const same = merged.get(key);
    if (same && !same.of.includes(moment.of[0])) {
      same.of.push(moment.of[0]);
    } else {
      merged.set(same ? `${key}${merged.size}` : key, moment);
    }
  }
  return [...merged.values()].sort((a, b) => a.from - b.from || a.until - b.until);
}

const FAULTS = faults();

function bands(x, top, bottom) {
  return FAULTS.map((fault) => svg('rect', {
    x: rounded(x(fault.from)), y: top, width: rounded(Math.max(1, x(fault.until) - x(fault.from))),
    height: bottom - top, class: fault.until > fault.from ? 'band' : 'instant',
  }));
}

function cut(node, text, room) {
  let kept = text.length;
  while (kept > 1 && node.getComputedTextLength() > room) {
    kept = Math.min(kept - 1, Math.floor((kept * room) / node.getComputedTextLength()));
    node.textContent = `${text.slice(0, Math.max(1, kept))}\u2026`;
  }
}

/** Beside its bar if there is room, else above it; returns how high the row is. */
function faultRow(drawing, fault, x, width, top) {
  const start = x(fault.from);
  const end = Math.max(start + 4, x(fault.until));
  const hue = COMPARING && fault.of.length === 1 ? NAMES[fault.of[0]] : 'fault';
  const when = fault.until > fault.from ? `${clock(fault.from)} to ${clock(fault.until)}` : clock(fault.from);
  const text = COMPARING && fault.of.length === 1 ? `${NAMES[fault.of[0]]}: ${fault.text}` : fault.text;
  const name = svg('text', { class: 'halo' }, text);
  const bar = svg('rect', { x: rounded(start), width: rounded(end - start), height: 9, rx: 2, class: `fill ${hue}` });
  drawing.append(svg('g', {}, svg('title', {}, `${when}: ${fault.text}`), bar, name));
  const length = name.getComputedTextLength();
  const right = end + 6 + length <= width - 4;
  const beside = right || start - 6 - length >= GUTTER;
  if (!beside) {
    cut(name, text, width - GUTTER - 10);
  }
  const shown = name.getComputedTextLength();
  const left = right ? end + 6 : beside ? start - 6 - length : Math.max(GUTTER, Math.min(start, width - 8 - shown));
  name.setAttribute('x', rounded(left));
  name.setAttribute('y', top + 12);
  bar.setAttribute('y', beside ? top + 4 : top + 17);
  return beside ? 18 : 32;
}

function faultBars(host, width) {
  if (!FAULTS.length) {
    host.append(empty('No faults were planned.'));
    return;
  }
  const x = clockAxis(width);
  const drawing = frame(width, 10, 'Faults', FAULTS.map((fault) => `${clock(fault.from)}: ${fault.text}`).join('; '));
  const key = html('div', { class: 'head' }, html('b', {}, 'Faults'));
  const omitted = sum(RUNS.map((run) => run.moments.omitted));
  host.append(picture('faults', key, drawing, omitted ? `and ${count(omitted)} later ones` : null));
  const marks = svg('g');
  drawing.append(marks);
  let bottom = 2;
  for (const fault of FAULTS) {
    bottom += faultRow(marks, fault, x, width, bottom);
  }
  drawing.prepend(svg('g', {}, columns(width, x, 0, bottom + 4, false)));
  drawing.setAttribute('viewBox', `0 0 ${width} ${bottom + 4}`);
  drawing.setAttribute('height', bottom + 4);
}

// ---- lines over time

function describe(series, format) {
  return series.map((each) => {
    const values = each.points.map(([, y]) => y).filter((y) => y !== null);
    return values.length
      ? `${each.label || 'all'}: first ${format(values[0])}, last ${format(values[values.length - 1])}, `
        + `from ${format(least(values, Infinity))} to ${format(most(values, -Infinity))}`
      : `${each.label || 'all'}: nothing`;
  }).join('; ');
}

/** Lines through all points but those that have no value, which are gaps. */
function strokes(points, x, y) {
  const parts = [[]];
  for (const [time, value] of points) {
    if (value === null) {
      parts.push([]);
    } else {
      parts[parts.length - 1].push([x(time), y(value)]);
    }
  }
  return parts.filter((part) => part.length)
    .map((part) => (part.length > 1 ? part : [part[0], [part[0][0] + 2, part[0][1]]]));
}

/** From the start to the end of what each value is of. */
const steps = (points) => points.flatMap(([, value, start, end]) => [[start, value], [end, value]]);

function line(each, x, y, base) {
  const parts = strokes(each.steps ? steps(each.points) : each.points, x, y);
  const marks = [svg('path', { d: parts.map(path).join(''), class: `line ${each.hue} ${each.dash ?? ''}` })];
  if (each.area) {
    const closed = parts.map((part) =>
      `${path(part)}L${rounded(part[part.length - 1][0])} ${base}L${rounded(part[0][0])} ${base}Z`);
    marks.unshift(svg('path', { d: closed.join(''), class: `area ${each.hue}` }));
  }
  return marks;
}

/** One panel: {name, title, height, ticks, mirrored, format, axis, series}; a series: see forRuns, line. */
function panel(width, spec, last) {
  const top = 6;
  const bottom = top + (spec.height ?? 110);
  const x = clockAxis(width);
  const largest = most(spec.series.flatMap((each) => each.points.map(([, y]) => Math.abs(y ?? 0))));
  const upper = spec.ticks ?? ticks(largest, spec.mirrored ? 1 : 3);
  const values = spec.mirrored ? [-upper[upper.length - 1], ...upper] : upper;
  const y = linear(values[0], values[values.length - 1], bottom, top);
  const drawing = frame(width, bottom + (last ? 22 : 6), spec.title, describe(spec.series, spec.format));
  const rule = svg('line', { y1: top, y2: bottom, class: 'rule', visibility: 'hidden' });
  const time = label(0, bottom - 4, 'start', '', 'halo');
  drawing.append(...[bands(x, top, bottom), columns(width, x, top, bottom, last),
    rows(values, y, GUTTER, width - 10, spec.axis ?? ((value) => short(Math.abs(value)))),
    spec.series.map((each) => line(each, x, y, y(Math.max(0, values[0])))), rule, time].flat(9).filter(Boolean));
  const key = html('div', { class: 'head' }, html('b', {}, spec.title), legend(spec.series, 'line'));
  return { spec, rule, time, drawing, figure: picture(spec.name, key, drawing, spec.note) };
}

function nearest(points, time) {
  let best = null;
  for (const point of points) {
    if (best === null || Math.abs(point[0] - time) < Math.abs(best[0] - time)) {
      best = point;
    }
  }
  return best;
}

/** A pointer over any of the panels shows the values at that time in the legends of all. */
function readOut(panels, width) {
  const x = clockAxis(width);
  const show = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * width;
    const time = ((place - x(0)) / (x(LENGTH) - x(0))) * LENGTH;
    const inside = time >= 0 && time <= LENGTH && event.type !== 'pointerleave';
    for (const each of panels) {
      each.rule.setAttribute('visibility', inside ? 'visible' : 'hidden');
      each.rule.setAttribute('x1', place);
      each.rule.setAttribute('x2', place);
      each.time.textContent = inside ? clock(Math.round(time)) : '';
      each.time.setAttribute('text-anchor', place > width - 60 ? 'end' : 'start');
      each.time.setAttribute('x', place > width - 60 ? place - 5 : place + 5);
      for (const series of each.spec.series) {
        const point = inside ? nearest(series.points, time) : null;
        series.value.textContent = point && point[1] !== null ? each.spec.format(point[1]) : '';
      }
    }
  };
  for (const each of panels) {
    each.drawing.addEventListener('pointermove', show);
    each.drawing.addEventListener('pointerleave', show);
  }
}

function stack(host, width, specs) {
  const panels = specs.map((spec, i) => panel(width, spec, i === specs.length - 1));
  host.append(...panels.map((each) => each.figure));
  readOut(panels, width);
}

// ---- what there is to show

const SAMPLED = RUNS.some((run) => run.timeline.at.length);
const SLOTS = 90;

const level = (pick) => (run) => ({ points: run.timeline.at.map((time, i) => [time, pick(run.timeline)[i]]) });

/** Neighbours taken together until there are few enough: [middle, ratio of two sums, start, end]. */
function pooled(run, slots, above, below) {
  const times = run.timeline.at;
  const each = Math.max(1, Math.ceil(times.length / slots));
  const points = [];
  for (let i = 0; i < times.length; i += each) {
    const end = Math.min(i + each, times.length);
    const start = times[i] - run.timeline.spans[i];
    const total = sum(below(run.timeline).slice(i, end));
    const value = total > 0 ? sum(above(run.timeline).slice(i, end)) / total : null;
    points.push([(start + times[end - 1]) / 2, value, start, times[end - 1]]);
  }
  return points;
}

const rate = (pick, scale = 1, slots = 2 * SLOTS) => (run) => ({
  points: pooled(run, slots, (t) => pick(t).map((value) => value * scale), (t) => t.spans),
});

const stepped = (pick, scale, width) => (run) => ({
  steps: true, area: !COMPARING, ...rate(pick, scale, width / 6)(run),
});
const filled = (values) => (run) => ({ area: !COMPARING, ...values(run) });

function successPanel() {
  const ended = (t) => t.found.map((found, i) => found + t.missed[i]);
  const series = forRuns('', 'c1', null, (run) => ({ points: pooled(run, SLOTS, (t) => t.found, ended) }));
  const lowest = least(series.flatMap((each) => each.points.map(([, y]) => y ?? 1)), 1);
  return {
    name: 'success', title: 'Success of operations that ended', series, format: share,
    ticks: lowest >= 0.9 ? [0.9, 0.95, 1] : lowest >= 0.5 ? [0.5, 0.75, 1] : [0, 0.5, 1],
    axis: (value) => `${Math.round(value * 100)}\u00a0%`,
  };
}

function churnPictures(host, width) {
  if (!SAMPLED) {
    faultBars(host, width);
    host.append(empty('The network was never sampled.'));
    return;
  }
  faultBars(host, width);
  const hidden = RUNS.some((run) => most(run.timeline.hidden) > 0);
  const adversaries = RUNS.some((run) => most(run.timeline.adversaries) > 0);
  stack(host, width, [
    {
      name: 'nodes', title: 'Nodes', format: count, height: 120,
      series: [
        ...forRuns(COMPARING ? '' : 'alive', 'c1', null, filled(level((t) => t.nodes))),
        ...(hidden ? forRuns('behind NATs', 'c4', 'dashed', level((t) => t.hidden)) : []),
        ...(adversaries ? forRuns('adversaries', 'c2', 'dotted', level((t) => t.adversaries)) : []),
      ],
    },
    {
      name: 'churn', title: 'Arrivals up and departures down, a minute', mirrored: true,
      format: (value) => number(Math.abs(value)),
      series: [
        ...forRuns('arrivals', 'c3', null, stepped((t) => t.arrivals, 60, width)),
        ...forRuns('departures', 'c2', null, stepped((t) => t.departures, -60, width)),
      ],
    },
    successPanel(),
  ]);
}

function tablePictures(host, width) {
  if (!SAMPLED) {
    host.append(empty('The network was never sampled.'));
    return;
  }
  stack(host, width, [
    {
      name: 'contacts', title: 'Contacts in a table, in the mean', format: number,
      series: forRuns('', 'c1', null, filled(level((t) => t.contacts))),
    },
    {
      name: 'stale', title: 'Share of them that are gone', format: share, height: 80,
      axis: (value) => `${+(value * 100).toPrecision(3)}\u00a0%`,
      series: forRuns('', 'c5', null, filled(level((t) => t.stale))),
    },
  ]);
}

function trafficPictures(host, width) {
  if (!SAMPLED) {
    host.append(empty('The network was never sampled.'));
    return;
  }
  const stopped = [['lost', 'c2', null], ['cut', 'c6', 'dashed'], ['filtered', 'c5', 'dotted']]
    .filter(([what]) => RUNS.some((run) => most(run.timeline[what]) > 0));
  stack(host, width, [
    {
      name: 'sent', title: 'Datagrams sent a second', format: number,
      series: forRuns('', 'c1', null, filled(rate((t) => t.sent))),
    },
    ...(stopped.length ? [{
      name: 'stopped', title: 'Not delivered, a second', format: number, height: 80,
      series: stopped.flatMap(([what, hue, dash]) => forRuns(what, hue, dash, rate((t) => t[what]))),
    }] : []),
    {
      name: 'requests-made', title: 'Requests of operations a second', format: number, height: 80,
      series: forRuns('', 'c3', null, filled(rate((t) => t.requests))),
    },
  ]);
}
