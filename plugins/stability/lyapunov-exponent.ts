// Observer: the largest Lyapunov exponent of the training map, the growth rate of an infinitesimal separation between
// two copies of the run that see the same batches.
import { type Channel, defineObserver, integer, number } from 'eigenflow';
import { meanEstimate } from 'eigenflow/theory';
import { excursionParameters, stepsIn, stepsPerBlock } from './excursion.js';
import { createSeparation, type Separation } from './separation.js';

/**
 * The method of Benettin, Galgani, Giorgilli and Strelcyn (doi:10.1007/BF02128236): two copies start from the weights as
 * they stand, |delta| = `separation` |theta| apart, take the same batches by the same optimiser, and the separation is
 * pulled back to that length every `interval` steps. With s_k the stretchings of a block of `n` steps,
 *
 *     growth     [block]  sum_k ln s_k / n, per epoch (per step for one-pass data)
 *     perStep             mean growth per step; perStepError its standard error over the blocks
 *     perEpoch            the same per epoch; NaN for one-pass data
 *     stretch             largest s_k: separation x stretch must stay far below 1 for the separation to be small
 *
 * The first `transient` is followed without measuring, for the separation to turn into the direction that grows most.
 * The copies leave the run where it is and go on beyond its end; so put the frame after the transient of the run itself.
 * A parameter with a schedule goes on following it under the copies: the exponent is then that of the run to come, and
 * that of a cold state which is about to be heated can be large. `schedules: 'hold'` keeps the values of the frame: the
 * exponent of the dynamics as it is there.
 * For optimisers with a state the separation is that of weights and state together. Blocks should be whole epochs, and
 * longer than the memory of the growth: the error takes them as independent.
 *
 * Below zero all trajectories that see these batches come together; zero where minima form a manifold along which
 * nothing pulls; above zero the map is chaotic. On a manifold of minima the separation loses its transverse part as a
 * power of time, so the exponent approaches zero from below as 1/transient (derived). NaN when a copy runs away, or when
 * the copies meet exactly.
 *
 * Throws EigenflowError `parameter` for lengths in epochs of one-pass data, or shorter than a step per block.
 */
export const lyapunovExponent = defineObserver({
  name: 'lyapunov-exponent',
  summary: 'Largest Lyapunov exponent of the training map, from two copies that see the same batches',
  params: {
    ...excursionParameters,
    transient: number({
      doc: 'how far the copies go before the measurement',
      unit: 'epochs or steps, see `unit`',
      default: 100,
      min: 0,
    }),
    interval: integer({ doc: 'steps between two renormalisations', unit: 'steps', default: 10, min: 1 }),
    separation: number({
      doc: 'length of the separation over that of the weights',
      unit: '1',
      default: 1e-8,
      above: 0,
      below: 0.1,
    }),
  },
  cite: ['doi:10.1007/BF02128236'],
  create(params, environment) {
    const { blocks, interval } = params;
    let separation: Separation;
    let transient = 0;
    let blockSteps = 0;
    return {
      attach(view): Record<string, Channel> {
        transient = stepsIn(params.transient, params.unit, view);
        blockSteps = stepsPerBlock(params, view);
        separation = createSeparation(view, params.separation, environment, params.schedules);
        const each = Number.isFinite(view.stepsPerEpoch) ? '1/epoch' : '1/step';
        const exponent = 'largest Lyapunov exponent';
        return {
          perStep: { shape: [], dims: [], unit: '1/step', label: 'Lyapunov exponent', doc: `${exponent} per step` },
          perStepError: { shape: [], dims: [], unit: '1/step', doc: `standard error of the ${exponent} per step` },
          perEpoch: { shape: [], dims: [], unit: '1/epoch', label: 'Lyapunov exponent', doc: `${exponent} per epoch` },
          perEpochError: { shape: [], dims: [], unit: '1/epoch', doc: `standard error of the ${exponent} per epoch` },
          growth: { shape: [blocks], dims: ['block'], unit: each, doc: 'growth rate of the separation in each block' },
          stretch: { shape: [], dims: [], unit: '1', doc: 'largest stretching between two renormalisations' },
        };
      },
      observe({ stepsPerEpoch }, out) {
        const perEpoch = Number.isFinite(stepsPerEpoch) ? stepsPerEpoch : 1;
        separation.begin();
        const start = transient > 0 ? separation.follow(transient, interval) : 0;
        let lost = Number.isNaN(start);
        for (let block = 0; block < blocks; block++) {
          const growth = lost ? Number.NaN : separation.follow(blockSteps, interval) / blockSteps;
          lost ||= Number.isNaN(growth);
          out.growth[block] = growth * perEpoch;
        }
        const { value, error } = meanEstimate(out.growth);
        out.perStep[0] = value / perEpoch;
        out.perStepError[0] = error / perEpoch;
        out.perEpoch[0] = Number.isFinite(stepsPerEpoch) ? value : Number.NaN;
        out.perEpochError[0] = Number.isFinite(stepsPerEpoch) ? error : Number.NaN;
        out.stretch[0] = lost ? Number.NaN : separation.largestStretch;
      },
    };
  },
});
