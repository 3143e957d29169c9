// Structural check of a scenario that comes from a file: types of its fields and unknown keys, before any plugin is
// asked. Parameters of components are checked against their own schemas later. The same schema is what editors read
// (scenario-schema.ts).
import type { FigureDeclaration } from '../contracts/figure.js';
import { show } from '../contracts/show.js';
import { EigenflowError } from '../errors.js';
import {
  above,
  atLeast,
  checkKeysAndDepth,
  described,
  filled,
  flag,
  isTree,
  leaf,
  naming,
  object,
  oneOf,
  open,
  optional,
  record,
  type Schema,
  type Tree,
  text,
  whole,
} from '../schema/schema.js';
import { sweptPaths } from './paths.js';
import type { AxisValues, ObserverUse, Scenario, Sweep, Use } from './scenario.js';
import { axisSchema, MOST_RUNS, readSweep, SEEDS, zipSchema } from './sweep.js';

const fail = (path: string, message: string) => new EigenflowError('scenario', path, message);

/** A member that is missing is told like one that is wrong. */
const needed = <S extends Schema>(schema: S): S => ({
  ...schema,
  missing: `expected ${schema.expected}, found undefined`,
});

/** For what is read and checked in full elsewhere, together with the rest of the scenario. */
const later = <T>(schema: Schema<T>) => leaf<T>(schema.expected, () => true, schema.json);

const name = filled('the name of a component');

/** Its parameters are for the component to check. */
const component = open({ use: needed(name) }, '{ "use": "NAME", ... }');
const use: Schema<Use> = { ...component, missing: 'is missing; write for example { "use": "NAME", ... }' };

const plugins = leaf<readonly string[]>(
  'a list of plugin names, package names or paths',
  (value) => Array.isArray(value) && value.length > 0 && value.every(name.fits),
  { type: 'array', items: name.json, minItems: 1 },
);

const positive = above(0, 'a positive finite number');

const observers = record(
  use as Schema<ObserverUse>,
  '{ name: { "use": ... } }',
  0,
  naming(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a name starts with a letter and has letters, digits, - and _ only'),
);

const limits = object('{ loss, weightGrowth }', {
  loss: optional(positive, 'Largest batch loss. Default: only a loss that is not finite ends a run as diverged.'),
  weightGrowth: optional(
    positive,
    'Largest Frobenius norm of the weights, in units of the larger of its initial value and sqrt(number of weights).',
    1000,
  ),
});

const coefficients = object('{ from, drift }', {
  from: described({ ...text, expected: 'the name of an observer' }, 'Name of the observer dyson-coefficients.'),
  drift: described(oneOf('frozen', 'linearised'), 'How the drift depends on the levels: not at all, or linearly.'),
  ridge: optional(
    atLeast(0, 'a number from 0 up'),
    'Added to the variance of every level in the regression, as a fraction of it.',
    0.001,
  ),
  realisations: optional(
    oneOf('half', 'all'),
    'Realisations that they are measured on: every other one, or all.',
    'half',
  ),
});

const surrogate = object('slots to replace', {
  model: optional(use),
  loss: optional(use),
  noise: optional(use),
  optimiser: optional(use),
  observers: optional(observers, 'Instead of those of the scenario.'),
  coefficients: optional(coefficients, 'Coefficients of the level equation, measured on the reference.'),
});

const surrogateName = naming(
  /^(?!reference$)(?!instance-[0-9]+$)[A-Za-z][A-Za-z0-9_-]*$/,
  'a name starts with a letter, has letters, digits, - and _ only, and is neither "reference" nor "instance-2" or alike',
);

const ascend = (list: readonly unknown[]) =>
  list.every((t, i) => typeof t === 'number' && t > (i === 0 ? 0 : (list[i - 1] as number)));

const windows = leaf<readonly number[]>(
  'ascending times above 0',
  (value) => Array.isArray(value) && value.length > 0 && ascend(value),
  { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 1 },
);

const compare = object('{ surrogates, levels, replicas }', {
  surrogates: described(
    record(surrogate, '{ name: { noise: ..., optimiser: ... } }', 1, surrogateName),
    'Other dynamics for the same start, by name: slots of the scenario that are replaced.',
  ),
  levels: described({ ...text, expected: 'a channel' }, 'Channel that holds the levels: observer.channel.'),
  top: optional(whole(1), 'How many of the largest levels are compared.', 6),
  match: optional(
    oneOf('by-size', 'by-place'),
    'Levels, compared by their rank, or numbers with a meaning each, compared place by place.',
    'by-size',
  ),
  replicas: described(
    { ...whole(2), missing: 'is missing; give the number of realisations' },
    'Realisations of the noise, all from the same weights on the same data.',
  ),
  instances: optional(
    whole(1, MOST_RUNS),
    'Teachers, data sets and first weights for which the comparison is made.',
    1,
  ),
  windows: optional(windows, 'Ends of the windows of time for which verdicts are given. Default: quarters of the run.'),
});

const AXES = { type: 'object', additionalProperties: axisSchema({}) };
const axes = leaf<Readonly<Record<string, AxisValues>>>('{ path: values }', isTree, AXES);

const adaptive = object('{ every, runs, batch }', {
  every: optional(later(whole(1)), 'The first cells: every n-th value of each axis, and the last one.', 3),
  runs: optional(later(whole(1)), 'Runs in all. Default: a quarter of the grid.'),
  batch: optional(later(whole(1)), 'Runs that are chosen at a time. Default: a twelfth of what follows the first.'),
});

const sweep = object('{ axes, zip, seeds }', {
  axes: optional(axes, 'Values by path, for example optimiser.learningRate. Axes form a product.'),
  zip: optional(later(leaf<NonNullable<Sweep['zip']>>('', isTree, zipSchema(AXES))), 'Axes that vary together.'),
  seeds: optional(later(SEEDS), 'Realisations of every cell.', 1),
  independent: optional(
    flag,
    'false: seed k means the same teacher, data and initial draw in every cell. true: every cell draws its own.',
    false,
  ),
  adaptive: optional(adaptive, 'Compute part of the grid only, where the classifier leaves a phase undecided.'),
});

/** The length of a run: a scenario has one of these. */
const lengths = {
  steps: optional(whole(0), 'Length of every run in steps. A scenario has one of steps, epochs and time.'),
  epochs: optional(positive, 'Length of every run in passes over the data.'),
  time: optional(positive, 'Length of every run in learning time, the sum of the step sizes.'),
};
export const LENGTHS: readonly string[] = Object.keys(lengths);

const slots = {
  model: described(use, 'What has weights, and the data that they learn from.'),
  loss: described(use, 'What the weights minimise.'),
  noise: described(use, 'Where the gradient of a step comes from: batches, or noise of another kind.'),
  optimiser: described(use, 'How a gradient becomes a step.'),
};

/** Parts that every reader of a scenario relies on, runs or not. */
const head = {
  title: described(needed(filled('a text')), 'One line that says what the scenario is.'),
  description: optional(text, 'What it asks, in as many words as it takes.'),
  plugins: described(
    needed(plugins),
    'Plugins that come with eigenflow by name, packages by name, files by a path that starts with ./',
  ),
  seed: optional(whole(0), 'Root seed.', 1),
};
const rest = {
  observers: optional(observers, 'What is measured: { name: { use, when, ... } }. Channels are called name.channel.'),
  classifier: optional(use, 'Names the outcome or the phase of every run.'),
  limits: optional(limits, 'Where a run counts as diverged.'),
};

const figures = optional(
  leaf<readonly FigureDeclaration[]>('a list', Array.isArray, { type: 'array' }),
  'Figures to draw at the end.',
);

/** Every field by itself; see `checkFields` for what they ask of each other. */
export const SCENARIO = object('a scenario', {
  ...head,
  ...lengths,
  ...slots,
  ...rest,
  sweep: optional(sweep, 'What varies from run to run.'),
  compare: optional(compare, 'The same run under other dynamics, for eigenflow compare.'),
  figures,
  $schema: optional(text, 'JSON Schema for editors, written by eigenflow schema. Says nothing about the runs.'),
});

/** Of a sweep that was stored under older rules: the types alone. */
const storedSweep = open(
  { axes: optional(axes), adaptive: optional({ ...axes, expected: adaptive.expected }) },
  sweep.expected,
);

/** What all readers of a stored scenario rely on. Rules that came after it was stored do not make results unreadable. */
const stored = { ...head, ...rest, sweep: optional(storedSweep), figures };
const storedWeights = open(stored);
const storedRuns = open({ ...stored, ...slots });

function checkLength(given: Tree): void {
  const swept = sweptPaths(given.sweep);
  const named = LENGTHS.filter((key) => given[key] !== undefined || swept.includes(key));
  if (named.length === 1) return;
  const found = named.length === 0 ? 'none' : named.join(' and ');
  throw fail('steps', `a scenario has one of steps, epochs or time; this one has ${found}`);
}

function checkRulesOfSweep({ sweep: given, classifier }: Tree): void {
  if (sweptPaths(given).includes('seed')) {
    throw fail(
      'sweep.axes.seed',
      'the root seed is no axis: tables and datasets count realisations by the name "seed". Ask for realisations with ' +
        'sweep.seeds, let every cell draw its own with sweep.independent, or run the scenario again with --seed and --out',
    );
  }
  if (isTree(given) && isTree(given.adaptive) && classifier === undefined) {
    throw fail('sweep.adaptive', 'needs a classifier, whose labels decide what is computed next');
  }
}

function checkAgainst(schema: Schema, value: unknown): asserts value is Tree {
  if (!isTree(value)) {
    throw fail('', `a scenario is an object with a title, plugins, a model ...; found ${show(value)}`);
  }
  schema.check(value, '');
}

/**
 * @param value the content of a scenario file
 * @throws EigenflowError `scenario` with the path of the first mistake
 */
export function parseScenario(value: unknown): Scenario {
  checkKeysAndDepth(value, '', 'scenario');
  return checkFields(value);
}

/** As `parseScenario`, for one cell of a scenario that has passed it. @throws EigenflowError `scenario` */
export function checkFields(value: unknown): Scenario {
  checkAgainst(SCENARIO, value);
  checkLength(value);
  checkRulesOfSweep(value);
  return value as unknown as Scenario;
}

/**
 * @param hasRun whether it is one that was run, and not only what was measured of weights from elsewhere
 * @throws EigenflowError `scenario`
 */
export function checkStoredScenario(value: unknown, { hasRun = true }: { readonly hasRun?: boolean } = {}): void {
  checkAgainst(hasRun ? storedRuns : storedWeights, value);
  readSweep(value.sweep as Sweep | undefined);
}
