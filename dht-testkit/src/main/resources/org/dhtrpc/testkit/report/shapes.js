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

/** On a logarithmic axis there is no zero. */
const SHORTEST = 0.0001;

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

function quantiles(each) {
  return `${each.label}: ${share(each.of.succeeded / each.of.count)} of ${count(each.of.count)} succeeded, half of `
    + `these within ${seconds(each.of.p50)}, 99 of 100 within ${seconds(each.of.p99)}`;
}

function curves(width, title, series, from, to) {
  const [top, bottom, right] = [8, 230, width - 12];
  const x = logarithmic(from, to, GUTTER, right);
  const y = linear(0, 1, bottom, top);
  const drawing = frame(width, bottom + 24, title, series.map(quantiles).join('; '));
  const marks = powerTicks(from, to, Math.floor((right - GUTTER) / 62)).map(([value, named]) => [
    svg('line', { x1: rounded(x(value)), x2: rounded(x(value)), y1: top, y2: bottom, class: 'grid' }),
    named ? label(x(value), bottom + 17, 'middle', roundSeconds(value)) : [],
  ]);
  const lines = series.map((each) => svg('path', {
    d: path(staircase(each.of, x, y, right)), class: `line ${each.hue} ${each.dash ?? ''}`,
  }));
  drawing.append(...[marks, rows([0, 0.25, 0.5, 0.75, 0.9, 1], y, GUTTER, right, (value) => `${value * 100}\u00a0%`),
    lines].flat(9));
  return drawing;
}

/** One picture of all kinds, or in a comparison one of each kind. */
function latencyGroups() {
  const ofKinds = kindsThere().map((kind) => {
    const [name, hue, dash] = KINDS[kind];
    const series = COMPARING ? forRuns('', hue, null, (run) => ({ of: ofKind(run, kind) }))
      : [{ label: name, hue, dash, of: ofKind(RUNS[0], kind) }];
    return [`${name} succeeded within`, series.filter((each) => each.of)];
  });
  return COMPARING ? ofKinds : [['Succeeded within', ofKinds.flatMap(([, series]) => series)]];
}

function latencyPictures(host, width) {
  const groups = latencyGroups();
  const all = groups.flatMap(([, series]) => series.flatMap((each) => each.of.latencies));
  if (!all.length) {
    host.append(empty(ASKED ? 'No operation succeeded.' : 'There were no operations.'));
    return;
  }
  const from = Math.max(SHORTEST, least(all, Infinity)) / 1.15;
  const to = Math.max(SHORTEST, most(all)) * 1.15;
  const abreast = COMPARING && width >= 760 ? Math.min(groups.length, 3) : 1;
  const each = Math.floor((width - 24 * (abreast - 1)) / abreast);
  host.append(html('div', { class: `abreast-${abreast}` }, groups.map(([title, series]) =>
    picture('latency', html('div', { class: 'head' }, html('b', {}, title), legend(series, 'line')),
      curves(each, title, series, from, to)))),
  html('p', { class: 'note' },
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
  const name = low < 1e5 ? count(low) : short(low);
  return shape.beyond && i === shape.size - 1 ? `${name}+` : name;
}

const binRange = (shape, i) => (shape.width === 1 || (shape.beyond && i === shape.size - 1)
  ? binName(shape, i)
  : `${binName(shape, i)} to ${count((shape.first + i + 1) * shape.width - 1)}`);

/** Bars side by side: {name, title, unit, note, series: [{label, hue, histogram}]}. */
function histogram(host, width, spec) {
  const room = Math.floor((width - GUTTER) / (7 * spec.series.length + 5));
  const shape = bins(spec.series.map((each) => each.histogram), Math.min(30, room));
  const values = spec.series.map((each) => binned(each.histogram, shape));
  const [top, bottom, right] = [8, 168, width - 12];
  const heights = ticks(most(values.flat()), 3);
  const y = linear(0, heights[heights.length - 1], bottom, top);
  const step = (right - GUTTER) / shape.size;
  const bar = Math.min(26, (step * 0.84) / values.length);
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
  host.append(picture(spec.name, html('div', { class: 'head' }, html('b', {}, spec.title), legend(spec.series, 'bar')),
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
      svg('title', {}, `${plural(bucket.sharedBits, 'shared bit')}: ${number(bucket.contacts)} contacts, ${
        share(bucket.stale)} gone`),
      svg('rect', { ...size, y: rounded(live), height: rounded(base - live), class: `fill ${hue}` }),
      svg('rect', { ...size, y: rounded(full), height: rounded(live - full), class: `gone ${hue}` })));
  }
}

function bucketPicture(host, width) {
  const all = RUNS.flatMap((run) => run.buckets);
  if (!all.length) {
    host.append(empty('No tables were looked at.'));
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
  const key = COMPARING ? forRuns('', '', null, () => ({}))
    : [{ label: 'alive', hue: 'c1' }, { label: 'gone', hue: 'c5' }];
  host.append(picture('buckets', html('div', { class: 'head' }, html('b', {}, 'Contacts by bucket, at the end'),
    legend(key, 'bar')), drawing, `By leading bits shared with the id of the node; means over the nodes looked at.${
    COMPARING ? ' Pale: contacts that are gone.' : ''}`));
}
