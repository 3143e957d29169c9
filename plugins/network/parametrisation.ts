// How weights, outputs and learning rates scale with the width: four parametrisations of one network.
import { EigenflowError } from 'eigenflow';
import type { LayerPlan } from './architecture.js';
import { type NetworkParameters, params as schema } from './parameters.js';

/**
 * Of one layer. `rate` is a factor of the learning rate for steps that grow like the gradient, and for those that do
 * not.
 */
export interface LayerScales {
  /** Standard deviation of a first weight at initial width 1. */
  readonly deviation: number;
  readonly weightScale: number;
  readonly biasScale: number;
  readonly weightRate: { readonly proportional: number; readonly normalised: number };
  readonly biasRate: { readonly proportional: number; readonly normalised: number };
}

const ONE = { proportional: 1, normalised: 1 };

/**
 * With d the fan-in of the first matrix, n that of any other, n0 the base width, m = n/n0 (of the input layer and of
 * the biases: the number of units over n0), f = weightScale:
 *
 *     standard    deviation fan-in^-1/2, all factors 1
 *     ntk         deviation 1, f = fan-in^-1/2, biases biasScale; rates of Adam m^-1/2, 1/m, m^-1/2, biases m^-1/2
 *     mean-field  deviation 1, f = fan-in^-1/2, in the read-out 1/(gamma0 n); rates of SGD gamma0^2 n, of Adam
 *                 1, m^-1/2, 1; the bias of the read-out 1
 *     mup         deviation fan-in^-1/2, in the read-out n0^-1/2 with f = 1/m; rates of SGD m, m_out/m_in, m,
 *                 biases m, of Adam 1, 1/m, 1
 *
 * A network without hidden layers has no width: its one matrix is as in the standard form, but for the f of ntk.
 * Sources: ntk arXiv:1806.07572; mean-field arXiv:1804.06561, deep arXiv:2205.09653; mup arXiv:2011.14522, tables 3 and
 * 8 of arXiv:2203.03466. The rates of ntk under Adam: derived, in line with arXiv:2308.01814.
 */
export function scalesOf(params: NetworkParameters, plan: readonly LayerPlan[]): readonly LayerScales[] {
  const { parametrisation, baseWidth, gamma0, biasScale } = params;
  const lastWidth = plan[plan.length - 1].cols;
  const shallow = plan.length === 1;
  return plan.map(({ rows, cols, isFirst, isReadOut }): LayerScales => {
    const root = Math.sqrt(cols);
    const [into, from] = [cols / baseWidth, rows / baseWidth];
    const standard = { deviation: 1 / root, weightScale: 1, biasScale: 1, weightRate: ONE, biasRate: ONE };
    if (parametrisation === 'standard' || (shallow && parametrisation !== 'ntk')) return standard;
    switch (parametrisation) {
      case 'ntk': {
        const scaled = { ...standard, deviation: 1, weightScale: 1 / root, biasScale };
        if (shallow) return scaled;
        const width = isFirst ? from : into;
        const hidden = isFirst || isReadOut ? 1 / Math.sqrt(width) : 1 / width;
        return {
          ...scaled,
          weightRate: { proportional: 1, normalised: hidden },
          biasRate: { proportional: 1, normalised: isReadOut ? 1 : 1 / Math.sqrt(from) },
        };
      }
      case 'mean-field': {
        const rate = gamma0 * gamma0 * lastWidth;
        return {
          deviation: 1,
          weightScale: isReadOut ? 1 / (gamma0 * cols) : 1 / root,
          biasScale,
          weightRate: { proportional: rate, normalised: isFirst || isReadOut ? 1 : 1 / Math.sqrt(into) },
          biasRate: { proportional: isReadOut ? 1 : rate, normalised: 1 },
        };
      }
      default: {
        if (isFirst) {
          const rate = { proportional: from, normalised: 1 };
          return { ...standard, weightRate: rate, biasRate: rate };
        }
        if (isReadOut) {
          const rate = { proportional: into, normalised: 1 };
          return { ...standard, deviation: 1 / Math.sqrt(baseWidth), weightScale: 1 / into, weightRate: rate };
        }
        return {
          ...standard,
          weightRate: { proportional: from / into, normalised: 1 / into },
          biasRate: { proportional: from, normalised: 1 },
        };
      }
    }
  });
}

/** @throws EigenflowError `parameter` for what the parametrisation has no use for */
export function checkParametrisation(params: NetworkParameters): void {
  const { parametrisation } = params;
  const users = {
    baseWidth: ['ntk', 'mean-field', 'mup'],
    gamma0: ['mean-field'],
    biasScale: ['ntk', 'mean-field'],
  } as const;
  for (const name of ['baseWidth', 'gamma0', 'biasScale'] as const) {
    const used: readonly string[] = users[name];
    if (params[name] === schema[name].default || used.includes(parametrisation)) continue;
    const message = `has no effect: the parametrisation is "${parametrisation}", and ${used.join(', ')} have one`;
    throw new EigenflowError('parameter', `model.${name}`, `${message}. Leave it out`);
  }
}
