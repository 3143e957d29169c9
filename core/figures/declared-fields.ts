// What every kind of figure may say, field by field: types, choices and what must be there. Whether it fits what is
// measured and swept is checked afterwards (check.ts).

import type {
  ClassifierComparisonDeclaration,
  ContourOverlay,
  CurvesDeclaration,
  FigureAxis,
  FigureDeclaration,
  FlowCell,
  FlowDeclaration,
  GivenCurve,
  GuideLine,
  HeatMapDeclaration,
  HistogramDeclaration,
  LabelValue,
  LastAbove,
  LineDeclaration,
  PanelsDeclaration,
  PhaseMapDeclaration,
  Published,
} from '../contracts/figure.js';
import { FIGURE_WIDTHS } from '../contracts/figure.js';
import { implies, type JsonSchema } from '../contracts/json-schema.js';
import { show } from '../contracts/show.js';
import { suggest } from '../errors.js';
import {
  above,
  anything,
  type Check,
  type Fields,
  type FieldTable,
  fields,
  finite,
  flag,
  isTree,
  list,
  oneOf,
  record,
  required,
  text,
  textOr,
  whole,
  wordOr,
} from '../scenario/fields.js';
import { figureError } from './sources.js';

/** More side by side could not be read on a page. */
const MOST_COLUMNS = 6;

const scale = oneOf('log', 'linear');
const statistic = oneOf('median', 'mean');
const frame = wordOr('last', whole(0));

const limits: Check = {
  expected: '[lower, upper]',
  schema: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
  test(path, value) {
    if (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)) return;
    throw figureError(path, `expected [lower, upper], two finite numbers, found ${show(value)}`);
  },
};

const axis = fields('{ axis: "PATH", ... } with the path of a sweep axis', {
  axis: required(text),
  inverse: flag,
  divideBy: textOr(finite, 'a number or the path of one'),
  label: text,
  scale,
} satisfies Fields<FigureAxis>);

const value = textOr(
  fields('{ labels: [...] }', { labels: required(list(text, 1)), classifier: text } satisfies Fields<LabelValue>),
  'a channel or { labels: [...] }',
);

const guide = fields('{ x or y, label }', {
  x: finite,
  y: finite,
  from: finite,
  to: wordOr('contour', finite),
  label: required(text),
} satisfies Fields<GuideLine>);

/** Across one axis, or it is nowhere. */
const guides = list({
  expected: guide.expected,
  schema: { ...guide.schema, oneOf: [{ required: ['x'] }, { required: ['y'] }] },
  test(path, given) {
    guide.test(path, given);
    const { x, y } = given as GuideLine;
    if ((x === undefined) === (y === undefined)) throw figureError(path, 'a guide has an x or a y, and not both');
  },
});

const contours = fields('{ levels: [...], ... }', {
  levels: required(list(finite, 1)),
  value,
  statistic,
  label: text,
  whereProductAbove: finite,
} satisfies Fields<ContourOverlay>);

const cells = list(fields('{ label, at }', { label: text, at: required(record) } satisfies Fields<FlowCell>), 1);

/** A gap in a curve is NaN. */
const curvePoints = list({
  expected: 'a number',
  schema: { type: 'number' },
  test(path, given) {
    if (typeof given !== 'number') throw figureError(path, `expected a number, found ${show(given)}`);
  },
});

const curve = fields('{ label, x, y }', {
  label: required(text),
  x: required(curvePoints),
  y: required(curvePoints),
} satisfies Fields<GivenCurve>);

type Region = NonNullable<CurvesDeclaration['regions']>[number];

const region = fields('{ from, to, label }', {
  from: required(finite),
  to: required(finite),
  label: required(text),
} satisfies Fields<Region>);

const common = (kind: string) => ({
  kind: required(oneOf(kind)),
  name: required(text),
  title: text,
  note: text,
  width: oneOf(...FIGURE_WIDTHS),
  published: fields('{ source, figure }', {
    source: required(text),
    figure: required(text),
  } satisfies Fields<Published>),
});

const ofRuns = {
  value: required(value),
  element: list(whole(0)),
  frame,
  statistic,
  factor: finite,
  valueLabel: text,
  where: record,
};

const heatMap: Fields<HeatMapDeclaration> = {
  ...common('heat-map'),
  ...ofRuns,
  x: required(axis),
  y: required(axis),
  color: oneOf('log', 'linear', 'symlog'),
  limits,
  center: finite,
  linearWithin: above(0),
  contours,
  guides,
  hatchAbove: above(0),
};

const line: Fields<LineDeclaration> = {
  ...common('line'),
  ...ofRuns,
  x: required(axis),
  series: axis,
  seriesValues: list(anything, 1),
  lastAbove: fields('{ levels: [...], label, ... }', {
    value,
    levels: required(list(finite, 1)),
    label: required(text),
  } satisfies Fields<LastAbove>),
  errors: oneOf('band', 'bars'),
  yScale: scale,
  limits,
  guides,
};

const flow: Fields<FlowDeclaration> = {
  ...common('flow'),
  value: required(text),
  x: required(oneOf('epoch', 'step', 'time')),
  where: record,
  panels: textOr(cells, '"cell", the path of a sweep axis, or a list of cells { label, at }'),
  ownScales: flag,
  yScale: scale,
  xScale: scale,
  seed: whole(0),
  cellAxes: list(axis, 1),
  reference: fields('{ value, label }', {
    value: required(text),
    label: required(text),
  } satisfies Fields<NonNullable<FlowDeclaration['reference']>>),
  valueLabel: text,
};

const phaseMap: Fields<PhaseMapDeclaration> = {
  ...common('phase-map'),
  classifier: text,
  x: required(axis),
  y: required(axis),
  where: record,
  guides,
};

const comparison: Fields<ClassifierComparisonDeclaration> = {
  ...common('classifier-comparison'),
  x: required(axis),
  y: required(axis),
  where: record,
};

const histogram: Fields<HistogramDeclaration> = {
  ...common('histogram'),
  value: required(text),
  theory: text,
  theoryLabel: text,
  range: required(limits),
  xLabel: required(text),
  valueLabel: text,
  cells,
  frame,
  where: record,
};

const curves: Fields<CurvesDeclaration> = {
  ...common('curves'),
  curves: required(list(curve, 1)),
  xLabel: required(text),
  yLabel: required(text),
  xScale: scale,
  yScale: scale,
  limits,
  guides,
  regions: list(region),
};

/** In a panel its name is not used, and the page has the width. */
function inPanel({ width: _width, published: _published, ...own }: FieldTable): FieldTable {
  return { ...own, name: text };
}

/** One of several kinds, each with fields of its own. */
function ofKind(what: string, tables: Readonly<Record<string, FieldTable>>): Check {
  const kinds = Object.keys(tables);
  const checks = new Map<unknown, Check>(kinds.map((kind) => [kind, fields('{ kind, ... }', tables[kind])]));
  return {
    expected: `a ${what} { kind, ... }`,
    schema: {
      type: 'object',
      required: ['kind'],
      properties: { kind: { enum: kinds } },
      allOf: [...checks].map(([kind, { schema }]) => implies({ properties: { kind: { const: kind } } }, schema)),
    },
    test(path, given) {
      if (!isTree(given)) throw figureError(path, `expected ${this.expected}, found ${show(given)}`);
      const { kind } = given;
      const check = checks.get(kind);
      if (check !== undefined) return check.test(path, given);
      const near = typeof kind === 'string' ? suggest(kind, kinds) : '';
      throw figureError(`${path}.kind`, `no ${what} of kind ${show(kind)}${near}; there are ${kinds.join(', ')}`);
    },
  };
}

const plots = { 'heat-map': heatMap, line, flow, 'phase-map': phaseMap, histogram, curves };
const plot = ofKind(
  'panel',
  Object.fromEntries(Object.entries<FieldTable>(plots).map(([kind, table]) => [kind, inPanel(table)])),
);

const panels: Fields<PanelsDeclaration> = {
  ...common('panels'),
  panels: required(list(plot, 1)),
  columns: whole(1, MOST_COLUMNS),
};

const figure = ofKind('figure', { ...plots, 'classifier-comparison': comparison, panels });

/** One figure as JSON Schema. */
export const FIGURE_SCHEMA: JsonSchema = figure.schema;

/** @throws EigenflowError `scenario` with the path of the first field that is unknown, missing or not what it should be */
export function checkDeclaredFields(declared: unknown, path: string): asserts declared is FigureDeclaration {
  figure.test(path, declared);
}
