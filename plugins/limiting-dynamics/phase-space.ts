// Observer: positions and velocities along the leading eigenvectors of the Hessian, and the current that goes round in
// this phase space.
import { defineObserver, EigenflowError, integer, observer, vector } from 'eigenflow';
import { openModes } from './modes.js';
import { circulation, damping, meanAfter, scatterAfter, stationary } from './theory/mode.js';
import { openWindow, PARTS, total, windowParameter } from './window.js';

/**
 * Of the `count` modes with the largest eigenvalues of the Hessian [count each], q the distance from rest along the
 * eigenvector, v = (q(k) - q(k-1))/learning rate, at the frame:
 *
 *     position, velocity                  mean over copies (the rows of a linear map): the trajectory itself for one copy
 *     positionExact, velocityExact        of a run that starts at the first weights with v = 0, without noise
 *     positionScatter, velocityScatter    variance over copies; NaN for one copy
 *     positionScatterExact, ...           of copies that start alike
 *     eigenvalues                         of the Hessian
 *     damping                             (1 - sqrt(b))^2/(learning rate (eigenvalue + weight decay)), b the momentum:
 *                                         below 1 the mode oscillates
 *
 * and averaged over copies and the steps of the window:
 *
 *     positionSquare, velocitySquare      <q^2>, <v^2>
 *     circulation                         1/2 <q(k) v(k+1) - v(k) q(k+1)>, the area that goes round in a step
 *     positionSquareExact, ...            in the stationary state of discrete steps (derived; theory/mode.ts)
 *
 * In the continuous limit position and velocity follow a Gibbs law, of a loss with a term of the velocity beside the
 * quadratic one, and the current does not vanish: detailed balance is broken by -learning rate <v^2> in a step
 * (arXiv:2107.09133). What is exact holds where `velocity-norm` says; what follows from the first weights also needs a
 * learning rate, a momentum and a noise that stay as they are.
 *
 * Throws EigenflowError `component` where the loss is not a quadratic form, or steps are not plain descent or momentum;
 * `parameter` for more modes than there are.
 */
export const phaseSpace = defineObserver({
  name: 'phase-space',
  summary: 'Position and velocity along the leading eigenvectors of the Hessian, their variances and their circulation',
  params: {
    count: integer({ doc: 'modes, from the largest eigenvalue on', unit: '1', default: 2, min: 1 }),
    window: windowParameter,
  },
  cite: ['arXiv:2107.09133'],
  create({ count, window: length }, environment) {
    const { arena, run } = environment;
    const { theta, clock } = run;
    const modes = openModes(environment, 'phase-space');
    const { copies, eigenvalues } = modes;
    if (count > modes.modes) {
      throw new EigenflowError('parameter', 'count', `${count} modes are asked for, and there are ${modes.modes}`);
    }
    const size = theta.length;
    const [now, moved, first] = Array.from({ length: 3 }, () => arena.vector(size));
    modes.coordinates(theta, first);
    /** Position and velocity a step before, copies x modes. */
    const [lastPosition, lastVelocity] = [arena.vector(size), arena.vector(size)];
    const [positions, velocities, areas] = Array.from({ length: 3 }, () => arena.vector(PARTS * count));

    const window = openWindow(
      length,
      PARTS,
      environment,
      (part, displacement, stepSize, isFirst) => {
        modes.coordinates(theta, now);
        modes.project(displacement, moved);
        for (let c = 0; c < copies; c++) {
          for (let i = 0; i < count; i++) {
            const k = c * modes.modes + i;
            const velocity = moved[k] / stepSize;
            positions[part * count + i] += now[k] * now[k];
            velocities[part * count + i] += velocity * velocity;
            // The step before the first one of a part may not have been prepared.
            if (!isFirst) areas[part * count + i] += (lastPosition[k] * velocity - lastVelocity[k] * now[k]) / 2;
            lastPosition[k] = now[k];
            lastVelocity[k] = velocity;
          }
        }
      },
      [positions, velocities, areas],
    );
    /** Steps of the window that have one before them in their part. */
    const pairs = () => {
      let sum = 0;
      for (let part = 0; part < PARTS; part++) if (window.holds(part)) sum += window.stepsIn(part) - 1;
      return sum;
    };
    const perMode = (doc: string, label?: string) =>
      vector('mode', count, '1', doc, label === undefined ? {} : { label });
    /** Mean and variance of a coordinate over copies. */
    const overCopies = (of: Float64Array, mode: number, scale: number) => {
      let [sum, squares] = [0, 0];
      for (let c = 0; c < copies; c++) sum += of[c * modes.modes + mode] * scale;
      const mean = sum / copies;
      for (let c = 0; c < copies; c++) squares += (of[c * modes.modes + mode] * scale - mean) ** 2;
      return { mean, scatter: copies > 1 ? squares / (copies - 1) : Number.NaN };
    };
    return observer({
      channels: {
        eigenvalues: perMode('largest eigenvalues of the Hessian'),
        damping: perMode('friction over frequency of discrete steps: below 1 the mode oscillates'),
        position: perMode('distance from rest along the eigenvector, mean over copies', 'q'),
        velocity: perMode('its change in the last step over the learning rate, mean over copies', 'v'),
        positionExact: perMode('position without noise'),
        velocityExact: perMode('velocity without noise'),
        positionScatter: perMode('variance of the position over copies'),
        velocityScatter: perMode('variance of the velocity over copies'),
        positionScatterExact: perMode('variance over copies that start alike'),
        velocityScatterExact: perMode('variance over copies that start alike'),
        positionSquare: perMode('mean square of the position over the window', '⟨q²⟩'),
        velocitySquare: perMode('mean square of the velocity over the window', '⟨v²⟩'),
        circulation: perMode('area that goes round in a step, mean over the window'),
        positionSquareExact: perMode('stationary variance of the position'),
        velocitySquareExact: perMode('stationary variance of the velocity'),
        circulationExact: perMode('stationary area in a step'),
      },
      preparedAt: window.preparedAt,
      prepare: window.prepare,
      state: [...window.state, lastPosition, lastVelocity],
      observe(frame) {
        const taken = window.close();
        const all = modes.describe();
        if (taken === 0) modes.coordinates(theta, now);
        for (let i = 0; i < count; i++) {
          const mode = all[i];
          frame.eigenvalues[i] = eigenvalues[i];
          frame.damping[i] = damping(mode);
          const position = overCopies(now, i, 1);
          frame.position[i] = position.mean;
          frame.positionScatter[i] = position.scatter;
          const start = overCopies(first, i, 1).mean;
          const [meanPosition, meanVelocity] = meanAfter(mode, clock.step, start);
          frame.positionExact[i] = meanPosition;
          frame.velocityExact[i] = meanVelocity;
          const scatter = scatterAfter(mode, clock.step);
          frame.positionScatterExact[i] = scatter.position;
          frame.velocityScatterExact[i] = scatter.velocity;
          const rest = stationary(mode);
          frame.positionSquareExact[i] = rest.position;
          frame.velocitySquareExact[i] = rest.velocity;
          frame.circulationExact[i] = circulation(mode);
          if (taken === 0) continue;
          const velocity = overCopies(moved, i, 1 / clock.stepSize);
          frame.velocity[i] = velocity.mean;
          frame.velocityScatter[i] = velocity.scatter;
          frame.positionSquare[i] = total(window, positions, count, i) / taken / copies;
          frame.velocitySquare[i] = total(window, velocities, count, i) / taken / copies;
          frame.circulation[i] = total(window, areas, count, i) / pairs() / copies;
        }
      },
    });
  },
});
