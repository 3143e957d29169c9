// Observer: the temperature that the noise of training keeps up, and whether the run is stationary at it.
import { defineObserver, EigenflowError, observer, scalar } from 'eigenflow';
import { jackknife, mean, meanEstimate } from 'eigenflow/theory';
import { excursionParameters, stepsPerBlock } from './excursion.js';

/**
 * The run is followed from where it stands. With Delta = theta(k+1) - theta(k) the step, eps its size, v = -Delta/eps
 * the velocity, m the momentum, g = v(k) - m v(k-1) the gradient that it was made of (for plain `sgd` v itself), P
 * the number of weights, and averages over the excursion:
 *
 *     temperature = (1 + m) < eps |v|^2 > / (2 P)  what fluctuations put in
 *     virial      = < theta . g > / P              what dissipation takes out
 *     ratio       = temperature / virial           1 where the two balance
 *
 * From |theta + Delta|^2 = |theta|^2 + 2 theta . Delta + |Delta|^2 it follows that |theta|^2 grows per learning time at
 * 2 P (temperature - virial) for plain descent, whatever the batches: in a stationary state the two are equal. This is
 * the first fluctuation-dissipation relation of Yaida (arXiv:1810.00004), written per weight. With momentum the same
 * holds of the sum of |theta|^2 and its products with the velocity (derived).
 *
 * What it means: near a quadratic minimum, with batches that are independent from step to step, the mean loss above the
 * minimum is P/2 temperature, at any step size and for noise of any shape: equipartition on average over directions
 * (derived). For isotropic noise of strength 2 T_0 and small steps it is T_0. A single direction has this temperature
 * only where the noise is isotropic. At an interpolating minimum the noise dies out and the temperature with it.
 *
 * `temperatureError`, `virialError` and `ratioError` are standard errors over blocks, that of the ratio by the
 * jackknife. NaN when the run diverges on the way. Nesterov's form has no such relation of its steps alone, and an
 * optimiser that preconditions, clips or takes signs no temperature: learning rate over batch size is none of them.
 * These are refused.
 *
 * Throws EigenflowError `component` when the optimiser does not say how steps follow from gradients, `parameter` for
 * lengths in epochs of one-pass data, or shorter than a step per block.
 */
export const effectiveTemperature = defineObserver({
  name: 'effective-temperature',
  summary:
    'Temperature from the fluctuation-dissipation relation of SGD, with the balance that says whether it is stationary',
  params: excursionParameters,
  cite: ['arXiv:1810.00004'],
  create(params, { arena, kernels, run }) {
    const { blocks } = params;
    if (!run.descent) {
      throw new EigenflowError(
        'component',
        'observers',
        'effective-temperature holds for descent; an optimiser that preconditions, clips or takes signs has no one ' +
          'temperature, and learning rate / batch size is none of it. Leave it out, or train with sgd',
      );
    }
    const { descent } = run;
    if (descent.nesterov) {
      throw new EigenflowError(
        'component',
        'observers',
        "effective-temperature knows no relation of steps in Nesterov's form; train with sgd or momentum",
      );
    }
    const blockSteps = stepsPerBlock(params, run);
    const shadow = run.shadowTrajectory(params.schedules);
    const { theta, clock } = shadow;
    const size = theta.length;
    const [before, step, last] = Array.from({ length: 3 }, () => arena.vector(size));
    let lastSize = Number.NaN;
    const slot = arena.vector(1);
    const temperatures = new Float64Array(blocks);
    const virials = new Float64Array(blocks);
    const indices = Array.from({ length: blocks }, (_, block) => block);
    const ratioOf = (some: readonly number[]) =>
      mean(some.map((block) => temperatures[block])) / mean(some.map((block) => virials[block]));

    const takeStep = () => {
      kernels.copy(step, size, last);
      lastSize = clock.stepSize;
      kernels.copy(theta, size, before);
      shadow.advance(1);
      kernels.copy(theta, size, step);
      kernels.axpy(-1, before, size, step);
    };

    /** Sums over one block: of eps |v|^2, and of theta . g. */
    const follow = (block: number) => {
      const { momentum } = descent;
      let [squares, products] = [0, 0];
      for (let k = 0; k < blockSteps; k++) {
        takeStep();
        kernels.sumSquares(step, size, slot);
        squares += slot[0] / clock.stepSize;
        kernels.dot(before, step, size, slot);
        products -= slot[0] / clock.stepSize;
        if (momentum === 0) continue;
        kernels.dot(before, last, size, slot);
        products += momentum * (slot[0] / lastSize);
      }
      temperatures[block] = ((1 + momentum) * squares) / blockSteps / (2 * size);
      virials[block] = products / blockSteps / size;
    };

    return observer({
      channels: {
        temperature: scalar('1', 'mean of step size x |velocity|^2 x (1 + momentum) over twice the number of weights'),
        temperatureError: scalar('1', 'standard error of the temperature over blocks'),
        virial: scalar('1', 'mean of weights . gradient over the number of weights'),
        virialError: scalar('1', 'standard error of the virial over blocks'),
        ratio: scalar('1', 'temperature over virial; 1 in a stationary state'),
        ratioError: scalar('1', 'standard error of the ratio over blocks'),
      },
      observe(frame) {
        shadow.reset();
        // The step before the first one, which momentum remembers.
        if (descent.momentum !== 0) takeStep();
        for (let block = 0; block < blocks; block++) follow(block);
        const temperature = meanEstimate(temperatures);
        const virial = meanEstimate(virials);
        if (!Number.isFinite(temperature.value) || !Number.isFinite(virial.value)) return;
        frame.temperature[0] = temperature.value;
        frame.temperatureError[0] = temperature.error;
        frame.virial[0] = virial.value;
        frame.virialError[0] = virial.error;
        frame.ratio[0] = temperature.value / virial.value;
        frame.ratioError[0] = jackknife(indices, ratioOf).error;
      },
    });
  },
});
