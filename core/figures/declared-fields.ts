// What every kind of figure may say, field by field: types, choices, what must be there, and what fields ask of each
// other. Whether it fits what is measured and swept is checked afterwards (check.ts).
import {
  FIGURE_WIDTHS,
  type FigureDeclaration,
  type HeatMapDeclaration,
  type LineDeclaration,
  type PlotDeclaration,
} from '../contracts/figure.js';
import type { Json } from '../contracts/json.js';
import {
  above,
  anything,
  either,
  finite,
  flag,
  isTree,
  kinds,
  leaf,
  list,
  object,
  oneOf,
  optional,
  refine,
  type Schema,
  text,
  tuple,
  whole,
} from '../schema/schema.js';
import { figureError } from './sources.js';

/** More side by side could not be read on a page. */
const MOST_COLUMNS = 6;

const someText = optional(text);
const someFinite = optional(finite);
const scale = optional(oneOf('log', 'linear'));
const statistic = optional(oneOf('median', 'mean'));
const frame = optional(either(oneOf('last'), whole(0)));
const where = leaf<Readonly<Record<string, Json>>>('{ path: value }', isTree, { type: 'object' });

const limits = refine(tuple('[lower, upper], two finite numbers', finite, finite), ([low, high]) =>
  low < high ? undefined : 'expected [lower, upper] with lower < upper',
);

const axis = object('{ axis: "PATH", ... } with the path of a sweep axis', {
  axis: text,
  entry: optional(whole(0)),
  inverse: optional(flag),
  divideBy: optional(either(text, finite, 'a number or the path of one')),
  label: someText,
  scale,
});

const value = either(
  text,
  object('{ labels: [...] }', { labels: list(text, 1), classifier: someText }),
  'a channel or { labels: [...] }',
);

const guide = object('{ x, y or points, label }', {
  x: someFinite,
  y: someFinite,
  points: optional(list(tuple('[x, y], two finite numbers', finite, finite), 2)),
  from: someFinite,
  to: optional(either(oneOf('contour'), finite)),
  label: text,
});

/** Across one axis, or through points, or it is nowhere. */
const guides = optional(
  list(
    refine(
      guide,
      ({ x, y, points, from, to }) => {
        const places = [x, y, points].filter((place) => place !== undefined);
        if (places.length !== 1) return 'a guide has an x, a y or points, and one of them only';
        if (points && (from ?? to) !== undefined)
          return 'a guide through points ends at the last; leave out from and to';
        return undefined;
      },
      {
        oneOf: [
          { required: ['x'] },
          { required: ['y'] },
          { required: ['points'], properties: { from: false, to: false } },
        ],
      },
    ),
  ),
);

const contours = object('{ levels: [...], ... }', {
  levels: list(finite, 1),
  value: optional(value),
  statistic,
  label: someText,
  whereProductAbove: someFinite,
});

const lastAbove = object('{ levels: [...], label, ... }', {
  value: optional(value),
  levels: list(finite, 1),
  label: text,
});

const cells = list(object('{ label, at }', { label: someText, at: where }), 1);

/** A gap in a curve is NaN. */
const points = list(leaf<number>('a number', (entry) => typeof entry === 'number', { type: 'number' }));
const curve = refine(object('{ label, x, y }', { label: text, x: points, y: points }), ({ x, y }) =>
  x.length === y.length && x.length > 1
    ? undefined
    : `x has ${x.length} values and y ${y.length}; both need the same, 2 or more`,
);

const place = { where: optional(where) };

const ofRuns = {
  ...place,
  value,
  element: optional(list(whole(0))),
  frame,
  statistic,
  factor: someFinite,
  valueLabel: someText,
};

const plots = {
  'heat-map': {
    ...ofRuns,
    x: axis,
    y: axis,
    color: optional(oneOf('log', 'linear', 'symlog')),
    limits: optional(limits),
    center: someFinite,
    linearWithin: optional(above(0)),
    contours: optional(contours),
    guides,
    hatchAbove: optional(above(0)),
  },
  line: {
    ...ofRuns,
    x: axis,
    series: optional(axis),
    seriesValues: optional(list(anything as Schema<Json>, 1)),
    theory: someText,
    theoryLabel: someText,
    leastAlong: optional(axis),
    lastAbove: optional(lastAbove),
    errors: optional(oneOf('band', 'bars')),
    yScale: scale,
    limits: optional(limits),
    guides,
  },
  flow: {
    ...place,
    value: text,
    x: oneOf('epoch', 'step', 'time'),
    since: someFinite,
    xDivideBy: optional(above(0)),
    xLabel: someText,
    panels: optional(either(text, cells, '"cell", the path of a sweep axis, or a list of cells { label, at }')),
    ownScales: optional(flag),
    yScale: scale,
    xScale: scale,
    seed: optional(whole(0)),
    cellAxes: optional(list(axis, 1)),
    reference: optional(object('{ value, label }', { value: text, label: text })),
    theory: someText,
    theoryLabel: someText,
    valueLabel: someText,
  },
  'phase-map': { ...place, classifier: someText, x: axis, y: axis, guides },
  histogram: {
    ...place,
    value: text,
    theory: someText,
    theoryLabel: someText,
    range: limits,
    xLabel: text,
    valueLabel: someText,
    cells: optional(cells),
    frame,
  },
  curves: {
    curves: list(curve, 1),
    xLabel: text,
    yLabel: text,
    xScale: scale,
    yScale: scale,
    limits: optional(limits),
    guides,
    regions: optional(list(object('{ from, to, label }', { from: finite, to: finite, label: text }))),
  },
};

/** What the page has, and not its panels. */
const ofFigure = {
  width: optional(oneOf(...FIGURE_WIDTHS)),
  published: optional(object('{ source, figure }', { source: text, figure: text })),
};

/** What the fields of one plot ask of each other, whatever kind it is. */
function fieldsTogether(figure: object, path: string): undefined {
  const { value: shown, factor, color, center, linearWithin } = figure as Partial<HeatMapDeclaration>;
  const { guides: lines = [], contours: overlay, limits: ends } = figure as Partial<HeatMapDeclaration>;
  const { yScale, series, seriesValues, leastAlong, lastAbove: marked, theory } = figure as Partial<LineDeclaration>;
  const refuse = (field: string, message: string) => figureError(`${path}.${field}`, message);
  if (factor !== undefined && typeof shown !== 'string') {
    throw refuse('factor', 'a fraction of runs has no other convention');
  }
  if (theory !== undefined && typeof shown !== 'string') {
    throw refuse('theory', 'a fraction of runs has no law; give a channel as `value`, or leave `theory` out');
  }
  if (factor === 0) throw refuse('factor', 'is 0; leave it out');
  const stray = lines.findIndex(({ to }) => to === 'contour' && overlay === undefined);
  if (stray >= 0) {
    throw refuse(`guides[${stray}].to`, 'there are no contours; give a number, or add `contours` to a map');
  }
  if (ends !== undefined && ends[0] <= 0 && (color === 'log' || yScale === 'log')) {
    throw refuse('limits', 'a log scale needs limits above 0');
  }
  if (center !== undefined && color === 'log') {
    throw refuse('center', 'two hues part at a value of a linear scale; leave `color` out, or "symlog"');
  }
  if (linearWithin !== undefined && color !== 'symlog') {
    throw refuse('linearWithin', 'is for a symmetric logarithmic scale; add color: "symlog"');
  }
  if (leastAlong !== undefined && typeof shown !== 'string') {
    throw refuse('leastAlong', 'a run has a label or has it not, which is least nowhere; draw a channel');
  }
  if (leastAlong !== undefined && theory !== undefined) {
    throw refuse('theory', 'is a law of values, and `leastAlong` draws places; leave one of them out');
  }
  if (leastAlong !== undefined && marked !== undefined) {
    throw refuse('lastAbove', 'marks a value, and `leastAlong` draws places; leave one of them out');
  }
  if (seriesValues !== undefined && series === undefined) {
    throw refuse('seriesValues', 'needs the axis that they belong to; add series: { axis: "PATH" }');
  }
}

const titles = { title: someText, note: someText };
/** In a panel its name is not used. */
const plot = refine(kinds('panel', { name: someText, ...titles }, plots), fieldsTogether) as Schema<PlotDeclaration>;

export const FIGURE = refine(
  kinds(
    'figure',
    { name: text, ...titles, ...ofFigure },
    {
      ...plots,
      'classifier-comparison': { ...place, x: axis, y: axis },
      panels: { panels: list(plot, 1), columns: optional(whole(1, MOST_COLUMNS)) },
    },
  ),
  fieldsTogether,
);

/** @throws EigenflowError `scenario` with the path of the first field that is unknown, missing or not what it should be */
export function checkDeclaredFields(declared: unknown, path: string): asserts declared is FigureDeclaration {
  FIGURE.check(declared, path);
}
