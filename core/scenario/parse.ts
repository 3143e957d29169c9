// Structural check of a scenario that comes from a file: types of its fields and unknown keys, before any plugin is
// asked. Parameters of components are checked against their own schemas later. The same tables are the schema that
// editors read (scenario-schema.ts).

import type { JsonSchema } from '../contracts/json-schema.js';
import { show } from '../contracts/show.js';
import { EigenflowError } from '../errors.js';
import {
  above,
  type Check,
  checkGiven,
  count,
  described,
  type FieldTable,
  fields,
  flag,
  isTree,
  type Naming,
  named,
  oneOf,
  plain,
  record,
  required,
  type Tree,
  text,
} from './fields.js';
import type { Scenario, Sweep } from './scenario.js';
import { axisSchema, readSweep, SEEDS, zipSchema } from './sweep.js';
import { sweptPaths } from './swept-paths.js';
import { checkKeysAndDepth } from './untrusted.js';

const fail = (path: string, message: string) => new EigenflowError('scenario', path, message);

const isName = (value: unknown) => typeof value === 'string' && value !== '';
const NAME = { type: 'string', minLength: 1 };

const title: Check = { ...plain('a text', isName, NAME), missing: 'expected a text, found undefined' };
const componentName = plain('the name of a component', isName, NAME);

/** Its parameters are for the component to check. */
const use: Check = {
  ...plain('{ "use": "NAME", ... }', isTree, { type: 'object', properties: { use: NAME }, required: ['use'] }),
  missing: 'is missing; write for example { "use": "NAME", ... }',
  test(path, value) {
    if (!isTree(value)) throw fail(path, `expected ${this.expected}, found ${show(value)}`);
    componentName.test(`${path}.use`, value.use);
  },
};

const PLUGINS = 'a list of plugin names, package names or paths';
const plugins: Check = {
  ...plain(PLUGINS, (value) => Array.isArray(value) && value.length > 0 && value.every(isName), {
    type: 'array',
    items: NAME,
    minItems: 1,
  }),
  missing: `expected ${PLUGINS}, found undefined`,
};

const positive = above(0, 'a positive finite number');

const OBSERVER_NAME: Naming = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]*$/,
  rule: 'a name starts with a letter and has letters, digits, - and _ only',
};
const observers = named('{ name: { "use": ... } }', OBSERVER_NAME, use);

const limits = fields('{ loss, weightGrowth }', {
  loss: described('Largest batch loss. Default: only a loss that is not finite ends a run as diverged.', positive),
  weightGrowth: described(
    'Largest Frobenius norm of the weights, in units of the larger of its initial value and sqrt(number of weights).',
    positive,
    1000,
  ),
});

const coefficients = fields('{ from, drift }', {
  from: required(
    described(
      'Name of the observer dyson-coefficients.',
      plain('the name of an observer', (value) => typeof value === 'string', { type: 'string' }),
    ),
  ),
  drift: required(
    described('How the drift depends on the levels: not at all, or linearly.', oneOf('frozen', 'linearised')),
  ),
  ridge: described(
    'Added to the variance of every level in the regression, as a fraction of it.',
    plain('a number from 0 up', (value) => Number.isFinite(value) && (value as number) >= 0, {
      type: 'number',
      minimum: 0,
    }),
    0.001,
  ),
  realisations: described(
    'Realisations that they are measured on: every other one, or all.',
    oneOf('half', 'all'),
    'half',
  ),
});

const surrogate = fields('slots to replace', {
  model: use,
  loss: use,
  noise: use,
  optimiser: use,
  observers: described('Instead of those of the scenario.', observers),
  coefficients: described('Coefficients of the level equation, measured on the reference.', coefficients),
});

const SURROGATE_NAME: Naming = {
  pattern: /^(?!reference$)(?!instance-[0-9]+$)[A-Za-z][A-Za-z0-9_-]*$/,
  rule: 'a name starts with a letter, has letters, digits, - and _ only, and is neither "reference" nor "instance-2" or alike',
};

const ascend = (list: readonly unknown[]) =>
  list.every((t, i) => typeof t === 'number' && t > (i === 0 ? 0 : (list[i - 1] as number)));

const compare = fields('{ surrogates, levels, replicas }', {
  surrogates: required(
    described(
      'Other dynamics for the same start, by name: slots of the scenario that are replaced.',
      named('{ name: { noise: ..., optimiser: ... } }', SURROGATE_NAME, surrogate, 1),
    ),
  ),
  levels: required(
    described(
      'Channel that holds the levels: observer.channel.',
      plain('a channel', (value) => typeof value === 'string', { type: 'string' }),
    ),
  ),
  top: described('How many of the largest levels are compared.', count(1), 6),
  replicas: required(
    described('Realisations of the noise, all from the same weights on the same data.', {
      ...count(2),
      missing: 'is missing; give the number of realisations',
    }),
  ),
  instances: described('Teachers, data sets and first weights for which the comparison is made.', count(1), 1),
  windows: described(
    'Ends of the windows of time for which verdicts are given. Default: quarters of the run.',
    plain('ascending times above 0', (value) => Array.isArray(value) && value.length > 0 && ascend(value), {
      type: 'array',
      items: { type: 'number', exclusiveMinimum: 0 },
      minItems: 1,
    }),
  ),
});

/** For what is read and checked in full elsewhere, together with the rest of the scenario. */
const later = (check: Check): Check => ({ ...check, test: () => undefined });

const AXES = { type: 'object', additionalProperties: axisSchema({}) };
const axes: Check = { ...record, expected: '{ path: values }', schema: AXES };
const adaptiveFields = fields('{ every, runs, batch }', {
  every: described('The first cells: every n-th value of each axis, and the last one.', later(count(1)), 3),
  runs: described('Runs in all. Default: a quarter of the grid.', later(count(1))),
  batch: described('Runs that are chosen at a time. Default: a twelfth of what follows the first.', later(count(1))),
});

const sweep = fields('{ axes, zip, seeds }', {
  axes: described('Values by path, for example optimiser.learningRate. Axes form a product.', axes),
  zip: described('Axes that vary together.', later({ ...record, schema: zipSchema(AXES) })),
  seeds: described('Realisations of every cell.', later(SEEDS), 1),
  independent: described(
    'false: seed k means the same teacher, data and initial draw in every cell. true: every cell draws its own.',
    flag,
    false,
  ),
  adaptive: described('Compute part of the grid only, where the classifier leaves a phase undecided.', adaptiveFields),
});

/** The types alone, of a sweep that was stored under older rules. */
const storedSweep: Check = {
  ...sweep,
  test(path, value) {
    if (!isTree(value)) throw fail(path, `expected ${this.expected}, found ${show(value)}`);
    checkGiven(path, value, { axes, adaptive: { ...record, expected: adaptiveFields.expected } });
  },
};

const slots = {
  model: required(described('What has weights, and the data that they learn from.', use)),
  loss: required(described('What the weights minimise.', use)),
  noise: required(described('Where the gradient of a step comes from: batches, or noise of another kind.', use)),
  optimiser: required(described('How a gradient becomes a step.', use)),
} satisfies FieldTable;

/** Parts that every reader of a scenario relies on. */
const parts = {
  title: required(described('One line that says what the scenario is.', title)),
  description: described('What it asks, in as many words as it takes.', text),
  plugins: required(
    described(
      'Plugins that come with eigenflow by name, packages by name, files by a path that starts with ./',
      plugins,
    ),
  ),
  seed: described('Root seed.', count(0), 1),
  observers: described('What is measured: { name: { use, when, ... } }. Channels are called name.channel.', observers),
  classifier: described('Names the outcome or the phase of every run.', use),
  limits: described('Where a run counts as diverged.', limits),
  figures: described('Figures to draw at the end.', plain('a list', Array.isArray, { type: 'array' })),
} satisfies FieldTable;

const scenarioFields = fields('a scenario', {
  title: parts.title,
  description: parts.description,
  plugins: parts.plugins,
  seed: parts.seed,
  steps: described('Length of every run in steps. A scenario has one of steps, epochs and time.', count(0)),
  epochs: described('Length of every run in passes over the data.', positive),
  time: described('Length of every run in learning time, the sum of the step sizes.', positive),
  ...slots,
  observers: parts.observers,
  classifier: parts.classifier,
  limits: parts.limits,
  sweep: described('What varies from run to run.', sweep),
  compare: described('The same run under other dynamics, for eigenflow compare.', compare),
  figures: parts.figures,
  $schema: described('JSON Schema for editors, written by eigenflow schema. Says nothing about the runs.', text),
});

/** Every field by itself, as JSON Schema. What several fields ask of each other is added in scenario-schema.ts. */
export const FIELDS_SCHEMA: JsonSchema = scenarioFields.schema;

/** The fields that give the length of a run; a scenario has one of them. */
export const LENGTHS: readonly string[] = ['steps', 'epochs', 'time'];

function checkLength(scenario: Tree): void {
  const given = LENGTHS.filter((key) => scenario[key] !== undefined);
  const swept = sweptPaths(scenario.sweep);
  const named = new Set([...given, ...swept.filter((axis) => LENGTHS.includes(axis))]);
  if (named.size !== 1) {
    const found = named.size === 0 ? 'none' : [...named].join(' and ');
    throw fail('steps', `a scenario has one of steps, epochs or time; this one has ${found}`);
  }
}

function checkRulesOfSweep({ sweep, classifier }: Tree): void {
  if (!isTree(sweep)) return;
  if (sweptPaths(sweep).includes('seed')) {
    throw fail(
      'sweep.axes.seed',
      'the root seed is no axis: tables and datasets count realisations by the name "seed". Ask for realisations with ' +
        'sweep.seeds, let every cell draw its own with sweep.independent, or run the scenario again with --seed and --out',
    );
  }
  if (isTree(sweep.adaptive) && classifier === undefined) {
    throw fail('sweep.adaptive', 'needs a classifier, whose labels decide what is computed next');
  }
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
  const scenario = treeOf(value);
  scenarioFields.test('', scenario);
  checkLength(scenario);
  checkRulesOfSweep(scenario);
  return scenario as unknown as Scenario;
}

/**
 * What all readers of a stored scenario rely on. Rules that came after it was stored do not make results unreadable.
 *
 * @param hasRun whether it is one that was run, and not only what was measured of weights from elsewhere
 * @throws EigenflowError `scenario`
 */
export function checkStoredScenario(value: unknown, { hasRun = true }: { readonly hasRun?: boolean } = {}): void {
  const scenario = treeOf(value);
  checkGiven('', scenario, { ...parts, ...(hasRun ? slots : {}), sweep: storedSweep });
  readSweep(scenario.sweep as Sweep | undefined);
}

function treeOf(value: unknown): Tree {
  if (isTree(value)) return value;
  throw fail('', `a scenario is an object with a title, plugins, a model ...; found ${show(value)}`);
}
