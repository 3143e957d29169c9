// Steps of matrix-step allocate nothing. One configuration only; see allocated-bytes.ts.
import { it } from 'vitest';
import { laguerreProcess } from '../../../plugins/dyson/laguerre-process.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { expectNoAllocation } from '../../allocated-bytes.js';
import { openProcess } from './process.js';

it('matrix-step allocates nothing', async () => {
  const params = { rows: 8, cols: 16, temperature: 0.25 };
  const opened = openProcess([laguerreProcess, params], [matrixStep, { stepSize: 1 / 1024 }]);
  await expectNoAllocation(100_000, (steps) => opened.step(steps));
});
