// The scenarios of diagonal networks pass every check that is made before the first step, and their steps are stable.
import { expect, test } from 'vitest';
import { prepareStudy } from '../../../node/study/study.js';
import { builtinPlugins } from '../../../plugins/builtin.js';
import kernelAndRich from '../../../scenarios/kernel-and-rich.js';
import noiseAndRich from '../../../scenarios/noise-and-rich.js';

const folder = process.cwd();

test('kernel-and-rich: steps that Runge-Kutta can take', async () => {
  const { sweep } = await prepareStudy({ scenario: kernelAndRich, folder }, builtinPlugins);
  expect(sweep.grid.cells.length).toBe(33);
  for (const { axes } of sweep.runs) {
    const [depth, scale] = [Number(axes['model.depth']), Number(axes['model.initialScale'])];
    // D^2 (u^(2D-2) + v^(2D-2)) times the largest eigenvalue of X X^T/N, (1 + sqrt(d/N))^2, with the largest of w* or alpha.
    const power = Math.max(scale, 1 / Math.sqrt(5)) ** (2 - 2 / depth);
    const start = 2 * scale ** (2 - 2 / depth);
    const curvature = depth ** 2 * Math.max(power, start) * (1 + Math.sqrt(400 / 60)) ** 2;
    expect(Number(axes['optimiser.learningRate']) * curvature).toBeLessThan(2.785);
  }
});

test('noise-and-rich: two batch sizes, five strengths of noise, time 500', async () => {
  const { sweep, preflight } = await prepareStudy({ scenario: noiseAndRich, folder }, builtinPlugins);
  expect(sweep.grid.cells.length).toBe(10);
  expect(preflight.totalSteps * 0.005).toBe(sweep.runs.length * 500);
});
