// Puts values for the variables of a text, as Grafana does in queries, links and names.

const PATTERN = /\$\{([\w.]+(?:\["[^"]*"\])?)(?::(\w+))?\}|\$(\w+)/g;

function ofRow(path, { frame, field, row, name }) {
  const named = /^__data\.fields(?:\.([\w ]+)|\["([^"]*)"\])$/.exec(path);
  if (named) {
    const wanted = named[1] ?? named[2];
    return frame?.fields.find((one) => name(one) === wanted || one.name === wanted)?.values[row];
  }
  if (path === '__value.raw' || path === '__value.text') return field?.values[row];
  if (path === '__field.name' || path === '__series.name') return field && name(field);
  return /^__field\.labels\.(\w+)$/.exec(path)?.[1] && field?.labels?.[path.slice('__field.labels.'.length)];
}

/** `text` with the variables that are known replaced; what is not known stays as it stands. */
export function interpolate(text, variables, place) {
  return String(text ?? '').replace(PATTERN, (whole, braced, _format, plain) => String(variables[braced ?? plain] ?? (place && braced ? ofRow(braced, place) : undefined) ?? whole));
}
