// SGD beside a surrogate: realisations of both, computed in a tab, and the verdict that `eigenflow compare` gives on the same ones.
import { lastValueFrom } from 'rxjs';
import {
  type ComparisonPlan,
  type Dynamics,
  planComparison,
  REFERENCE,
} from '../../analysis/comparison/comparison-plan.js';
import type { ComparisonRecord } from '../../analysis/comparison/comparison-record.js';
import { reportInstance } from '../../analysis/comparison/comparison-reports.js';
import type { DynamicsRuns } from '../../analysis/comparison/dynamics-runs.js';
import { rowsToFit } from '../../analysis/comparison/fitted-realisations.js';
import { encodeCoefficients, measureCoefficients } from '../../analysis/comparison/measured-coefficients.js';
import type { SurrogateReport } from '../../analysis/comparison/surrogate-report.js';
import { gather } from '../../core/engine/gather.js';
import { inspect } from '../../core/engine/preflight.js';
import { run } from '../../core/engine/run.js';
import { EigenflowError, messageOf } from '../../core/errors.js';
import { type Memory, openMemory } from '../../core/kernels/arena.js';
import { type ArrayLoader, type RunConfig, resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { decodeNpz } from '../../node/files/npz.js';
import type { Realisation, Side } from '../comparison-protocol.js';
import { registryOf } from './plugins.js';

let shared: Memory | undefined;

/** One memory for all that a worker compares: it does one thing at a time. */
export const comparisonMemory = (): Memory => {
  shared ??= openMemory();
  return shared;
};

export interface OpenComparison {
  readonly plan: ComparisonPlan<Dynamics>;
  /** Name of the surrogate, the only one. */
  readonly surrogate: string;
  realise(side: Side, replica: number): Promise<Realisation>;
  /** @throws EigenflowError `results` where the realisations that were kept do not determine them */
  measureCoefficients(): Uint8Array;
  takeCoefficients(file: Uint8Array): void;
  keep(realisation: Realisation): void;
  /** Of the realisations that were kept; undefined before two of each side have completed. */
  judge(): SurrogateReport | undefined;
}

/** A run that failed is one of the realisations as well. */
async function compute(
  config: RunConfig,
  { registry, memory, load }: Dynamics,
): Promise<Omit<Realisation, 'side' | 'replica'>> {
  const { id, axes, seed } = config;
  const row = { id, axes, seed, seconds: Number.NaN, label: '', message: '' };
  try {
    const { status, steps, trajectory, channels, series } = await lastValueFrom(
      gather(run(config, { registry, memory, load })),
    );
    return { row: { ...row, status, steps, trajectory }, channels, series };
  } catch (error) {
    return { row: { ...row, status: 'failed', steps: 0, message: messageOf(error) }, channels: {}, series: new Map() };
  }
}

/**
 * @param scenario with a field `compare` of one surrogate, and no sweep
 * @param seed other than 0, as the command has none: draws are those of this seed of a sweep
 * @throws EigenflowError `scenario` when it cannot be compared
 */
export async function openComparison(scenario: Scenario, seed: number, load: ArrayLoader): Promise<OpenComparison> {
  const [surrogate, ...others] = Object.keys(scenario.compare?.surrogates ?? {});
  if (others.length > 0) throw new EigenflowError('scenario', 'compare.surrogates', 'a tab compares one at a time');
  const registry = await registryOf(scenario.plugins);
  const memory = comparisonMemory();
  const fileOf = (name: string) => `${name}.npz`;
  let coefficients: ReturnType<typeof decodeNpz> | undefined;
  const find: ArrayLoader = (path) => (coefficients && path === fileOf(surrogate) ? coefficients : load(path));

  const plan = await planComparison<Dynamics>(scenario, {
    registry,
    async prepare(_name, content, given = find) {
      const { grid, runs } = resolveScenario(
        seed === 0 ? content : { ...content, sweep: { ...content.sweep, seeds: seed + 1 } },
        registry,
        given,
      );
      const own = runs.filter((candidate) => candidate.seed === seed);
      const { channels } = inspect(own[0], { registry, memory, load: given });
      return { sweep: { grid, runs: own }, registry, memory, load: given, preflight: { channels } };
    },
    coefficientsOf: fileOf,
  });

  const kept: Record<Side, Map<number, Realisation>> = { reference: new Map(), surrogate: new Map() };
  const runsOf = (side: Side): DynamicsRuns => {
    const realisations = [...kept[side].values()].sort((a, b) => a.replica - b.replica);
    const byId = new Map(realisations.map((realisation) => [realisation.row.id, realisation]));
    return {
      name: side === 'reference' ? REFERENCE : surrogate,
      source: side === 'reference' ? REFERENCE : surrogate,
      rows: realisations.map(({ row }) => row),
      channels: realisations.find(({ row }) => row.status !== 'failed')?.channels ?? {},
      length: scenario.time,
      seriesOf(id, channel) {
        const series = byId.get(id)?.series.get(channel);
        return series && series.step.length > 0 ? series : undefined;
      },
    };
  };
  const { levels, match, windows } = plan.comparison;
  const record: ComparisonRecord = {
    format: 'eigenflow-comparison',
    schema: 1,
    title: scenario.title,
    scenario: '',
    levels,
    top: plan.top,
    surrogates: [surrogate],
    differences: plan.differences,
    fitted: plan.fitted,
    ...(match && { match }),
    ...(windows && { windows }),
  };
  let prepared: Promise<Dynamics> | undefined;

  return {
    plan,
    surrogate,
    async realise(side, replica) {
      if (side === 'surrogate') prepared ??= plan.prepareSurrogate(surrogate);
      const dynamics = side === 'reference' ? plan.reference : ((await prepared) as Dynamics);
      return { side, replica, ...(await compute(dynamics.sweep.runs[replica], dynamics)) };
    },
    measureCoefficients() {
      const measured = plan.comparison.surrogates[surrogate].coefficients;
      if (!measured) throw new EigenflowError('scenario', surrogate, 'has no coefficients to measure');
      const runs = runsOf('reference');
      const rows = rowsToFit(
        runs.rows.filter((row) => row !== undefined),
        plan.fitted[surrogate],
      );
      return encodeCoefficients(measureCoefficients({ ...runs, rows }, measured));
    },
    takeCoefficients(file) {
      coefficients = decodeNpz(file, { source: fileOf(surrogate) });
      prepared = undefined;
    },
    keep(realisation) {
      kept[realisation.side].set(realisation.replica, realisation);
    },
    judge() {
      const completed = (side: Side) =>
        runsOf(side).rows.filter((row, i) => row?.status === 'completed' && isCompared(side, i)).length;
      // Half of the reference has been measured on.
      const isCompared = (side: Side, i: number) =>
        side === 'surrogate' || plan.fitted[surrogate] !== 'half' || i % 2 === 1;
      if (completed('reference') < 2 || completed('surrogate') < 2) return undefined;
      const [report] = reportInstance(record, 'this comparison', (name) =>
        runsOf(name === REFERENCE ? 'reference' : 'surrogate'),
      ).reports;
      return report;
    },
  };
}
