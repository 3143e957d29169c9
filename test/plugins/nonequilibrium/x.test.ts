import { test } from 'vitest';
import { numberOf, lastOf, regression, runAll, PER_ETA } from './runs.js';
test('x', { timeout: 300000 }, async () => {
  const t = performance.now();
  const [r] = await runAll({ ...regression, optimiser: { ...regression.optimiser, learningRate: 1e-6 * PER_ETA }, steps: 1, observers: { s: { use: 'steady-state', looks: 300000, transient: 20000, window: 200, when: 'end' } } });
  console.log(performance.now() - t);
  for (const [k, v] of r.series) if (v.data.length <= 7) console.log(k, [...v.data]);
  console.log(lastOf(r,'s.circulationTheory').slice(0,7).join(), lastOf(r,'s.circulation').slice(0,7).join());
  console.log(lastOf(r,'s.density').join(' '));
});
