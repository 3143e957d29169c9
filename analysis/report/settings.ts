// The settings of a study as a report lists them: what was written, what was left to a default and marked as such, and
// nothing that the sweep replaced.
import type { Json } from '../../core/contracts/json.js';
import { axisAbove } from '../../core/scenario/paths.js';
import type { Manifest, ResolvedRun } from '../../node/results/results-folder.js';

export type Row = readonly [part: string, setting: string];

const SLOTS = ['model', 'loss', 'noise', 'optimiser'] as const;
const SLOT_NAMES = { model: 'model', loss: 'loss', noise: 'noise model', optimiser: 'optimiser' } as const;

export const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

type Parameters = Readonly<Record<string, unknown>>;

interface Used {
  readonly use: string;
  readonly params: Parameters;
}

/** @param full with all defaults, where the manifest has them */
function useText(path: string, written: Used | undefined, full: Used | undefined, swept: readonly string[]): string {
  const isSwept = (name: string) => axisAbove(`${path}.${name}`, swept) !== undefined;
  const given = Object.entries(written?.params ?? {}).filter(([name]) => !isSwept(name));
  // Where components are swept, or another is used than was written, the defaults of one are not those of the others.
  const hasDefaults = full !== undefined && !isSwept('use') && full.use === written?.use;
  const defaults = Object.entries(hasDefaults ? full.params : {}).filter(
    ([name, value]) => value !== undefined && !isSwept(name) && !Object.hasOwn(written?.params ?? {}, name),
  );
  const parameters = [
    ...given.map(([name, value]) => `${name} = ${shown(value)}`),
    ...defaults.map(([name, value]) => `${name} = ${shown(value)} (default)`),
  ];
  const use = isSwept('use') ? 'swept' : (written?.use ?? '');
  return parameters.length === 0 ? use : `${use}: ${parameters.join(', ')}`;
}

function usedOf(
  written: { readonly use: string; readonly [parameter: string]: unknown } | undefined,
): Used | undefined {
  if (written === undefined) return undefined;
  const { use, ...params } = written;
  return { use, params };
}

const observerOf = (observer: ResolvedRun['observers'][string] | undefined): Used | undefined =>
  observer && { use: observer.use, params: { ...observer.params, when: observer.when } };

function limitsText({ scenario, resolved }: Manifest, swept: readonly string[]): string {
  const written: Readonly<Record<string, unknown>> = { ...scenario.limits };
  const all: Readonly<Record<string, unknown>> = { ...resolved?.limits, ...written };
  return Object.entries(all)
    .filter(([name, value]) => value !== undefined && axisAbove(`limits.${name}`, swept) === undefined)
    .map(([name, value]) => `${name} = ${shown(value)}${Object.hasOwn(written, name) ? '' : ' (default)'}`)
    .join(', ');
}

function axisText(values: readonly Json[]): string {
  const ends = values.length > 6 ? [...values.slice(0, 3), '...', ...values.slice(-2)] : values;
  return `${ends.map(shown).join(', ')} (${values.length})`;
}

/** Of a study that was run. */
export function settingsOf(manifest: Manifest): Row[] {
  const { scenario, resolved, axes, seeds } = manifest;
  const swept = axes.map(({ name }) => name);
  const length = (['epochs', 'steps', 'time'] as const).find((unit) => scenario[unit] !== undefined);
  const limits = limitsText(manifest, swept);
  const { classifier } = scenario;
  const rootSeed = scenario.seed ?? `${resolved?.rootSeed ?? 1} (default)`;
  const rows: Row[] = [
    ...SLOTS.map((slot): Row => [SLOT_NAMES[slot], useText(slot, usedOf(scenario[slot]), resolved?.[slot], swept)]),
    ...Object.entries(scenario.observers ?? {}).map(
      ([name, observer]): Row => [
        `observer ${name}`,
        useText(`observers.${name}`, usedOf(observer), observerOf(resolved?.observers[name]), swept),
      ],
    ),
    ...(classifier
      ? [['classifier', useText('classifier', usedOf(classifier), resolved?.classifier, swept)] as const]
      : []),
    ...(limits ? [['limits', limits] as const] : []),
    ...(length && !swept.includes(length) ? [['length', `${scenario[length]} ${length}`] as const] : []),
    ...axes.map(({ name, values }): Row => [`swept: ${name}`, axisText(values)]),
    ['seeds', `${seeds} in each cell${swept.includes('seed') ? '' : `, root seed ${rootSeed}`}`],
  ];
  return rows;
}

const steps = (count: number) => `step ${count}`;

/** Of weights that another program has made: what is known of them, and nothing else. */
export function checkpointsOf({ checkpoints, scenario }: Manifest): Row[] {
  if (checkpoints === undefined) return [];
  const { files, layers, told } = checkpoints;
  const [first, last] = [files[0], files[files.length - 1]];
  const names = files.map(({ name, step }) => `${name} (${steps(step)})`);
  const { stepsPerNumber, ...training } = told;
  const said = Object.entries(training).filter(([, value]) => value !== undefined);
  return [
    [
      'checkpoints',
      `${files.length}: ${names.length > 6 ? [...names.slice(0, 3), '...', ...names.slice(-2)].join(', ') : names.join(', ')}`,
    ],
    ...(files.length > 1 ? [['steps', `${first.step} to ${last.step}`] as const] : []),
    ...(stepsPerNumber === 1 ? [] : [['steps for each number in a file name', String(stepsPerNumber)] as const]),
    ...layers.map(
      ({ name, shape, dtype }): Row => [`layer ${name}`, `${shape.join(' × ')}${dtype ? `, stored as ${dtype}` : ''}`],
    ),
    [
      'told of the training',
      said.length === 0 ? 'nothing' : said.map(([name, value]) => `${name} = ${shown(value)}`).join(', '),
    ],
    ...Object.entries(scenario.observers ?? {}).map(
      ([name, observer]): Row => [`observer ${name}`, useText(`observers.${name}`, usedOf(observer), undefined, [])],
    ),
  ];
}
