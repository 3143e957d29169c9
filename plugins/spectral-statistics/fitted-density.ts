// What the observers of a density share: chosen levels frame by frame, and over windows of frames a fitted law with the
// density in its own units, where it can be laid over the law.
import {
  type Channel,
  EigenflowError,
  integer,
  type Observer,
  type ObserverEnvironment,
  observeBlocks,
  observer,
  type ParameterValues,
  scalar,
  vector,
} from 'eigenflow';
import { evenEdges, fitLevelLaw, histogram, type LevelLaw } from 'eigenflow/theory';
import { type Levels, levelParameters, type OneBlock, openLevels } from './levels.js';
import { overWindows } from './windows.js';

export const densityParameters = {
  ...levelParameters,
  frames: integer({
    doc: 'frames in one window; they count as independent, so measure less often than the levels relax',
    unit: 'frames',
    default: 100,
    min: 2,
  }),
  bins: integer({ doc: 'number of bins of the density', unit: '1', default: 32, min: 1, max: 1e6 }),
} as const;

type Quantity = 'centre' | 'sigma';

export interface FittedDensity<Q extends string> {
  readonly law: LevelLaw<Q>;
  /** The quantity that is the unit of the density, and where its bins end on either side. */
  readonly unit: Q;
  readonly reach: number;
  /** Numbers of the levels, 0 the largest; all of them when undefined. */
  readonly chosen?: readonly number[];
  /** The parameter that chose them, for messages. */
  readonly parameter: string;
}

function choose({ count }: Levels, { law, chosen, parameter }: FittedDensity<never>): readonly number[] {
  const numbers = chosen ?? Array.from({ length: count }, (_, i) => i);
  const missing = numbers.find((level) => level >= count);
  if (missing !== undefined) {
    const reason = `there is no level ${missing} among ${count} levels; the last one is ${count - 1}`;
    throw new EigenflowError('parameter', parameter, reason);
  }
  const different = new Set(numbers).size;
  if (different < numbers.length || different < law.numbers[0]) {
    const reason = `the law needs ${law.numbers[0]} different levels or more; found ${numbers.join(', ')}`;
    throw new EigenflowError('parameter', parameter, reason);
  }
  return numbers;
}

/**
 * Channel `levels`, and for each window `centre`, `sigma` with `centreError` and `sigmaError`, `distance`, with a
 * p-value known `pValue`, and in bins of (level - centre)/unit `density` and `lawDensity`, the law averaged over each
 * bin.
 */
export function observeFittedDensity<Q extends string>(
  options: FittedDensity<Q | Quantity>,
  params: ParameterValues<typeof densityParameters>,
  environment: ObserverEnvironment,
): Observer {
  const ofBlock = (block: string) => observeOne(options, { ...params, block }, environment);
  return observeBlocks(environment.run, params.block, ofBlock);
}

function observeOne<Q extends string>(
  options: FittedDensity<Q | Quantity>,
  params: OneBlock<typeof densityParameters>,
  environment: ObserverEnvironment,
): Observer {
  const { law, unit, reach } = options;
  const { frames, bins } = params;
  const levels = openLevels(params, environment);
  const chosen = choose(levels, options as FittedDensity<never>);
  const edges = evenEdges(-reach, reach, bins);
  const width = (2 * reach) / bins;
  const where = `in ${bins} bins of (level - centre)/${unit} from ${-reach} to ${reach}`;
  const error = 'standard error by jackknife over the frames of a window';
  const derived: Readonly<Record<string, Channel>> = {
    centre: scalar('level', `centre of the law ${law.name} fitted to a window`),
    centreError: scalar('level', error),
    sigma: scalar('level', 'sigma of the fitted law: standard deviation of the same level if it were not degenerate'),
    sigmaError: scalar('level', error),
    distance: scalar('1', 'Kolmogorov-Smirnov distance of the levels of a window to the fitted law'),
    ...(law.test && { pValue: scalar('1', 'probability of a larger distance under the law, the fit accounted for') }),
    density: vector('bin', bins, '1', `density of the levels of a window, ${where}`),
    lawDensity: vector('bin', bins, '1', 'the law, averaged over each of the bins'),
  };

  const derive = overWindows('levels', frames, derived, (window) => {
    const { quantities, distance, pValue } = fitLevelLaw(law, window);
    const { centre, sigma } = quantities;
    const scale = quantities[unit].value;
    const scaled = window.flatMap((frame) => Array.from(frame, (level) => (level - centre.value) / scale));
    const norm = scaled.length * width * (Number.isFinite(scale) ? 1 : Number.NaN);
    const fitted = Object.fromEntries(law.quantities.map((name) => [name, quantities[name].value]));
    const at = (u: number) => law.cdf(fitted as Record<Q | Quantity, number>, centre.value + scale * u);
    return {
      centre: [centre.value],
      centreError: [centre.error],
      sigma: [sigma.value],
      sigmaError: [sigma.error],
      distance: [distance],
      pValue: [pValue],
      density: Array.from(histogram(scaled, edges).counts, (count) => count / norm),
      lawDensity: Array.from({ length: bins }, (_, i) => (at(edges[i + 1]) - at(edges[i])) / width),
    };
  });

  const doc = `levels ${chosen.join(', ')} of the ${levels.name}`;
  return observer({
    channels: { levels: vector('level', chosen.length, 'level', doc) },
    observe(frame) {
      const values = levels.read();
      for (let i = 0; i < chosen.length; i++) frame.levels[i] = values[chosen[i]];
    },
    derived,
    derive,
  });
}
