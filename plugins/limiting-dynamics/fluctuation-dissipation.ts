// Observer: whether what noise puts into the weights is what descent takes out of them, in total and mode by mode, and
// which temperature each mode has.
import { defineObserver, integer, observer, scalar, vector } from 'eigenflow';
import { jackknife } from 'eigenflow/theory';
import { openModes } from './modes.js';
import { stationary } from './theory/mode.js';
import { openWindow, windowParameter } from './window.js';

/** Share of the largest variance of a mode's gradient below which one is rounding. */
const NOTHING = 1e-12;

/**
 * With q_i the distance from rest along eigenvector i of the Hessian, h_i its eigenvalue and weight decay, e the
 * learning rate, b the momentum, s_i the variance of one step's gradient along it at rest, Q_ij = <q_i q_j> and
 * v = (theta(k) - theta(k-1))/e, averaged over copies (the rows of a linear map) and the steps of the window:
 *
 *     leading         (1 - b) sum 2 h_i Q_ii / (e sum s_i)                    arXiv:2106.02220 for b = 0, small steps
 *     discrete        (1 - b) sum (2 h_i Q_ii - e h_i^2 Q_ii/(1 + b)) / (e sum s_i)       noise that does not change
 *     exact           the same over e sum (s_i + m_i), m_i what the scatter Q adds to the noise of minibatches
 *     yaida           e (1 + b)/2 <|v|^2> / sum h_i Q_ii                      arXiv:1810.00004, whatever the noise
 *     temperature     [modes]  h_i Q_ii
 *     temperatureExact         [modes]  in the stationary state of discrete steps, m_i left out
 *     modeRatio       [modes]  `leading` mode by mode
 *     excessLoss      1/2 sum h_i Q_ii of all copies: the loss above the least one, weight decay included
 *     excessLossLeading        (e/4) sum s_i/(1 - b) of all copies
 *     eigenvalues     [modes]
 *
 * All ratios are 1 in a stationary state, up to what each leaves out; `exact` and `yaida` leave out nothing (derived:
 * positions are an autoregressive process of second order, whose noise may depend on the position). `exact` is NaN
 * where the model is no linear map. `yaidaError` and `leadingError` are standard errors by the jackknife over `blocks`
 * parts of the window, too small where a part is shorter than the slowest mode remembers, 1/(e h) steps. A window that
 * starts before the state is stationary shows it: ratios are off.
 *
 * Modes without noise, or without curvature and weight decay, are left out of sums; their ratio is NaN.
 *
 * Throws EigenflowError `component` where the loss is not a quadratic form, or steps are not plain descent or momentum.
 */
export const fluctuationDissipation = defineObserver({
  name: 'fluctuation-dissipation',
  summary: 'Fluctuation-dissipation ratios of a quadratic loss, in total and by mode, and the temperature of each mode',
  params: {
    window: windowParameter,
    blocks: integer({ doc: 'parts of the window that errors come from', unit: '1', default: 8, min: 2, max: 64 }),
  },
  cite: ['arXiv:2106.02220', 'arXiv:1810.00004', 'arXiv:2107.09133'],
  create({ window: length, blocks }, environment) {
    const { arena, kernels, run } = environment;
    const { theta, descent } = run;
    const all = openModes(environment, 'fluctuation-dissipation');
    const { modes, copies, eigenvalues } = all;
    const momentum = () => descent?.momentum ?? 0;
    const size = theta.length;
    const now = arena.vector(size);
    const products = arena.vector(modes * modes);
    /** Of the window. */
    const scatter = arena.vector(modes * modes);
    const multiplicative = arena.vector(modes);
    const slot = arena.vector(1);
    /** By part: products of coordinates, |v|^2, sum h q^2. */
    const sums = arena.vector(blocks * modes * modes);
    const [squares, energies] = Array.from({ length: 2 }, () => arena.vector(blocks));
    const sumsOf = Array.from({ length: blocks }, (_, part) =>
      sums.subarray(part * modes * modes, (part + 1) * modes * modes),
    );

    const window = openWindow(
      length,
      blocks,
      environment,
      (part, displacement, stepSize) => {
        all.coordinates(theta, now);
        kernels.outer(now, modes, now, modes, null, copies, products);
        kernels.axpy(1, products, modes * modes, sumsOf[part]);
        for (let i = 0; i < modes; i++) energies[part] += all.curvature(i) * products[i * modes + i];
        kernels.sumSquares(displacement, size, slot);
        squares[part] += slot[0] / (stepSize * stepSize);
      },
      [sums, squares, energies],
    );
    const perMode = (doc: string, label?: string) =>
      vector('mode', modes, '1', doc, label === undefined ? {} : { label });
    /** A ratio of sums over blocks with its jackknife error; NaN with fewer than two blocks. */
    const ratioOf = (top: (block: number) => number, bottom: (block: number) => number) => {
      const filled = Array.from({ length: blocks }, (_, b) => b).filter((b) => window.holds(b));
      const ratio = (some: readonly number[]) =>
        some.reduce((sum, b) => sum + top(b), 0) / some.reduce((sum, b) => sum + bottom(b), 0);
      return { value: ratio(filled), error: filled.length > 1 ? jackknife(filled, ratio).error : Number.NaN };
    };
    return observer({
      channels: {
        leading: scalar('1', 'dissipation over fluctuation, leading order in the learning rate', {
          label: 'fluctuation-dissipation ratio',
        }),
        leadingError: scalar('1', 'standard error of it over blocks'),
        discrete: scalar('1', 'the same for steps of finite size'),
        exact: scalar('1', 'the same with the noise that the scatter of the weights adds'),
        yaida: scalar('1', 'fluctuation over dissipation by steps alone, whatever the noise', { label: 'Yaida ratio' }),
        yaidaError: scalar('1', 'standard error of it over blocks'),
        excessLoss: scalar('1', 'mean loss above the least one', { label: 'excess loss' }),
        excessLossLeading: scalar('1', 'its stationary value, leading order in the learning rate'),
        temperature: perMode('eigenvalue times the mean square of the position', 'temperature of the mode'),
        temperatureExact: perMode('its stationary value for discrete steps and constant noise'),
        modeRatio: perMode('dissipation over fluctuation of each mode, leading order'),
        eigenvalues: perMode('eigenvalues of the Hessian'),
      },
      preparedAt: window.preparedAt,
      prepare: window.prepare,
      state: window.state,
      observe(frame) {
        const taken = window.close();
        frame.eigenvalues.set(eigenvalues);
        if (taken === 0) return;
        scatter.fill(0);
        for (let part = 0; part < blocks; part++) {
          if (window.holds(part)) kernels.axpy(1, sumsOf[part], modes * modes, scatter);
        }
        kernels.scale(1 / (taken * copies), scatter, modes * modes);
        all.multiplicative(scatter, multiplicative);
        const laws = all.describe();
        const largest = laws.reduce((most, { noise: one }) => Math.max(most, one), 0);
        const b = momentum();
        const e = run.nextStepSize;
        let [leading, corrected, noise, added, energy] = [0, 0, 0, 0, 0];
        for (let i = 0; i < modes; i++) {
          const { curvature, noise: variance } = laws[i];
          const square = scatter[i * modes + i];
          frame.temperature[i] = curvature * square;
          energy += (curvature * square) / 2;
          frame.temperatureExact[i] = curvature * stationary(laws[i]).position;
          const dissipation = (1 - b) * 2 * curvature * square;
          const isQuiet = !(curvature > 0) || variance <= NOTHING * largest;
          frame.modeRatio[i] = isQuiet ? Number.NaN : dissipation / (e * variance);
          if (isQuiet) continue;
          leading += dissipation;
          corrected += dissipation - ((1 - b) * e * curvature * curvature * square) / (1 + b);
          noise += e * variance;
          added += e * multiplicative[i];
        }
        frame.leading[0] = leading / noise;
        frame.discrete[0] = corrected / noise;
        frame.exact[0] = corrected / (noise + added);
        frame.leadingError[0] = ratioOf(
          (block) => (2 * (1 - b) * energies[block]) / copies / noise,
          (block) => window.stepsIn(block),
        ).error;
        const yaida = ratioOf(
          (block) => (e * (1 + b) * squares[block]) / 2,
          (block) => energies[block],
        );
        frame.yaida[0] = yaida.value;
        frame.yaidaError[0] = yaida.error;
        frame.excessLoss[0] = energy * copies;
        frame.excessLossLeading[0] = (noise * copies) / (4 * (1 - b));
      },
    });
  },
});
