// Compares a panel with the types that Grafana publishes for its kind: every option, field option and override.
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

const SCHEMA = fileURLToPath(new URL('./node_modules/@grafana/schema/dist/types/', import.meta.url));
const KINDS = ['bargauge', 'gauge', 'heatmap', 'stat', 'state-timeline', 'table', 'text', 'timeseries'];
const fileOf = (kind) => `${SCHEMA}raw/composable/${kind.replace('-', '')}/panelcfg/x/types.gen.d.ts`;
const dashboardFile = `${SCHEMA}raw/dashboard/x/types.gen.d.ts`;

function read() {
  const program = typescript.createProgram([...KINDS.map(fileOf), dashboardFile], {
    moduleResolution: typescript.ModuleResolutionKind.Bundler, module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022, skipLibCheck: true, types: [],
    paths: { '@grafana/schema': [`${SCHEMA}index.d.ts`] }, lib: ['lib.es5.d.ts'], strict: true,
  });
  const checker = program.getTypeChecker();
  const exported = (file, name) => {
    const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).find((one) => one.name === name);
    return symbol && checker.getDeclaredTypeOfSymbol(symbol);
  };
  return { checker, exported };
}

const { checker, exported } = read();
const members = (type) => (type.isUnion() ? type.types : [type]);
const flag = (type, flags) => (type.flags & flags) !== 0;
const { TypeFlags } = typescript;

function walkObject(types, value, path, say) {
  for (const [key, inner] of Object.entries(value)) {
    const found = types.map((type) => {
      const property = checker.getPropertyOfType(type, key);
      return property ? checker.getTypeOfSymbol(property) : type.getStringIndexType();
    }).filter(Boolean);
    if (found.length === 0) say(`option \`${path}${key}\` is unknown`);
    else walk(found.flatMap(members), inner, `${path}${key}`, say);
  }
}

function walk(types, value, path, say) {
  if (value === null || value === undefined || types.some((type) => flag(type, TypeFlags.Any | TypeFlags.Unknown))) return;
  const text = JSON.stringify(value);
  if (typeof value !== 'object') {
    const kind = { string: TypeFlags.String, number: TypeFlags.Number, boolean: TypeFlags.Boolean }[typeof value];
    const literal = (type) => type.value ?? (flag(type, TypeFlags.BooleanLiteral) ? type.intrinsicName === 'true' : undefined);
    if (!types.some((type) => flag(type, kind) || literal(type) === value)) say(`option \`${path}\` cannot be ${text}`);
    return;
  }
  const objects = types.filter((type) => flag(type, TypeFlags.Object | TypeFlags.NonPrimitive | TypeFlags.Intersection));
  if (objects.length === 0) say(`option \`${path}\` cannot be ${text}`);
  else if (!Array.isArray(value)) walkObject(objects, value, `${path}.`, say);
  else for (const inner of value) walk(objects.flatMap((type) => (checker.isArrayLikeType(type) ? checker.getTypeArguments(type) : [])).flatMap(members), inner, `${path}[]`, say);
}

/** Sentences on what a panel has and its kind does not know: names of options, values of options. */
export function unknownOptions(panel) {
  if (panel.type === 'row') return [];
  if (!KINDS.includes(panel.type)) return [`no types of the panel kind \`${panel.type}\``];
  const faults = [];
  const say = (text) => faults.push(`${text} to a panel of kind ${panel.type}`);
  const { options, fieldConfig, targets, ...rest } = panel;
  const custom = exported(fileOf(panel.type), 'FieldConfig');
  const standard = exported(dashboardFile, 'FieldConfig');
  walk([exported(dashboardFile, 'Panel')], rest, 'panel', say);
  if (options) walk([exported(fileOf(panel.type), 'Options')], options, 'options', say);
  const field = (id, value) => {
    if (!id.startsWith('custom.')) walkObject([standard], { [id]: value }, 'fieldConfig.', say);
    else if (custom) walkObject([custom], { [id.slice(7)]: value }, 'fieldConfig.custom.', say);
    else say(`option \`fieldConfig.${id}\` is unknown`);
  };
  for (const [id, value] of Object.entries(fieldConfig?.defaults ?? {})) {
    if (id !== 'custom') field(id, value);
    else for (const [name, inner] of Object.entries(value)) field(`custom.${name}`, inner);
  }
  for (const { id, value } of (fieldConfig?.overrides ?? []).flatMap((one) => one.properties)) field(id, value);
  return faults;
}
