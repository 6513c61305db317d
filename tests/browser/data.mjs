// Writes the series that the generated boards query, as OpenMetrics: deterministic values, plausible, not recorded from anywhere.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const HOUR = 3600;
const LABEL_VALUES = {
  instance: ['host-1:9100', 'host-2:9100'], view: ['checkout:pay', 'cart:list', 'search:query'], status: ['200', '404', '500'],
  method: ['GET', 'POST'], mode: ['idle', 'user', 'system', 'iowait'], cpu: ['0', '1'], device: ['eth0'], fstype: ['ext4'],
  mountpoint: ['/'], name: ['shop', 'worker'], datname: ['shop', 'analytics'], le: ['0.05', '0.1', '0.2', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'],
};
const JOB_OF_PREFIX = { pg: 'postgres', redis: 'redis', nginx: 'nginx', probe: 'blackbox', node: 'node', container: 'cadvisor', django: 'backend' };

/** A number from 0 to 1 that texts which are nearly the same do not share. */
function hash(text) {
  const sum = [...text].reduce((all, char) => Math.imul(all ^ char.charCodeAt(0), 16777619) >>> 0, 2166136261);
  const mixed = Math.imul(sum ^ (sum >>> 15), 2246822519) >>> 0;
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}
const labelsText = (labels) => Object.entries(labels).filter(([, value]) => value !== "").sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, value]) => `${key}=${JSON.stringify(String(value))}`).join(',');

/** Every file below `folder` that ends in `ending`, sorted. */
export function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith(ending)).sort().map((name) => join(folder, name));
}

function times(end) {
  const hourly = Array.from({ length: 31 * 24 }, (_, index) => end - (31 * 24 - index) * HOUR).filter((time) => time < end - 7 * HOUR);
  const fine = Array.from({ length: 7 * 60 + 1 }, (_, index) => end - (7 * 60 - index) * 60);
  return { all: [...hourly, ...fine], fine };
}

function constant(expr, fallback) {
  const match = /vector\(\s*([\d.e-]+)\s*\)/.exec(expr) ?? /^\s*([\d.e-]+)\s*$/.exec(expr);
  return match ? Number(match[1]) : fallback;
}

const BURN = { exhausted: 18, ticket: 2.5, low: 1.1, healthy: 0.3 };
const LEFT = { exhausted: -0.12, ticket: 0.22, low: 0.4, healthy: 0.86 };

// How much a window smooths what happens.
const CALM = { '5m': 0, '30m': 0.2, '1h': 0.3, '2h': 0.4, '6h': 0.55, '1d': 0.75, '3d': 0.9 };

function sloValue(record, rule, state, budget, age) {
  const calm = CALM[/ratio_rate(\w+)$/.exec(record)?.[1]] ?? 0.7;
  const wave = 1 + (1 - calm) * (0.3 * Math.sin(age / 9000 + 3 * calm) + 0.15 * Math.sin(age / 1700));
  if (record === 'slo_info') return 1;
  if (record === 'slo:objective:ratio') return constant(rule.expr, 1 - budget);
  if (record === 'slo:error_budget:ratio') return budget;
  if (record === 'slo:time_period:days') return constant(rule.expr, 30);
  if (record.startsWith('slo:events')) return 240 * wave;
  const burn = state === 'exhausted' && age > 4 * HOUR ? 0.9 * wave : BURN[state] * wave;
  if (record.startsWith('slo:errors')) return 240 * burn * budget;
  if (record.startsWith('slo:sli_error')) return Math.min(1, burn * budget);
  if (record.startsWith('slo:period_error_budget_remaining')) return LEFT[state] + (1 - LEFT[state]) * Math.min(1, age / (30 * 24 * HOUR));
  if (record.startsWith('slo:period_burn_rate')) return 1 - LEFT[state];
  if (record.startsWith('slo:period_elapsed')) return 1;
  return burn;
}

function sloSeries(root, end, add) {
  const rules = filesBelow(join(root, 'generated/prometheus/rules'), '.yaml')
    .flatMap((file) => parse(readFileSync(file, 'utf8')).groups ?? []).flatMap((group) => group.rules ?? []);
  const ids = [...new Set(rules.filter((rule) => rule.record === 'slo_info').map((rule) => rule.labels.slo_id))].sort();
  const silent = ids[7];
  const stateOf = (id) => ['exhausted', 'healthy', 'healthy', 'ticket', 'healthy', 'low', 'healthy', 'healthy'][ids.indexOf(id) % 8];
  const budgets = Object.fromEntries(rules.filter((rule) => rule.record === 'slo:error_budget:ratio').map((rule) => [rule.labels.slo_id, constant(rule.expr, 0.001)]));
  for (const rule of rules.filter((rule) => rule.record?.startsWith('slo') && rule.labels?.slo_id)) {
    const id = rule.labels.slo_id;
    if (id === silent && /sli_error|period_|events|errors|current/.test(rule.record)) continue;
    add(rule.record, rule.labels, (time) => sloValue(rule.record, rule, stateOf(id), budgets[id] ?? 0.001, end - time), 'all');
  }
  // Exhausted budgets page and spent ones have tickets now; every alert of an SLO that has data fired once before, for a while.
  const now = (rule) => rule.labels?.slo_id === silent || (rule.labels?.slo_id
    ? stateOf(rule.labels.slo_id) === 'exhausted' || (stateOf(rule.labels.slo_id) === 'ticket' && rule.labels.slo_alert === 'ticket')
    : ['RedisDown', 'CeleryQueueBacklog'].includes(rule.alert));
  for (const rule of rules.filter((rule) => rule.alert && (rule.labels?.slo_id !== silent || rule.alert === 'SLONoData'))) {
    const labels = { alertname: rule.alert, ...rule.labels };
    const start = end - Math.round((2 + 4 * hash(rule.alert + (rule.labels?.slo_id ?? ''))) * 60) * 60;
    const fires = (time) => (time >= start && time < start + 40 * 60) || (now(rule) && time > end - 90 * 60);
    add('ALERTS', { ...labels, alertstate: 'firing' }, (time) => (fires(time) ? 1 : null), 'fine');
    add('ALERTS_FOR_STATE', labels, (time) => (fires(time) ? start : null), 'fine');
  }
  const worst = rules.find((rule) => rule.record === 'slo_info' && rule.labels.slo_id === ids[0]).labels;
  const mute = rules.find((rule) => rule.record === 'slo_info' && rule.labels.slo_id === silent).labels;
  return { silent: { slo_id: silent, slo_service: mute.slo_service, slo_name: mute.slo_name }, exhausted: { service: worst.slo_service, slo: worst.slo_name } };
}

function candidates(pattern) {
  return pattern.split('|').map((part) => part.replace(/\.[*+]/g, 'x').replace(/\./g, '0')).filter((part) => /^[\w:/+0-9-]+$/.test(part));
}

/** The metrics that the expressions of hand-written boards select, with the values that their labels need. */
function rawMetrics(boards) {
  const metrics = new Map();
  for (const board of boards) {
    const jobs = (board.templating?.list ?? []).filter((item) => item.name === 'job').flatMap((item) => candidates(/job=~?"([^"]*)"/.exec(item.query.query)?.[1] ?? ''));
    for (const job of jobs) for (const instance of LABEL_VALUES.instance) mergeMetric(metrics, 'up', { job: [job], instance: [instance] }, false);
    const queries = board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]).flatMap((panel) => panel.targets ?? []);
    for (const { expr, legendFormat } of queries) {
      const shown = [...(legendFormat ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]);
      const grouped = [...expr.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap((match) => match[1].split(',')).map((label) => label.trim()).concat(/ by /.test(expr) ? [] : shown).filter((label) => label && !expr.includes(`"${label}",`));
      for (const [, name, body] of expr.matchAll(/([a-zA-Z_][\w:]*)\s*\{([^}]*)\}/g)) {
        if (/^(slo|ALERTS)/.test(name)) continue;
        const labels = Object.fromEntries(grouped.filter((label) => label !== 'le').map((label) => [label, LABEL_VALUES[label] ?? [`${label}-a`, `${label}-b`]]));
        if (name.endsWith('_bucket')) labels.le = LABEL_VALUES.le;
        for (const [, label, operator, value] of body.matchAll(/(\w+)\s*(=~|!=|!~|=)\s*"([^"]*)"/g)) {
          const wanted = value.includes('$') || operator.startsWith('!') ? [] : operator === '=' ? [value] : candidates(value);
          labels[label] = [...new Set([...(LABEL_VALUES[label] ?? []), ...(labels[label] ?? []), ...wanted])];
          if (labels[label].length === 0) labels[label] = label === 'job' ? [] : [`${label}-a`, `${label}-b`];
        }
        const own = JOB_OF_PREFIX[name.split('_')[0]];
        if (!/job="/.test(body)) labels.job = own ? [own] : jobs;
        if (labels.job.length === 0) labels.job = ['shop'];
        labels.instance ??= LABEL_VALUES.instance;
        mergeMetric(metrics, name, labels, /offset/.test(expr) || /\[(1h|1d|\$__range)\]/.test(expr));
      }
    }
  }
  // The buckets, the count and the sum of a histogram have the same labels, and so the same values.
  for (const [name, { labels, long }] of [...metrics]) {
    const [, base] = /^(.*)_bucket$/.exec(name) ?? [];
    if (!base) continue;
    const { le, ...others } = labels;
    for (const part of ['count', 'sum'].map((end) => metrics.get(`${base}_${end}`)).filter(Boolean)) {
      for (const [label, values] of Object.entries(part.labels)) others[label] = [...new Set([...(others[label] ?? []), ...values])];
      part.labels = others;
      part.long ||= long;
    }
    metrics.set(name, { labels: { ...others, le }, long });
  }
  return metrics;
}

function mergeMetric(metrics, name, labels, long) {
  const entry = metrics.get(name) ?? { labels: {}, long: false };
  for (const [label, values] of Object.entries(labels)) entry.labels[label] = [...new Set([...(entry.labels[label] ?? []), ...values])];
  entry.long ||= long;
  metrics.set(name, entry);
}

function combinations(labels) {
  return Object.entries(labels).reduce((all, [label, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))), [{}]);
}

function rawValue(name, labels, counter, end) {
  const seed = hash(name.replace(/_(bucket|count|sum)$/, '') + labelsText({ ...labels, le: '' }));
  const shape = (time) => 1 + 0.25 * Math.sin(time / 4000 + seed * 6);
  if (counter) {
    let perSecond = 1 + 4 * seed;
    if (/_seconds_total$/.test(name)) perSecond = labels.mode === 'idle' ? 0.7 : 0.02 + 0.08 * seed;
    if (/bytes/.test(name)) perSecond *= 200000;
    if (/err|fail|miss|throttled|deadlock|oom|evicted|rollback|exception/.test(name) || /^5/.test(labels.status ?? '')) perSecond *= 0.01;
    if (labels.le) perSecond *= labels.le === '+Inf' ? 1 : 1 - Math.exp(-Number(labels.le) * 12);
    if (/_sum$/.test(name)) perSecond *= 0.1;
    return (time) => perSecond * (time - end + 40 * 24 * HOUR + 900 * Math.sin(time / 4000 + seed * 6));
  }
  if (/(^|_)up$|success$|_status$/.test(name)) return () => 1;
  if (/_is_/.test(name)) return () => Number(seed > 0.5);
  if (/expiry|not_after/.test(name)) return () => end + (20 + 40 * seed) * 24 * HOUR;
  if (/boot_time|start_time|timestamp/.test(name)) return () => end - (1 + 5 * seed) * HOUR;
  if (name === 'node_time_seconds') return (time) => time;
  if (/bytes/i.test(name)) return (time) => (/max|size|limit|total/i.test(name) ? 8e9 : (1.5 + 2 * seed) * 1e9 * shape(time));
  if (/max_connections|settings/.test(name)) return () => 100;
  if (/ratio|seconds/.test(name)) return (time) => 0.2 * (0.5 + seed) * shape(time);
  return (time) => Math.round((2 + 20 * seed) * shape(time));
}

/** Writes the OpenMetrics file; returns which SLO has no data, which has none of its budget left, and the labels of all series by name. */
export function writeSeries(root, boards, file, end) {
  const families = new Map();
  const heads = new Set();
  const written = new Map();
  const grid = times(end);
  const week = Array.from({ length: 9 * 24 * 12 }, (_, index) => end - (9 * 24 * 12 - index) * 300).filter((time) => time < end - 7 * HOUR);
  grid.long = [...week, ...grid.fine];
  const add = (name, labels, value, span) => {
    const lines = families.get(name) ?? [];
    const head = `${name}{${labelsText(labels)}}`;
    if (heads.has(head)) return;
    heads.add(head);
    if (!written.has(name)) written.set(name, []);
    written.get(name).push(labels);
    for (const time of grid[span]) {
      const number = value(time);
      if (number !== null) lines.push(`${head} ${number} ${time}`);
    }
    families.set(name, lines);
  };
  const chosen = sloSeries(root, end, add);
  const expressions = boards.flatMap((board) => board.panels).flatMap((panel) => panel.targets ?? []).map((target) => target.expr.replace(/\s+/g, ' '));
  for (const [name, { labels, long }] of rawMetrics(boards)) {
    const counter = /_(total|count|sum|bucket)$/.test(name) && !/^pg_(stat_activity|locks)_count$/.test(name) || expressions.some((expr) => new RegExp(`(rate|increase)\\( ?${name}\\b`).test(expr));
    for (const one of combinations(labels).slice(0, labels.le ? 400 : 120)) add(name, one, rawValue(name, one, counter, end), long ? 'long' : 'fine');
  }
  writeFileSync(file, [...families.values()].map((lines) => lines.join('\n')).join('\n') + '\n# EOF\n');
  return { ...chosen, written };
}
