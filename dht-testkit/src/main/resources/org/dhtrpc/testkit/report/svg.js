'use strict';

// What all pictures share: elements, scales, numbers as text, frames, legends.

const RUNS = JSON.parse(document.getElementById('data').textContent).runs;
const COMPARING = RUNS.length === 2;
const NAMES = ['before', 'after'];
const SVG = 'http://www.w3.org/2000/svg';
const NONE = '\u2013';
const GUTTER = 46;

/** Text is only ever set as text. */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined));
  return node;
}

const html = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

/** The same for each run: in a comparison its colour says which run it is, else what it shows. */
function forRuns(label, hue, dash, make) {
  return RUNS.map((run, i) => ({
    label: COMPARING ? [label, NAMES[i]].filter(Boolean).join(', ') : label,
    hue: COMPARING ? NAMES[i] : hue,
    dash,
    ...make(run),
  }));
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const most = (values, floor = 0) => values.reduce((a, b) => (b > a ? b : a), floor);
const least = (values, roof) => values.reduce((a, b) => (b < a ? b : a), roof);
const rounded = (x) => Math.round(x * 10) / 10;

// ---- numbers as text

const digits = (value, places) =>
  value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });

function count(value) {
  return value === null ? NONE : value < 1e9 ? digits(value, 0) : short(value);
}

/** With three digits that count. */
function number(value) {
  if (value === null || !Number.isFinite(value)) {
    return NONE;
  }
  const size = Math.abs(value);
  return size >= 1e6 ? short(value) : digits(value, size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

function short(value) {
  if (Math.abs(value) >= 1e13) {
    return value.toExponential(1);
  }
  const units = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
  const unit = units.find(([size]) => Math.abs(value) >= size);
  return unit ? `${+(value / unit[0]).toPrecision(3)}${unit[1]}` : `${+value.toPrecision(3)}`;
}

/** With as many digits as it takes to see what is missing to all. */
function share(value) {
  if (value === null || !Number.isFinite(value)) {
    return NONE;
  }
  const missing = Math.min(Math.abs(value), Math.abs(1 - value)) * 100;
  return `${digits(value * 100, missing === 0 ? 0 : missing < 0.1 ? 3 : missing < 1 ? 2 : 1)}\u00a0%`;
}

function seconds(value) {
  if (value === null || !Number.isFinite(value)) {
    return NONE;
  }
  if (value < 0.9995) {
    return `${+(value * 1000).toPrecision(3)}\u00a0ms`;
  }
  if (value < 119.95) {
    return `${number(value)}\u00a0s`;
  }
  const minutes = Math.round(value / 60);
  return minutes < 120 ? `${minutes}\u00a0min` : `${number(value / 3600)}\u00a0h`;
}

/** As short as it can be said, for axes. */
function roundSeconds(value) {
  if (value < 0.9995) {
    return value === 0 ? '0' : `${+(value * 1000).toPrecision(3)}\u00a0ms`;
  }
  return value < 120 ? `${+value.toPrecision(3)}\u00a0s` : seconds(value);
}

const plural = (value, one) => `${count(value)} ${one}${value === 1 ? '' : 's'}`;

/** A time of the run, as a clock shows it: 1:30, or 2:00:00; in days if there are many. */
function clock(time) {
  const shown = Math.round(time * 100) / 100;
  const whole = Math.floor(shown);
  const two = (value) => String(value).padStart(2, '0');
  const rest = shown > whole ? (shown - whole).toFixed(2).slice(1).replace(/0$/, '') : '';
  const minutes = Math.floor(whole / 60);
  if (whole >= 100 * 86400) {
    return `${short(whole / 86400)}\u00a0days`;
  }
  const head = minutes < 60 ? `${minutes}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
  return `${head}:${two(whole % 60)}${rest}`;
}

// ---- scales

const linear = (from, to, start, end) => (value) => start + ((value - from) / (to - from || 1)) * (end - start);

function logarithmic(from, to, start, end) {
  const line = linear(Math.log(from), Math.log(to), start, end);
  return (value) => line(Math.log(Math.min(to, Math.max(from, value))));
}

/** Round values from 0 to the first that is not below the largest. */
function ticks(largest, wanted) {
  const rough = (largest || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) * power;
  const steps = Math.ceil((largest || 1) / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, i) => +(i * step).toPrecision(12));
}

const CLOCK_STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

/** Times that a clock shows round. */
function clockTicks(length, wanted) {
  const rough = length / wanted;
  const step = CLOCK_STEPS.find((each) => each >= rough) ?? Math.ceil(rough / 86400) * 86400;
  return Array.from({ length: Math.floor(length / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** Round values, and whether each has room for a name. */
function powerTicks(from, to, wanted) {
  const all = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    all.push(...[1, 2, 5].map((factor) => [+(factor * 10 ** power).toPrecision(3), factor === 1]));
  }
  const inside = all.filter(([value]) => value >= from && value <= to);
  const scarce = inside.length > wanted && inside.some(([, main]) => main);
  return inside.map(([value, main]) => [value, main || !scarce]);
}

// ---- parts of pictures

let pictures = 0;

/** An empty picture with a name and a description for those who do not see it. */
function frame(width, height, title, description) {
  const id = `picture-${++pictures}`;
  return svg('svg', {
    viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-labelledby': `${id} ${id}-d`,
  }, svg('title', { id }, title), svg('desc', { id: `${id}-d` }, description));
}

const path = (points) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${rounded(x)} ${rounded(y)}`).join('');

function label(x, y, anchor, text, extra = '') {
  return svg('text', { x: rounded(x), y: rounded(y), 'text-anchor': anchor, class: `tick ${extra}` }, text);
}

function rows(values, y, left, right, format) {
  return values.map((value) => [
    svg('line', { x1: left, x2: right, y1: rounded(y(value)), y2: rounded(y(value)), class: value ? 'grid' : 'axis' }),
    label(left - 6, y(value) + 4, 'end', format(value)),
  ]);
}

const SWATCHES = {
  line: (hue) => svg('line', { x1: 0, x2: 22, y1: 6, y2: 6, class: `line ${hue}` }),
  bar: (hue) => svg('rect', { x: 0, y: 1, width: 12, height: 10, rx: 2, class: `fill ${hue}` }),
  dot: (hue) => svg('circle', { cx: 6, cy: 6, r: 4, class: `fill ${hue}` }),
  diamond: (hue) => svg('path', { d: 'M0 6l6 -6 6 6 -6 6z', class: `fill ${hue}` }),
  request: (hue) => svg('rect', { x: 0.5, y: 1.5, width: 21, height: 9, rx: 1.5, class: hue }),
};

function swatch(shape, hue) {
  const width = shape === 'line' || shape === 'request' ? 22 : 12;
  return svg('svg', { width, height: 12, 'aria-hidden': 'true', class: 'swatch' }, SWATCHES[shape](hue));
}

/** One entry that has no name needs no mark either. */
function legend(series, shape) {
  const entries = series.map((each) => {
    each.value = html('span', { class: 'value' });
    const mark = each.label ? swatch(each.shape ?? shape, `${each.hue} ${each.dash ?? ''}`) : null;
    return html('li', {}, mark, html('span', {}, each.label), each.value);
  });
  return html('ul', { class: 'legend' }, entries);
}

function picture(name, key, drawing, note) {
  return html('figure', { class: 'picture', 'data-picture': name }, key, drawing,
    note ? html('figcaption', {}, note) : null);
}

const empty = (what) => html('p', { class: 'empty' }, what);
