// Makes of Prometheus' answers the data frames that Grafana's panels get: names, transformations, field options.
import {
  applyFieldOverrides, cacheFieldDisplayNames, dateTime, FieldConfigOptionsRegistry, FieldType, getFieldDisplayName, standardTransformers, standardTransformersRegistry, toDataFrame, transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { interpolate } from './interpolate.js';

standardTransformersRegistry.setInit(() => [...new Map(Object.values(standardTransformers).map((one) => [one.id, one])).values()].map((one) => ({
  id: one.id, name: one.name, transformation: async () => one, editor: () => null, imageDark: '', imageLight: '',
})));

const STANDARD = ['unit', 'min', 'max', 'decimals', 'displayName', 'color', 'noValue', 'links', 'mappings', 'thresholds', 'description', 'filterable'];
const number = (text) => (text === 'NaN' ? null : Number(text.replace('Inf', 'Infinity')));
const legend = (format, metric) => format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? '');

function seriesFrame(answer, series) {
  const named = answer.legendFormat && answer.legendFormat !== '__auto';
  const { __name__: name, ...labels } = series.metric;
  const own = Object.entries(labels).map(([key, value]) => `${key}="${value}"`).join(', ');
  const automatic = own ? `${name ?? ''}{${own}}` : (name ?? answer.query);
  return toDataFrame({ refId: answer.refId, fields: [
    { name: 'Time', type: FieldType.time, values: series.values.map(([time]) => time * 1000) },
    { name: 'Value', type: FieldType.number, labels, values: series.values.map(([, value]) => number(value)), config: { displayNameFromDS: named ? legend(answer.legendFormat, series.metric) : automatic } },
  ] });
}

function tableFrame(answer, several) {
  const labels = [...new Set(answer.result.flatMap((series) => Object.keys(series.metric)))].sort();
  return toDataFrame({ refId: answer.refId, fields: [
    { name: 'Time', type: FieldType.time, values: answer.result.map((series) => series.values.at(-1)[0] * 1000) },
    ...labels.map((label) => ({ name: label, type: FieldType.string, values: answer.result.map((series) => series.metric[label] ?? '') })),
    { name: several ? `Value #${answer.refId}` : 'Value', type: FieldType.number, values: answer.result.map((series) => number(series.values.at(-1)[1])) },
  ] });
}

// Grafana's `timeSeriesTable` is no part of its public packages: one row per series, its course in a field of frames.
function trendFrame(answer) {
  const table = tableFrame(answer, true);
  const fields = table.fields.filter((field) => field.type === FieldType.string);
  return toDataFrame({ refId: answer.refId, fields: [...fields, {
    name: `Trend #${answer.refId}`, type: FieldType.frame, config: {}, values: answer.result.map((series) => seriesFrame(answer, series)),
  }] });
}

// Buckets count everything below their bound: sorted by bound, each one less the one before, as Grafana's data source does it.
function buckets(answer) {
  const bound = (series) => number(series.metric.le.replace('+', ''));
  const sorted = [...answer.result].sort((one, other) => bound(one) - bound(other));
  return sorted.map((series, index) => ({ ...series, values: series.values.map(([time, value], at) => [time, String(Math.max(0, Number(value) - Number(sorted[index - 1]?.values[at]?.[1] ?? 0)))]) }));
}

/** A time range as Grafana's components take it. */
export function timeRangeOf({ from, to }) {
  return { from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) } };
}

function replacer(variables) {
  return (text, scoped) => {
    const { frame, field, rowIndex: row } = scoped?.__dataContext?.value ?? {};
    return interpolate(text, variables, field && { frame, field, row, name: (one) => getFieldDisplayName(one, frame) });
  };
}

/** The frames of a panel, transformed, with the field options of the panel applied. */
export async function panelFrames(panel, answers, theme, variables) {
  const transformations = panel.transformations ?? [];
  const trends = transformations.some((one) => one.id === 'timeSeriesTable');
  const frames = answers.filter((answer) => answer.result.length > 0).flatMap((answer) => {
    if (answer.format === 'table') return [tableFrame(answer, answers.length > 1)];
    if (trends && !answer.instant) return [trendFrame(answer)];
    return (answer.format === 'heatmap' ? buckets(answer) : answer.result).map((series) => seriesFrame(answer, series));
  });
  const known = transformations.filter((one) => one.id !== 'timeSeriesTable' && !one.disabled);
  const transformed = await lastValueFrom(transformDataFrame(known, frames));
  const custom = new Set([...Object.keys(panel.fieldConfig?.defaults?.custom ?? {}),
    ...(panel.fieldConfig?.overrides ?? []).flatMap((one) => one.properties).filter((one) => one.id.startsWith('custom.')).map((one) => one.id.slice(7))]);
  const item = (path, isCustom) => ({ id: isCustom ? `custom.${path}` : path, path, isCustom, name: path, process: (value) => value, shouldApply: () => true, override: () => null, editor: () => null });
  const registry = new FieldConfigOptionsRegistry(() => [...STANDARD.map((path) => item(path, false)), ...[...custom].map((path) => item(path, true))]);
  const shown = applyFieldOverrides({ data: transformed, fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] }, fieldConfigRegistry: registry, replaceVariables: replacer(variables), theme, timeZone: 'utc' });
  cacheFieldDisplayNames(shown);
  return shown;
}
