'use strict';

// The ring of all ids, with the nodes on it.

const PLACES = 1 << 14;
const NODES = {
  open: ['open', 'c1'], hidden: ['behind NATs', 'c4'], gone: ['gone', 'c7'], adversary: ['adversaries', 'c2'],
};

/** On a band of some width, so that neighbours do not cover each other: an even spread that looks like none. */
function dots(layer, middle, inner, outer, spread, mark) {
  const center = (inner + outer) / 2;
  let place = 0;
  return layer.steps.map((step, i) => {
    place += step;
    const angle = (place / PLACES) * 2 * Math.PI;
    const radius = center + (outer - inner) * spread * (((i * 0.61803398875) % 1) - 0.5);
    return `M${rounded(middle + radius * Math.sin(angle))} ${rounded(middle - radius * Math.cos(angle))}${mark}`;
  }).join('');
}

function ringLayer(layer, size, inner, outer, spread, dot) {
  const wide = dot + 1.5;
  const diamond = `m${-wide} 0l${wide} ${-wide} ${wide} ${wide} ${-wide} ${wide}z`;
  const [name, hue] = NODES[layer.kind];
  return svg('path', {
    d: dots(layer, size / 2, inner, outer, spread, layer.kind === 'adversary' ? diamond : 'h0'),
    'stroke-width': layer.kind === 'gone' ? dot * 0.8 : dot,
    class: layer.kind !== 'adversary' ? `dot ${hue}` : dot > 3 ? `diamond outlined ${hue}` : `diamond ${hue}`,
  }, svg('title', {}, `${count(layer.count)} ${name}${layer.group ? `, on side ${layer.group}` : ''}`));
}

function quarters(size, outer) {
  return ['00\u2026', '40\u2026', '80\u2026', 'c0\u2026'].map((prefix, i) => {
    const [sin, cos] = [[0, 1], [1, 0], [0, -1], [-1, 0]][i];
    const at = (radius) => [size / 2 + radius * sin, size / 2 - radius * cos];
    const [x, y] = at(outer + 13);
    return [
      svg('path', { d: path([at(outer + 2), at(outer + 6)]), class: 'axis' }),
      label(x, y + 4, sin ? (sin > 0 ? 'start' : 'end') : 'middle', prefix, 'code'),
    ];
  });
}

function bandName(middle, radius, text) {
  return label(middle, middle - radius + 4, 'middle', text, 'halo strong');
}

function sideName(group, groups) {
  return group ? `side ${group}` : groups.length > 1 ? 'no side' : '';
}

function ringDrawing(run, size, title) {
  const { layers } = run.ring;
  const groups = [...new Set(layers.map((layer) => layer.group))];
  const outer = size / 2 - 34;
  const band = Math.min(outer / 4, (outer * 0.62) / groups.length);
  const marks = sum(layers.map((layer) => layer.steps.length));
  const dot = Math.max(1.8, Math.min(7, (size * 0.2) / Math.sqrt(marks)));
  const drawing = frame(size, size, title, layers.map((layer) =>
    `${count(layer.count)} ${NODES[layer.kind][0]} ${sideName(layer.group, groups)}`).join('; '));
  groups.forEach((group, i) => {
    const gap = Math.min(3, band / 6);
    const [far, near] = [outer - i * band - gap, outer - (i + 1) * band + gap];
    drawing.append(svg('circle', {
      cx: size / 2, cy: size / 2, r: rounded((far + near) / 2), 'stroke-width': rounded(far - near), class: 'track',
    }));
    const inside = layers.filter((layer) => layer.group === group)
      .sort((a, b) => Object.keys(NODES).indexOf(a.kind) - Object.keys(NODES).indexOf(b.kind));
    const spread = Math.min(1, marks / 300);
    drawing.append(...inside.map((layer) => ringLayer(layer, size, near + dot, far - dot, spread, dot)));
    if (groups.length > 1) {
      drawing.append(bandName(size / 2, (far + near) / 2, sideName(group, groups)));
    }
  });
  const total = sum(layers.filter((layer) => layer.kind !== 'gone').map((layer) => layer.count));
  drawing.append(...quarters(size, outer).flat(),
    svg('text', { x: size / 2, y: size / 2 + 4, 'text-anchor': 'middle', class: 'big' }, count(total)),
    label(size / 2, size / 2 + 22, 'middle', total === 1 ? 'node' : 'nodes'));
  return drawing;
}

function ringLegend(run) {
  const many = (kind) => sum(run.ring.layers.filter((layer) => layer.kind === kind).map((layer) => layer.count));
  const counts = Object.entries(NODES).map(([kind, [name, hue]]) => ({
    label: name, hue, shape: kind === 'adversary' ? 'diamond' : 'dot', many: many(kind),
  })).filter((each) => each.many);
  const key = legend(counts);
  counts.forEach((each) => { each.value.textContent = count(each.many); });
  return key;
}

function ringPictures(host, width) {
  const wide = COMPARING && width >= 640;
  const size = Math.min(wide ? width / 2 - 10 : width, 560);
  const pair = html('div', { class: 'pair' });
  RUNS.forEach((run, i) => {
    const name = COMPARING ? NAMES[i] : 'Nodes at the end';
    if (!run.ring.layers.length) {
      pair.append(empty(COMPARING ? `${name}: no nodes were recorded.` : 'No nodes were recorded.'));
      return;
    }
    const each = run.ring.each;
    pair.append(picture('ring', html('div', { class: 'head' }, html('b', {}, name), ringLegend(run)),
      ringDrawing(run, size, `Ring of ids${COMPARING ? `, ${name}` : ''}`),
      `Clockwise by id; the first byte is written outside.${each > 1 ? ` Each dot stands for ${each} nodes.` : ''}`));
  });
  host.append(pair);
}
