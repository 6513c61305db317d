// Starts Prometheus on the loopback interface with given series, and asks it what a panel asks.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { interpolate } from './interpolate.js';

/** Loads an OpenMetrics file and serves it; the caller ends the returned process. */
export async function serve(folder, openMetrics, port) {
  mkdirSync(`${folder}/data`, { recursive: true });
  execFileSync('promtool', ['tsdb', 'create-blocks-from', '--max-block-duration=744h', 'openmetrics', openMetrics, `${folder}/data`], { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(`${folder}/prometheus.yml`, 'scrape_configs: []\n');
  const child = spawn('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, '--storage.tsdb.retention.time=90d',
    '--query.lookback-delta=2h', `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], { stdio: ['ignore', 'inherit', 'inherit'] });
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const ready = await fetch(`http://127.0.0.1:${port}/-/ready`).then((answer) => answer.ok, () => false);
    if (ready) return child;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill();
  throw new Error('prometheus did not become ready');
}

async function ask(port, path, parameters) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) }).then((response) => response.json());
  if (answer.status !== 'success') throw new Error(`${answer.error}\n${parameters.query}`);
  return answer.data.result;
}

/** The length in seconds of a range such as `now-7d`. */
export const seconds = (text) => {
  const match = /^now-(\d+)([mhd])$/.exec(text);
  return Number(match[1]) * { m: 60, h: 3600, d: 86400 }[match[2]];
};

/** The values of the board's variables, as Grafana writes them into a query. */
export async function variables(port, board, end, wanted) {
  const values = {};
  for (const item of board.templating?.list ?? []) {
    if (item.type === 'datasource') values[item.name] = 'prometheus';
    else if (item.type === 'custom') values[item.name] = String(item.current?.value ?? item.query.split(',')[0]);
    else if (item.name in wanted && !item.multi) values[item.name] = wanted[item.name];
    else if (item.allValue) values[item.name] = item.allValue;
    else if (item.type === 'query') {
      const [, selector, label] = /label_values\((.*),\s*(\w+)\)$/s.exec(item.query.query);
      const found = await ask(port, 'query', { query: `count by (${label}) (${interpolate(selector, values)})`, time: end });
      const names = found.map((series) => series.metric[label]).sort();
      values[item.name] = item.multi || item.includeAll ? `(${names.join('|')})` : names[0] ?? '';
    }
  }
  return values;
}

/** The answers to a panel's queries. */
export async function answers(port, board, panel, values, end, width) {
  const range = seconds(panel.timeFrom ? `now-${panel.timeFrom}` : board.time.from);
  const step = Math.max(60, Math.ceil(range / width / 60) * 60);
  const special = { ...values, __rate_interval: `${Math.max(step + 60, 240)}s`, __interval: `${step}s`, __range: `${range}s`, __range_s: range };
  return Promise.all((panel.targets ?? []).filter((target) => !target.hide).map(async (target) => {
    const query = interpolate(target.expr, special);
    const result = target.instant
      ? (await ask(port, 'query', { query, time: end })).map((series) => ({ metric: series.metric ?? {}, values: [series.value] }))
      : await ask(port, 'query_range', { query, start: end - range, end, step });
    return { refId: target.refId, legendFormat: interpolate(target.legendFormat ?? '', values), format: target.format, instant: Boolean(target.instant), query, result };
  }));
}

/** The series that an annotation finds in the range of the board. */
export async function annotationSeries(port, annotation, values, end, range, step) {
  return ask(port, 'query_range', { query: interpolate(annotation.expr, values), start: end - range, end, step });
}
