// The structure of a manifest that may come from somebody else: what it names becomes memory, and names of files.
import type { Json } from '../../core/contracts/json.js';
import type { ChannelRecord } from '../../core/engine/run.js';
import { EigenflowError, isEigenflowError } from '../../core/errors.js';
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import { checkStoredScenario } from '../../core/scenario/parse.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { MOST_RUNS } from '../../core/scenario/sweep.js';
import {
  anything,
  checkKeysAndDepth,
  flag,
  type Infer,
  isTree,
  leaf,
  list,
  type Naming,
  oneOf,
  open,
  optional,
  record,
  refine,
  type Schema,
  type Tree,
  text,
  whole,
} from '../../core/schema/schema.js';

/** What the numbers of a run depend on beside plugins and kernels; array files stand as digests of their content. */
export type ResolvedRun = Pick<
  RunConfig,
  'rootSeed' | 'length' | 'limits' | 'model' | 'loss' | 'noise' | 'optimiser' | 'observers' | 'classifier'
>;

/** A scenario as a manifest holds it: the analysis of checkpoints has no model, loss, noise or optimiser. */
export type StoredScenario = Omit<Scenario, 'model' | 'loss' | 'noise' | 'optimiser'> &
  Partial<Pick<Scenario, 'model' | 'loss' | 'noise' | 'optimiser'>>;

const MOST_NAME = 200;
const NAME = `a name of at most ${MOST_NAME} characters, without / \\ : and .. and no dot in front`;

/** Names of axes and channels become names of arrays in an export, which are folders in some formats. */
const plainNames: Naming = {
  fits: (name) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    name.length > 0 && name.length <= MOST_NAME && !/[/\\:\u0000-\u001f]/.test(name) && !/^\.|\.\./.test(name),
  rule: `expected ${NAME}`,
  json: {},
};
export const plainName = leaf<string>(NAME, (value) => typeof value === 'string' && plainNames.fits(value));

const label = leaf<string>(
  `a text of one line, of at most ${MOST_NAME} characters`,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  (value) => typeof value === 'string' && value.length <= MOST_NAME && !/[\u0000-\u001f]/.test(value),
);

const tree = leaf<Tree>('an object', isTree);
const count = whole(0);

export const versions = open({
  eigenflow: text,
  node: text,
  plugins: record(text),
  /** Version of the contract between eigenflow and plugins; missing in older folders. */
  contract: optional(count),
  /** Of plugins that are files and that runs use: hash of the code by name and version; missing in older folders. */
  code: optional(record(text)),
});

export const kernels = open(
  {
    name: oneOf<KernelBuildName>('strict', 'relaxed'),
    hash: text,
    portable: flag,
    /** Who made the steps last; missing in older folders. */
    player: optional(text),
  },
  'a build of strict or relaxed, with its hash',
);

const resolvedUse = open({ use: text, params: tree });
const resolvedRun = open({
  rootSeed: count,
  length: tree,
  limits: tree,
  model: resolvedUse,
  loss: resolvedUse,
  noise: resolvedUse,
  optimiser: resolvedUse,
  observers: record(resolvedUse),
  classifier: optional(resolvedUse),
});

/** What is known of weights that another program has made. */
const checkpoints = open({
  /** In the order of their steps. */
  files: list(open({ name: text, step: count })),
  /** Shape and type as stored in the first file. */
  layers: list(open({ name: text, shape: list(count), dtype: optional(text) })),
  /** What the command was told of the training; no file says it. */
  told: tree as Schema<{
    readonly learningRate?: number;
    readonly batchSize?: number;
    readonly optimiser?: string;
    readonly momentum?: number;
    readonly stepsPerNumber: number;
  }>,
});
export type CheckpointRecord = Infer<typeof checkpoints>;

/** A file of arrays that runs have read. */
const arrayFile = open({
  /** The first parameter that names it. */
  parameter: text,
  file: text,
  /** Of the content; in `resolved` it stands for the file. */
  sha256: text,
  arrays: list(open({ name: text, shape: list(count) })),
});
export type ArrayFileRecord = Infer<typeof arrayFile>;

const channel: Schema<ChannelRecord> = open({
  shape: list(count),
  dims: list(plainName),
  label: optional(label),
  unit: text,
  doc: text,
  component: text,
  leavesOut: optional(text),
});

const axis = open({ name: plainName, values: list(anything as Schema<Json>, 1), unit: text, group: count });

type Axes = readonly Infer<typeof axis>[];

const lengthsOf = (axes: Axes) => new Map(axes.map(({ group, values }) => [group, values.length]));

/** Axes that vary together have as many values each. */
function axesTogether(axes: Axes): string | undefined {
  if (new Set(axes.map(({ name }) => name)).size < axes.length) return 'a name is there twice';
  const lengths = lengthsOf(axes);
  const fit = axes.every(({ group, values }) => lengths.get(group) === values.length);
  return fit ? undefined : 'those of one group differ in length';
}

const manifest = open({
  format: oneOf('eigenflow-results'),
  schema: count,
  title: text,
  scenario: tree as Schema<StoredScenario>,
  /** In the analysis of checkpoints alone, which has no scenario to run. */
  checkpoints: optional(checkpoints),
  /** Where relative paths of the scenario lead, as seen from the results folder. Older results do not say. */
  scenarioFolder: optional(text),
  versions,
  /** The first run with all defaults filled in; missing in older folders. */
  resolved: optional(resolvedRun as Schema as Schema<ResolvedRun>),
  /** Files of arrays that runs have read; missing where there are none, and in older folders. */
  files: optional(list(arrayFile)),
  /** Sources of the components that were used. */
  citations: list(text),
  kernels,
  axes: refine(list(axis), axesTogether),
  seeds: whole(1),
  channels: record(channel, 'channels by name', 0, plainNames),
  labels: list(text),
  /** Of all the rest, see `manifestText`; missing in older folders. */
  seal: optional(text),
});
export type Manifest = Infer<typeof manifest>;

const MANIFEST = refine(manifest, ({ axes, seeds }) => {
  const runs = [...lengthsOf(axes).values()].reduce((product, length) => product * length, seeds);
  return runs > MOST_RUNS ? `axes (${runs} runs; at most ${MOST_RUNS})` : undefined;
});

/**
 * What `act` makes of a part of a stored file. A mistake in it is told with the file that it stands in.
 *
 * @param path of the file
 * @param part that `act` looks at; '' for the whole
 * @throws EigenflowError `results` in place of `scenario`
 */
export function asStored<T>(path: string, act: () => T, part = 'scenario'): T {
  try {
    return act();
  } catch (error) {
    if (!isEigenflowError(error) || error.code !== 'scenario') throw error;
    const at = [part, error.path].filter((name) => name !== '').join('.');
    const wrong = at === '' ? error.reason : `${at.slice(0, MOST_NAME)}: ${error.reason}`;
    throw new EigenflowError(
      'results',
      path,
      `is not as eigenflow writes it (${wrong}); restore it, or use another folder`,
      {
        cause: error,
      },
    );
  }
}

/** @throws EigenflowError `results` that names the part of a stored file that is not as eigenflow writes it */
export function checkStored(schema: Schema, value: unknown, path: string): void {
  asStored(path, () => schema.check(value, ''), '');
}

/** @throws EigenflowError `results` that names the part that is not as eigenflow writes it */
export function checkManifest(value: Tree, path: string): void {
  checkKeysAndDepth(value, path, 'results');
  asStored(path, () => checkStoredScenario(value.scenario, { hasRun: value.checkpoints === undefined }));
  checkStored(MANIFEST, value, path);
}
