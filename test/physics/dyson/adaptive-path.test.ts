// Adaptive Euler-Maruyama at different cautions sees one and the same Brownian path: levels converge path by path.
import { expect, test } from 'vitest';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { eulerMaruyamaAdaptive } from '../../../plugins/dyson/euler-maruyama-adaptive.js';
import { openProcess } from '../../plugins/dyson/process.js';

const [PATHS, STEPS, STEP_SIZE] = [60, 4, 1 / 8];
const params = { levels: 3, temperature: 0.3, initial: 'given', initialLevels: [-0.5, 0, 0.7], beta: 2 };

/** Final levels of many paths. */
function paths(caution: number, seed = 1): Float64Array[] {
  const settings = { stepSize: STEP_SIZE, caution };
  const opened = openProcess([dysonBrownianMotion, params], [eulerMaruyamaAdaptive, settings], { seed });
  return Array.from({ length: PATHS }, () => {
    opened.restart();
    opened.step(STEPS);
    return opened.levels.slice();
  });
}

/** Root mean square distance of corresponding paths. */
function distance(a: readonly Float64Array[], b: readonly Float64Array[]) {
  const squares = a.map((path, k) => path.reduce((sum, x, i) => sum + (x - b[k][i]) ** 2, 0));
  const { value, error } = meanEstimate(squares);
  return { value: Math.sqrt(value), error: error / (2 * Math.sqrt(value)) };
}

test('the distance to the finest solution falls with caution, far below that of independent paths', () => {
  const finest = paths(0.00125);
  const distances = [0.32, 0.08, 0.02, 0.005].map((caution) => distance(paths(caution), finest));
  for (const { value, error } of distances) expect(error).toBeLessThan(0.35 * value);
  for (let i = 1; i < distances.length; i++) {
    expect(distances[i].value).toBeLessThan(0.8 * distances[i - 1].value);
  }
  const independent = distance(paths(0.005, 2), finest);
  expect(distances[distances.length - 1].value).toBeLessThan(independent.value / 50);
});
