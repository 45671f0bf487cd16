'use strict';

// One search after the other: a bar for each request, and how near it got to the target.

const ROW = 15;

function searchLayout(width, steps) {
  const names = width >= 620 ? 150 : 0;
  const bits = width >= 620 ? 120 : 70;
  const nearest = most(steps.map((step) => step.sharedBits), 4);
  return { names, left: names + 4, middle: names + bits, right: width - 46, bits: nearest };
}

function answered(step, end) {
  return step.answered === null ? end : step.answered;
}

function stepText(step) {
  return [
    step.peer, step.adversary ? 'an adversary' : null, `${step.sharedBits} shared bits`,
    `asked after ${seconds(step.sent)}`,
    step.answered === null ? 'no answer' : `answered after ${seconds(step.answered - step.sent)}`,
    step.repeats ? `sent again ${step.repeats === 1 ? 'once' : `${step.repeats} times`}` : null,
  ].filter(Boolean).join(', ');
}

function stepRow(step, y, layout, time, near, end) {
  const hue = step.adversary ? 'c2' : step.answered === null ? 'c7' : 'c1';
  const [from, to] = [time(step.sent), time(answered(step, end))];
  const right = Math.max(2, to - from);
  const marks = [
    svg('title', {}, stepText(step)),
    svg('rect', { x: 0, y, width: layout.right, height: ROW, class: 'hit' }),
    svg('line', { x1: layout.left, x2: rounded(near(step.sharedBits)), y1: y + 7.5, y2: y + 7.5, class: 'stem' }),
    svg('circle', { cx: rounded(near(step.sharedBits)), cy: y + 7.5, r: 3, class: `fill ${hue}` }),
    svg('rect', {
      x: rounded(from), y: y + 3, width: rounded(right), height: 9, rx: 1.5,
      class: step.answered === null ? `open ${hue}` : `fill ${hue}`,
    }),
  ];
  if (layout.names) {
    marks.push(svg('text', { x: 0, y: y + 11.5, class: 'peer' },
      step.peer.length > 20 ? `${step.peer.slice(0, 19)}\u2026` : step.peer));
  }
  const notes = [step.adversary ? '\u25c6' : '', step.answered === null ? '\u00d7' : '',
    step.repeats ? `\u21bb${step.repeats}` : ''].join('');
  if (notes) {
    marks.push(label(from + right + 4, y + 11.5, 'start', notes, step.adversary ? 'bad' : ''));
  }
  return svg('g', { class: 'step' }, marks);
}

function waterfall(host, width, search, title) {
  const steps = search.steps.shown;
  if (!steps.length) {
    host.append(empty('Its requests were not recorded.'));
    return;
  }
  const layout = searchLayout(width, steps);
  const end = most([search.operation.latency, ...steps.map((step) => answered(step, step.sent))], 1e-6);
  const time = linear(0, end, layout.middle + 14, layout.right);
  const near = linear(0, layout.bits, layout.left, layout.middle - 6);
  const bottom = 18 + steps.length * ROW;
  const drawing = frame(width, bottom + 6, title, `${steps.length} requests, of which ${
    steps.filter((step) => step.answered === null).length} had no answer and ${
    steps.filter((step) => step.adversary).length} went to adversaries`);
  const wanted = Math.max(2, Math.floor((layout.right - layout.middle) / 70));
  const values = ticks(end, wanted).filter((value) => value <= end);
  drawing.append(...[
    label(layout.left, 11, 'start', width >= 620 ? `shared bits, 0 to ${layout.bits}` : 'bits'),
    values.map((value) => [
      svg('line', { x1: rounded(time(value)), x2: rounded(time(value)), y1: 16, y2: bottom, class: 'grid' }),
      label(time(value), 11, 'middle', roundSeconds(value)),
    ]),
    steps.map((step, i) => stepRow(step, 17 + i * ROW, layout, time, near, end)),
  ].flat(9));
  const omitted = search.steps.omitted;
  host.append(picture('search', null, drawing, omitted ? `and ${count(omitted)} later requests` : null));
}

function searchTitle(operation) {
  return `${KINDS[operation.kind][0]} at ${clock(operation.at)}, ${operation.success ? 'succeeded' : 'failed'} after ${
    seconds(operation.latency)}`;
}

function searchBlock(search, run, open) {
  const { operation } = search;
  const title = searchTitle(operation);
  const host = html('div', { class: 'drawing' });
  const block = html('details', { class: 'search' },
    html('summary', {},
      html('span', { class: operation.success ? 'badge' : 'badge bad' }, operation.success ? 'slow' : 'failed'),
      COMPARING ? html('span', { class: `badge ${NAMES[run]}` }, NAMES[run]) : null,
      html('span', {}, title), html('span', { class: 'muted' },
        `${plural(operation.requests, 'request')}, ${plural(operation.hops, 'hop')}`)),
    html('dl', { class: 'pairs' },
      html('dt', {}, 'target'), html('dd', {}, html('code', {}, search.target)),
      html('dt', {}, 'searcher'), html('dd', {}, html('code', {}, search.searcher))),
    host);
  block.open = open;
  drawn(host, (inner, width) => waterfall(inner, width, search, title));
  return block;
}

function searchBlocks() {
  const blocks = RUNS.flatMap((run, i) => run.searches.shown.map((search, j) => searchBlock(search, i, j < 2)));
  if (!blocks.length) {
    return [empty('No searches were recorded in detail.')];
  }
  const omitted = sum(RUNS.map((run) => run.searches.omitted));
  const mark = (hue, text) => html('li', {}, swatch('request', hue), text);
  return [
    html('ul', { class: 'legend' }, mark('fill c1', 'answered'), mark('open c7', '\u00d7 no answer'),
      mark('fill c2', '\u25c6 an adversary'), html('li', {}, '\u21bb2 sent again twice')),
    html('p', { class: 'note' }, 'A row for each request, in the order of sending. Dots are how many leading bits the id '
      + 'asked shares with the target: the further to the right, the nearer. Bars run from the request to its answer.'),
    ...blocks,
    omitted ? html('p', { class: 'note' }, `and ${count(omitted)} more`) : null,
  ];
}
