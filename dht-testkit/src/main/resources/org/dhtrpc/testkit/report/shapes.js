'use strict';

// Distributions: latency, hops, requests, buckets.

const KINDS = { store: ['store', 'c3', 'dashed'], lookup: ['lookup', 'c1', null], search: ['search', 'c6', 'dotted'] };
const ASKED = RUNS.some((run) => run.all.count > 0);

/** All there are in any run, in this order. */
function kindsThere() {
  return Object.keys(KINDS).filter((kind) => RUNS.some((run) => run.kinds.some((each) => each.kind === kind)));
}

const ofKind = (run, kind) => run.kinds.find((each) => each.kind === kind);

// ---- latency

function latencySeries() {
  return kindsThere().flatMap((kind) => {
    const [name, hue, dash] = KINDS[kind];
    return forRuns(name, hue, dash, (run) => ({ of: ofKind(run, kind) }));
  }).filter((each) => each.of);
}

/** Up by a step at each latency; failures never arrive, so a curve ends at the share that succeeded. */
function staircase(of, x, y, right) {
  const points = [];
  let height = 0;
  of.latencies.forEach((latency, i) => {
    points.push([x(latency), y(height)]);
    height = of.ranks[i] / of.count;
    points.push([x(latency), y(height)]);
  });
  points.push([right, y(height)]);
  return points;
}

function latencyPicture(host, width) {
  const series = latencySeries();
  const all = series.flatMap((each) => each.of.latencies).filter((latency) => latency > 0);
  if (!all.length) {
    host.append(empty(ASKED ? 'No operation succeeded.' : 'There were no operations.'));
    return;
  }
  const [top, bottom, right] = [8, 230, width - 12];
  const from = Math.max(0.0001, least(all, Infinity)) / 1.15;
  const to = most(all) * 1.15;
  const x = logarithmic(from, to, GUTTER, right);
  const y = linear(0, 1, bottom, top);
  const drawing = frame(width, bottom + 24, 'Latency of operations', series.map((each) =>
    `${each.label}: half within ${seconds(each.of.p50)}, 99 of 100 within ${seconds(each.of.p99)} of those that `
    + `succeeded, ${share(each.of.succeeded / each.of.count)}`).join('; '));
  const marks = powerTicks(from, to, Math.floor(width / 62)).map((value) => [
    svg('line', { x1: rounded(x(value)), x2: rounded(x(value)), y1: top, y2: bottom, class: 'grid' }),
    label(x(value), bottom + 17, 'middle', seconds(value)),
  ]);
  const lines = series.map((each) => svg('path', {
    d: path(staircase(each.of, x, y, right)), class: `line ${each.hue} ${each.dash ?? ''}`,
  }));
  drawing.append(...[marks, rows([0, 0.25, 0.5, 0.75, 0.95, 1].filter((v) => width > 500 || v !== 0.95), y, GUTTER, right,
    (value) => `${value * 100}\u00a0%`), lines].flat(9));
  host.append(picture('latency', html('div', { class: 'head' }, html('b', {}, 'Succeeded within'), legend(series)), drawing,
    'Share of all operations, on a logarithmic axis. A curve ends at the share that succeeded at all.'));
}

// ---- histograms

/** The same bins for all series: of a round width, and one for the few that are larger than all others. */
function bins(histograms, room) {
  const largest = most(histograms.map((each) => {
    const total = sum(each.counts);
    let seen = 0;
    const at = each.counts.findIndex((some) => (seen += some) >= total * 0.998);
    return at < 0 ? 0 : each.values[at];
  }));
  const smallest = least(histograms.flatMap((each) => each.values.slice(0, 1)), largest);
  const width = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((each) => (largest - smallest) / each < room)
    ?? Math.ceil((largest - smallest + 1) / room);
  const first = Math.floor(smallest / width);
  const size = Math.floor(largest / width) - first + 1;
  const beyond = histograms.some((each) => most(each.values) >= (first + size) * width);
  return { width, first, size: size + (beyond ? 1 : 0), beyond };
}

function binned(histogram, { width, first, size }) {
  const counts = new Array(size).fill(0);
  histogram.values.forEach((value, i) => {
    counts[Math.min(size - 1, Math.floor(value / width) - first)] += histogram.counts[i];
  });
  const total = sum(counts) || 1;
  return counts.map((some) => some / total);
}

function binName(shape, i) {
  const low = (shape.first + i) * shape.width;
  return shape.beyond && i === shape.size - 1 ? `${count(low)}+` : count(low);
}

const binRange = (shape, i) => (shape.width === 1 || (shape.beyond && i === shape.size - 1)
  ? binName(shape, i)
  : `${binName(shape, i)} to ${count((shape.first + i + 1) * shape.width - 1)}`);

/** Bars side by side: {name, title, unit, note, series: [{label, hue, histogram}]}. */
function histogram(host, width, spec) {
  const shape = bins(spec.series.map((each) => each.histogram), width > 400 ? 24 : 12);
  const values = spec.series.map((each) => binned(each.histogram, shape));
  const [top, bottom, right] = [8, 168, width - 12];
  const heights = ticks(most(values.flat()), 3);
  const y = linear(0, heights[heights.length - 1], bottom, top);
  const step = (right - GUTTER) / shape.size;
  const bar = Math.min(26, (step * 0.8) / values.length);
  const drawing = frame(width, bottom + 24, spec.title, spec.series.map((each) =>
    `${each.label || 'all'}: ${number(each.histogram.mean)} in the mean`).join('; '));
  const every = Math.ceil(34 / step);
  drawing.append(...rows(heights, y, GUTTER, right, (v) => `${+(v * 100).toPrecision(3)}\u00a0%`).flat());
  for (let i = 0; i < shape.size; i++) {
    const middle = GUTTER + (i + 0.5) * step;
    if (i % every === 0) {
      drawing.append(label(middle, bottom + 17, 'middle', binName(shape, i)));
    }
    values.forEach((some, j) => some[i] && drawing.append(svg('rect', {
      x: rounded(middle + (j - values.length / 2) * bar), width: rounded(Math.max(1, bar - 1)),
      y: rounded(y(some[i])), height: rounded(Math.max(0.5, bottom - y(some[i]))), class: `fill ${spec.series[j].hue}`,
    }, svg('title', {}, `${spec.series[j].label} ${binRange(shape, i)} ${spec.unit}: ${share(some[i])}`))));
  }
  host.append(picture(spec.name, html('div', { class: 'head' }, html('b', {}, spec.title), legend(spec.series, true)),
    drawing, spec.note));
}

/** By kind, or by run with all kinds together. */
function histogramSeries(pick) {
  const series = COMPARING
    ? forRuns('', '', null, (run) => ({ histogram: pick(run.all) }))
    : kindsThere().map((kind) => ({
      label: KINDS[kind][0], hue: KINDS[kind][1], histogram: pick(ofKind(RUNS[0], kind)),
    }));
  return series.filter((each) => each.histogram.values.length);
}

function costPicture(host, width, spec) {
  const series = histogramSeries(spec.pick);
  if (series.length) {
    histogram(host, width, { ...spec, series });
  } else {
    host.append(empty(ASKED ? `${spec.title}: no operation succeeded.` : `${spec.title}: there were no operations.`));
  }
}

const hopsPicture = (host, width) => costPicture(host, width, {
  name: 'hops', title: 'Hops', unit: 'hops', pick: (of) => of.hops,
  note: 'Share of the operations that succeeded, by how far away the nearest node was: 1 if the searcher knew it.',
});

const requestsPicture = (host, width) => costPicture(host, width, {
  name: 'requests', title: 'Requests', unit: 'requests', pick: (of) => of.requests,
  note: 'Share of all operations, by how many requests one made.',
});

// ---- buckets

function bucketBars(drawing, run, hue, place, y, base, width) {
  for (const bucket of run.buckets) {
    const full = y(bucket.contacts);
    const live = y(bucket.contacts * (1 - bucket.stale));
    const x = rounded(place(bucket.sharedBits));
    const size = { x, width: rounded(width) };
    drawing.append(svg('g', {},
      svg('title', {}, `${bucket.sharedBits} shared bits: ${number(bucket.contacts)} contacts, ${share(bucket.stale)} gone`),
      svg('rect', { ...size, y: rounded(live), height: rounded(base - live), class: `fill ${hue}` }),
      svg('rect', { ...size, y: rounded(full), height: rounded(live - full), class: `gone ${hue}` })));
  }
}

function bucketPicture(host, width) {
  const all = RUNS.flatMap((run) => run.buckets);
  if (!all.length) {
    host.append(empty('No tables were looked at at the end.'));
    return;
  }
  const [top, bottom, right] = [8, 168, width - 12];
  const largest = most(all.map((bucket) => bucket.sharedBits));
  const heights = ticks(most(all.map((bucket) => bucket.contacts)), 4);
  const y = linear(0, heights[heights.length - 1], bottom, top);
  const step = (right - GUTTER) / (largest + 1);
  const bar = Math.min(30, (step * 0.84) / RUNS.length);
  const drawing = frame(width, bottom + 24, 'Contacts by bucket', RUNS.map((run, i) =>
    `${COMPARING ? `${NAMES[i]}: ` : ''}${number(sum(run.buckets.map((bucket) => bucket.contacts)))} contacts in `
    + `${run.buckets.length} buckets`).join('; '));
  drawing.append(...rows(heights, y, GUTTER, right, short).flat());
  const every = Math.max(1, Math.ceil(26 / step));
  for (let bits = 0; bits <= largest; bits += every) {
    drawing.append(label(GUTTER + (bits + 0.5) * step, bottom + 17, 'middle', String(bits)));
  }
  RUNS.forEach((run, i) => bucketBars(drawing, run, COMPARING ? NAMES[i] : 'c1',
    (bits) => GUTTER + (bits + 0.5) * step + (i - RUNS.length / 2) * bar, y, bottom, Math.max(1, bar - 1)));
  const key = COMPARING ? forRuns('', '', null, () => ({})) : [{ label: 'alive', hue: 'c1' }, { label: 'gone', hue: 'c5' }];
  host.append(picture('buckets', html('div', { class: 'head' }, html('b', {}, 'Contacts by bucket, at the end'),
    legend(key, true)), drawing, `By leading bits shared with the id of the node; means over the nodes looked at.${
    COMPARING ? ' Pale: contacts that are gone.' : ''}`));
}
