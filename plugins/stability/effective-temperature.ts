// Observer: the temperature that the noise of training keeps up, and whether the run is stationary at it.
import { defineObserver, observer, scalar } from 'eigenflow';
import { jackknife, mean, meanEstimate } from 'eigenflow/theory';
import { excursionParameters, stepsPerBlock } from './excursion.js';

/**
 * The run is followed from where it stands. With Delta = theta(k+1) - theta(k) the step, eps its size, g = -Delta/eps
 * (the minibatch gradient for plain `sgd`), P the number of weights, and averages over the excursion:
 *
 *     temperature = < eps |g|^2 > / (2 P)          what fluctuations put in
 *     virial      = < theta . g > / P              what dissipation takes out
 *     ratio       = temperature / virial           1 where the two balance
 *
 * From |theta + Delta|^2 = |theta|^2 + 2 theta . Delta + |Delta|^2 it follows that |theta|^2 grows per learning time at
 * 2 P (temperature - virial), whatever the batches: in a stationary state the two are equal. This is the first
 * fluctuation-dissipation relation of Yaida (arXiv:1810.00004), written per weight.
 *
 * What it means: near a quadratic minimum, with batches that are independent from step to step, the mean loss above the
 * minimum is P/2 temperature, at any step size and for noise of any shape: equipartition on average over directions
 * (derived). For isotropic noise of strength 2 T_0 and small steps it is T_0. A single direction has this temperature
 * only where the noise is isotropic. At an interpolating minimum the noise dies out and the temperature with it.
 *
 * `temperatureError`, `virialError` and `ratioError` are standard errors over blocks, that of the ratio by the
 * jackknife. Not for optimisers with momentum, whose Delta/eps is no gradient: there `temperature` measures the
 * velocity. NaN when the run diverges on the way.
 *
 * Throws EigenflowError `parameter` for lengths in epochs of one-pass data, or shorter than a step per block.
 */
export const effectiveTemperature = defineObserver({
  name: 'effective-temperature',
  summary:
    'Temperature from the fluctuation-dissipation relation of SGD, with the balance that says whether it is stationary',
  params: excursionParameters,
  cite: ['arXiv:1810.00004'],
  create(params, { arena, kernels, run }) {
    const { blocks } = params;
    const blockSteps = stepsPerBlock(params, run);
    const shadow = run.shadowTrajectory(params.schedules);
    const { theta, clock } = shadow;
    const size = theta.length;
    const [before, step] = [arena.vector(size), arena.vector(size)];
    const slot = arena.vector(1);
    const temperatures = new Float64Array(blocks);
    const virials = new Float64Array(blocks);
    const indices = Array.from({ length: blocks }, (_, block) => block);
    const ratioOf = (some: readonly number[]) =>
      mean(some.map((block) => temperatures[block])) / mean(some.map((block) => virials[block]));

    /** Sums over one block, each over the size of its step: of |Delta|^2, and of -theta . Delta. */
    const follow = (block: number) => {
      let [squares, products] = [0, 0];
      for (let k = 0; k < blockSteps; k++) {
        kernels.copy(theta, size, before);
        shadow.advance(1);
        kernels.copy(theta, size, step);
        kernels.axpy(-1, before, size, step);
        kernels.sumSquares(step, size, slot);
        squares += slot[0] / clock.stepSize;
        kernels.dot(before, step, size, slot);
        products -= slot[0] / clock.stepSize;
      }
      temperatures[block] = squares / blockSteps / (2 * size);
      virials[block] = products / blockSteps / size;
    };

    return observer({
      channels: {
        temperature: scalar('1', 'mean of step size x |gradient|^2 over twice the number of weights'),
        temperatureError: scalar('1', 'standard error of the temperature over blocks'),
        virial: scalar('1', 'mean of weights . gradient over the number of weights'),
        virialError: scalar('1', 'standard error of the virial over blocks'),
        ratio: scalar('1', 'temperature over virial; 1 in a stationary state'),
        ratioError: scalar('1', 'standard error of the ratio over blocks'),
      },
      observe(frame) {
        shadow.reset();
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
