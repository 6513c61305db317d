// Asks for the annotations of a board, and checks that their texts find the labels that they name.

const COLOUR = /^(green|yellow|orange|red|blue|purple|dark-\w+|light-\w+|semi-dark-\w+|#[0-9a-f]{6})$/;

/** Stretches of time without a gap of more than a step, from the samples of a series. */
function stretches(values, step) {
  return values.reduce((all, [time]) => {
    const last = all.at(-1);
    if (last && time - last.to <= step) last.to = time;
    else all.push({ from: time, to: time });
    return all;
  }, []);
}

/** Sentences on an annotation and its answer; `result` are the series that Prometheus returned. */
export function annotationFaults(annotation, result, panels) {
  const faults = [];
  if (!COLOUR.test(annotation.iconColor)) faults.push(`the colour ${annotation.iconColor} is unknown`);
  for (const id of annotation.filter?.ids ?? []) if (!panels.some((panel) => panel.id === id)) faults.push(`the panel ${id} does not exist`);
  const texts = [annotation.titleFormat, annotation.textFormat].filter(Boolean);
  const tags = (annotation.tagKeys ?? '').split(',').map((tag) => tag.trim()).filter(Boolean);
  for (const series of result) {
    for (const text of texts) {
      const shown = text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => series.metric[label] ?? '').trim();
      if (shown === '' || /\(\)|^\W|[^\w)]$/.test(shown)) faults.push(`the text ${text} is shown as \`${shown}\``);
    }
  }
  for (const tag of tags) if (result.length > 0 && result.every((series) => !series.metric[tag])) faults.push(`no series has the label ${tag}`);
  return [...new Set(faults)].map((text) => `annotation ${annotation.name}: ${text}`);
}

/** What is to be drawn on each panel that shows the annotation. */
export function annotationEvents(annotation, result, panels, colours, step) {
  const shown = panels.filter((panel) => panel.type === 'timeseries' && (!annotation.filter || annotation.filter.ids.includes(panel.id) !== annotation.filter.exclude));
  const events = result.flatMap((series) => stretches(series.values, step)).map(({ from, to }) => ({ from: from * 1000, to: to * 1000, color: colours[annotation.iconColor] ?? annotation.iconColor }));
  return shown.map((panel) => [panel.id, events]);
}
