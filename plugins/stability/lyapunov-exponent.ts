// Observer: the largest Lyapunov exponent of the training map, the growth rate of an infinitesimal separation between
// two copies of the run that see the same batches.
import { defineObserver, integer, number, observer, scalar, vector } from 'eigenflow';
import { meanEstimate } from 'eigenflow/theory';
import { excursionParameters, stepsIn, stepsPerBlock } from './excursion.js';
import { createSeparation } from './separation.js';

/**
 * The method of Benettin, Galgani, Giorgilli and Strelcyn (doi:10.1007/BF02128236): two copies start from the weights
 * as they stand, |delta| = `separation` |theta| apart, take the same batches by the same optimiser, and the separation
 * is pulled back to that length every `interval` steps. With s_k the stretchings of a block of `n` steps,
 *
 *     growth     [block]  sum_k ln s_k / n, per epoch (per step for one-pass data)
 *     perStep             mean growth per step; perStepError its standard error over the blocks
 *     perEpoch            the same per epoch; NaN for one-pass data
 *     stretch             largest s_k: separation x stretch must stay far below 1 for the separation to be small
 *
 * The first `transient` is followed without measuring, for the separation to turn into the direction that grows most.
 * The copies leave the run where it is and go on beyond its end; so put the frame after the transient of the run
 * itself. A parameter with a schedule goes on following it under the copies: the exponent is then that of the run to
 * come, and that of a cold state which is about to be heated can be large. `schedules: 'hold'` keeps the values of the
 * frame: the exponent of the dynamics as it is there. For optimisers with a state the separation is that of weights and
 * state together. Blocks should be whole epochs, and longer than the memory of the growth: the error takes them as
 * independent.
 *
 * Below zero all trajectories that see these batches come together; zero where minima form a manifold along which
 * nothing pulls; above zero the map is chaotic. On a manifold of minima the separation loses its transverse part as a
 * power of time, so the exponent approaches zero from below as 1/transient (derived). NaN when a copy runs away, or
 * when the copies meet exactly.
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
    const { run } = environment;
    const { blocks, interval } = params;
    const transient = stepsIn(params.transient, params.unit, run);
    const blockSteps = stepsPerBlock(params, run);
    const separation = createSeparation(run, params.separation, environment, params.schedules);
    const hasEpochs = Number.isFinite(run.stepsPerEpoch);
    const perEpoch = hasEpochs ? run.stepsPerEpoch : 1;
    const exponent = 'largest Lyapunov exponent';
    const named = { label: 'Lyapunov exponent' };
    return observer({
      channels: {
        perStep: scalar('1/step', `${exponent} per step`, named),
        perStepError: scalar('1/step', `standard error of the ${exponent} per step`),
        perEpoch: scalar('1/epoch', `${exponent} per epoch`, named),
        perEpochError: scalar('1/epoch', `standard error of the ${exponent} per epoch`),
        growth: vector(
          'block',
          blocks,
          hasEpochs ? '1/epoch' : '1/step',
          'growth rate of the separation in each block',
        ),
        stretch: scalar('1', 'largest stretching between two renormalisations'),
      },
      observe(frame) {
        separation.begin();
        const start = transient > 0 ? separation.follow(transient, interval) : 0;
        let lost = Number.isNaN(start);
        for (let block = 0; block < blocks; block++) {
          const growth = lost ? Number.NaN : separation.follow(blockSteps, interval) / blockSteps;
          lost ||= Number.isNaN(growth);
          frame.growth[block] = growth * perEpoch;
        }
        const { value, error } = meanEstimate(frame.growth);
        frame.perStep[0] = value / perEpoch;
        frame.perStepError[0] = error / perEpoch;
        frame.perEpoch[0] = hasEpochs ? value : Number.NaN;
        frame.perEpochError[0] = hasEpochs ? error : Number.NaN;
        frame.stretch[0] = lost ? Number.NaN : separation.largestStretch;
      },
    });
  },
});
