'use strict';

// The page: what stands where.

const drawings = [];

/** Draws into a place as wide as it turns out to be, now and whenever that changes. */
function drawn(host, draw) {
  drawings.push({ host, draw, width: 0 });
}

function redraw() {
  for (const drawing of drawings) {
    const width = Math.floor(drawing.host.clientWidth);
    if (width > 0 && width !== drawing.width) {
      drawing.width = width;
      drawing.host.replaceChildren();
      drawing.draw(drawing.host, width);
    }
  }
}

function section(title, ...parts) {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  return html('section', { 'aria-labelledby': id }, html('h2', { id }, title), parts.map((part) => {
    if (typeof part !== 'function') {
      return part;
    }
    const host = html('div', { class: 'drawing' });
    drawn(host, part);
    return host;
  }));
}

// ---- figures

const last = (values) => (values.length ? values[values.length - 1] : null);
const ratio = (part, whole) => (whole > 0 ? part / whole : null);

/** Name, value, text of it, and whether more is better (1), worse (-1) or neither (0). */
function figuresOf(all) {
  return [
    ['operations', all.count, count, 0],
    ['success', ratio(all.succeeded, all.count), share, 1],
    ['latency, p50', all.p50, seconds, -1],
    ['latency, p95', all.p95, seconds, -1],
    ['latency, p99', all.p99, seconds, -1],
    ['latency, longest', all.max, seconds, -1],
    ['hops, mean', all.hops.mean, number, -1],
    ['requests, mean', all.requests.mean, number, -1],
  ];
}

function networkFigures(run) {
  const time = run.timeline;
  const sent = sum(time.sent);
  return [
    ['nodes at the end', last(time.nodes), count, 0],
    ['arrivals', sum(time.arrivals), count, 0],
    ['departures', sum(time.departures), count, 0],
    ['contacts in a table, at the end', last(time.contacts), number, 0],
    ['of these gone', last(time.stale), share, -1],
    ['datagrams sent', sent, count, 0],
    ['of these lost', ratio(sum(time.lost), sent), share, 0],
    ['cut', sum(time.cut), count, 0],
    ['filtered', sum(time.filtered), count, 0],
  ];
}

function change(before, after, format, better) {
  if (before === null || after === null || before === after) {
    return html('td', {}, before === after ? '=' : NONE);
  }
  const points = format === share;
  const relative = before ? (after / before - 1) * 100 : null;
  const by = points ? (after - before) * 100 : relative;
  const sign = after > before ? '+' : '\u2212';
  const text = by === null ? NONE : `${sign}${number(Math.abs(by))}\u00a0${points ? 'pp' : '%'}`;
  const good = better * (after - before);
  const clear = better && by !== null && Math.abs(by) >= (points ? 0.1 : 1);
  const verdict = good > 0 ? html('span', { class: 'good' }, ' better') : html('span', { class: 'bad' }, ' worse');
  return html('td', {}, text, clear ? verdict : null);
}

function figureRows(figures) {
  return figures[0].map(([name, value, format, better], i) => html('tr', {}, html('th', { scope: 'row' }, name),
    figures.map((column) => html('td', {}, format(column[i][1]))),
    COMPARING ? change(value, figures[1][i][1], format, better) : null));
}

function figureTable(head, bodies) {
  return html('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures' }, html('table', {},
    html('thead', {}, html('tr', {}, html('th', {}), head.map((name) => html('th', { scope: 'col' }, name)))),
    bodies.map(([title, figures]) => html('tbody', {},
      title ? html('tr', {}, html('th', { class: 'group', colspan: head.length + 1, scope: 'rowgroup' }, title)) : null,
      figureRows(figures)))));
}

function figureTables() {
  const network = SAMPLED ? RUNS.map(networkFigures) : null;
  const kinds = kindsThere();
  if (COMPARING) {
    const none = { ...RUNS[0].all, count: 0, succeeded: 0, p50: null, p95: null, p99: null, max: null };
    none.hops = none.requests = { mean: null };
    return [figureTable(['before', 'after', 'change'], [
      ['All operations', RUNS.map((run) => figuresOf(run.all))],
      ...(kinds.length > 1 ? kinds.map((kind) =>
        [KINDS[kind][0], RUNS.map((run) => figuresOf(ofKind(run, kind) ?? none))]) : []),
      ...(network ? [['Network', network]] : []),
    ])];
  }
  const columns = [...(kinds.length === 1 ? [] : [RUNS[0].all]), ...RUNS[0].kinds];
  return [html('div', { class: 'pair' },
    figureTable(columns.map((of) => (of.kind ? KINDS[of.kind][0] : 'all')), [[null, columns.map(figuresOf)]]),
    network ? figureTable(['network'], [[null, network]]) : null)];
}

// ---- head

function tile(name, [, value, format], before) {
  return html('div', { class: 'tile' }, html('dt', {}, name), html('dd', {}, format(value)),
    COMPARING ? html('dd', { class: 'was' }, `before ${format(before[1])}`) : null);
}

function tiles() {
  const [first, other] = [figuresOf(RUNS[0].all), figuresOf(RUNS[RUNS.length - 1].all)];
  const names = [
    ['success', 1], ['latency p50', 2], ['latency p95', 3], ['latency p99', 4], ['hops', 6], ['requests', 7]];
  return html('dl', { class: 'tiles' }, names.map(([name, i]) => tile(name, other[i], first[i])));
}

function head() {
  const failed = RUNS.map((run) => run.verdicts.shown.filter((verdict) => !verdict.held).length);
  const state = (some) => (some
    ? html('span', { class: 'badge bad' }, `${plural(some, 'check')} failed`)
    : html('span', { class: 'badge good' }, 'all checks held'));
  const lines = RUNS.map((run, i) => html('p', { class: 'run' },
    COMPARING ? html('span', { class: `badge ${NAMES[i]}` }, NAMES[i]) : null,
    COMPARING && run.title !== RUNS[1 - i].title ? html('span', {}, run.title) : null,
    html('code', {}, run.run),
    run.verdicts.shown.length ? state(failed[i]) : null));
  const title = COMPARING && RUNS[0].title !== RUNS[1].title ? 'Two runs compared' : RUNS[0].title || document.title;
  document.title = title;
  return html('header', {}, html('h1', {}, title), lines, tiles(), html('p', { class: 'note' },
    ASKED ? 'Latency and hops are of operations that succeeded, requests of all.' : 'There were no operations.'));
}

// ---- checks

/** A row for each check, with the verdict of each run; two of one name in the same run are two rows. */
function checkRows() {
  const rowsByCheck = new Map();
  RUNS.forEach((run, i) => run.verdicts.shown.forEach((verdict) => {
    let key = JSON.stringify([verdict.kind, verdict.check]);
    while (rowsByCheck.get(key)?.verdicts[i]) {
      key += '+';
    }
    const row = rowsByCheck.get(key) ?? { ...verdict, verdicts: [] };
    row.verdicts[i] = verdict;
    rowsByCheck.set(key, row);
  }));
  const held = (row) => RUNS.every((_, i) => row.verdicts[i]?.held ?? true);
  return [...rowsByCheck.values()].map((row) => ({ ...row, held: held(row) }));
}

function verdictMark(verdict, i) {
  const name = COMPARING ? `${NAMES[i]} ` : '';
  const [kind, text] = !verdict ? ['', NONE] : verdict.held ? ['good', '\u2713 held'] : ['bad', '\u2717 failed'];
  return html('span', { class: `badge ${kind}` }, `${name}${text}`);
}

function verdictDetail(verdict, i) {
  return verdict?.detail
    ? html('pre', { class: verdict.held ? 'detail' : 'detail failed' },
      `${COMPARING ? `${NAMES[i]}: ` : ''}${verdict.detail}`)
    : null;
}

function checkItem(row) {
  return html('li', {}, html('div', {}, RUNS.map((_, i) => verdictMark(row.verdicts[i], i)),
    html('span', { class: 'muted' }, row.kind), html('span', { class: 'check' }, row.check)),
  RUNS.map((_, i) => verdictDetail(row.verdicts[i], i)));
}

function checks() {
  const all = checkRows();
  if (!all.length) {
    return [empty('Nothing was checked.')];
  }
  const [failed, held] = [all.filter((row) => !row.held), all.filter((row) => row.held)];
  const list = (some) => html('ul', { class: 'checks' }, some.map(checkItem));
  const omitted = sum(RUNS.map((run) => run.verdicts.omitted));
  return [
    failed.length ? list(failed) : null,
    held.length > 8
      ? html('details', {}, html('summary', {}, `${count(held.length)} checks held`), list(held))
      : list(held),
    omitted ? html('p', { class: 'note' }, `and ${count(omitted)} more`) : null,
  ];
}

// ---- scenario

function copyable(text, name) {
  const block = html('pre', { class: 'code', tabindex: 0 }, text);
  const button = html('button', { type: 'button' }, 'Copy');
  const copied = () => { button.textContent = 'Copied'; };
  const select = () => {
    getSelection().selectAllChildren(block);
    button.textContent = 'Selected';
  };
  button.addEventListener('click', () => {
    if (navigator.clipboard) {
      navigator.clipboard.writeText(text).then(copied, select);
    } else {
      select();
    }
  });
  return html('div', { class: 'copyable' },
    html('div', { class: 'bar' }, name ? html('b', {}, name) : null, button), block);
}

function scenarios() {
  const same = !COMPARING || RUNS[0].scenario === RUNS[1].scenario;
  const shown = same ? RUNS.slice(0, 1) : RUNS;
  return shown.map((run, i) => {
    const name = same ? (COMPARING ? 'before and after' : '') : NAMES[i];
    const missing = 'There is no scenario as text.';
    return run.scenario ? copyable(run.scenario, name) : empty(name ? `${name}: ${missing}` : missing);
  });
}

// ---- all of it

function page() {
  document.getElementById('page').append(
    head(),
    section('Checks', ...checks()),
    section('Faults and churn', churnPictures),
    section('Latency', latencyPictures),
    section('Cost', html('div', { class: 'pair' }, ...[hopsPicture, requestsPicture].map((draw) => {
      const host = html('div', { class: 'drawing' });
      drawn(host, draw);
      return host;
    }))),
    section('Figures', ...figureTables()),
    section('Routing tables', tablePictures, bucketPicture),
    section('Ring of ids', ringPictures),
    section('Slowest and failed', ...searchBlocks()),
    section('Traffic', trafficPictures),
    section('Scenario', ...scenarios()));
  redraw();
  new ResizeObserver(redraw).observe(document.getElementById('page'));
  document.addEventListener('toggle', redraw, true);
  document.documentElement.dataset.drawn = 'true';
}

page();
