// Which colour a value has to have, read from the JSON of the panel alone: no function of Grafana takes part.

function matches(matcher, { name, refId, type }) {
  if (matcher.id === 'byName') return name === matcher.options;
  if (matcher.id === 'byFrameRefID') return refId === matcher.options;
  if (matcher.id === 'byType') return type === matcher.options;
  if (matcher.id === 'byRegexp') {
    const [, body, flags] = /^\/(.*)\/(\w*)$/.exec(matcher.options) ?? [null, `^${matcher.options}$`, ''];
    return new RegExp(body, flags).test(name);
  }
  throw new Error(`no reading of the matcher \`${matcher.id}\``);
}

/** The field options that the JSON gives to a field, the last override first. */
export function configOf(panel, field) {
  const config = structuredClone(panel.fieldConfig?.defaults ?? {});
  for (const { matcher, properties } of panel.fieldConfig?.overrides ?? []) {
    if (!matches(matcher, field)) continue;
    for (const { id, value } of properties) {
      if (id.startsWith('custom.')) config.custom = { ...config.custom, [id.slice(7)]: value };
      else config[id] = value;
    }
  }
  return config;
}

function mapped(config, value) {
  for (const { type, options } of config.mappings ?? []) {
    if (type === 'value' && options[String(value)]) return options[String(value)].color;
    if (type === 'range' && Number.isFinite(value) && value >= (options.from ?? -Infinity) && value <= (options.to ?? Infinity)) return options.result.color;
    if (type === 'regex' && new RegExp(options.pattern).test(String(value))) return options.result.color;
    if (type === 'special' && options.match === 'null' && (value === null || value === undefined)) return options.result.color;
    if (type === 'special' && options.match === 'nan' && Number.isNaN(value)) return options.result.color;
    if (type === 'special' && options.match === 'null+nan' && !Number.isFinite(value)) return options.result.color;
  }
  return undefined;
}

/** The name of the colour that mappings, thresholds or a fixed colour decide; nothing where a palette does. */
export function expectedColour(config, value) {
  const own = mapped(config, value);
  if (own) return own;
  const mode = config.color?.mode ?? 'thresholds';
  if (mode === 'fixed') return config.color.fixedColor;
  if (mode !== 'thresholds' || !Number.isFinite(value)) return undefined;
  const { steps = [], mode: scale } = config.thresholds ?? {};
  if (scale === 'percentage' && !(Number.isFinite(config.min) && Number.isFinite(config.max))) return undefined;
  const level = scale === 'percentage' ? ((value - config.min) / (config.max - config.min)) * 100 : value;
  return steps.filter((one) => one.value === null || level >= one.value).at(-1)?.color;
}
