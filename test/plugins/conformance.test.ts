// Every component of every built-in plugin keeps the promises of its contract.
import { existsSync, readdirSync } from 'node:fs';
import { describe, test } from 'vitest';
import type { Plugin } from '../../core/contracts/component.js';
import { type ConformanceOptions, conformance } from '../../core/testing.js';
import { meanOutput } from '../../plugins/sgd/mean-output.js';
import { gaussianRbm } from '../../plugins/solvable/gaussian-rbm.js';
import { sgd } from '../../plugins/sgd/sgd.js';

/** Langevin noise needs an optimiser that plans its step. */
const planned = { optimiser: { component: sgd, params: { learningRate: 1 / 1024 } } };

/** Options by `kind name`, for components that cannot do without; a list where several settings matter. */
const OPTIONS: Readonly<Record<string, readonly ConformanceOptions[]>> = {
  'noise minibatch': ['cyclic', 'reshuffled', 'fresh-subset', 'iid'].flatMap((order) => [
    { params: { batchSize: 5, order } },
    { params: { batchSize: 1, order } },
    { params: { batchSize: 24, order } },
  ]),
  'noise langevin': [
    { params: { temperature: 0.125 }, stage: planned },
    { params: { temperature: 0.125, subset: 5 }, stage: planned },
    { params: { temperature: 0.125, replica: 3 }, stage: planned },
  ],
  'model linear-teacher-student': [
    { params: { samples: 40 } },
    { params: { teacherLevels: [3, 2, 2, 0.5], teacherBasis: 'random', samples: 'endless', data: 'shared' } },
  ],
  'model linear-hidden-layer': [
    { params: { samples: 40, labelNoise: 0.1 } },
    { params: { samples: 'endless', teacherBasis: 'random', hidden: 1, inputs: 'axes', labelNoise: 0.1 } },
    { params: { samples: 40, initial: 'balanced', data: 'shared' } },
  ],
  'model gaussian-rbm': [{}, { params: { sites: 3, hidden: 7 } }],
  'noise persistent-chains': [
    { stage: { model: { component: gaussianRbm }, loss: { component: meanOutput } } },
    {
      params: { chains: 3, sweeps: 1 },
      stage: { model: { component: gaussianRbm, params: { sites: 4, hidden: 3 } }, loss: { component: meanOutput } },
    },
  ],
  'optimiser sgd': [{ params: { learningRate: 0.125 } }, { params: { learningRate: 0.125, weightDecay: 0.5 } }],
  'optimiser momentum': [{ params: { learningRate: 0.03125 } }],
  'optimiser nesterov': [{ params: { learningRate: 0.03125, weightDecay: 0.5 } }],
  'observer weights': [{ params: { block: 'W' } }],
  'observer weight-norm': [{}, { params: { block: 'V' } }],
  'observer gram-spectrum': [{ params: { block: 'W' } }, { params: { block: 'V' } }],
  'observer dyson-coefficients': [{ params: { block: 'W' } }, { params: { block: 'V' } }],
  'classifier outcome': [{}, { shapes: { 'gram-spectrum.levels': [4] } }],
};

const folder = new URL('../../plugins/', import.meta.url);
const names = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/index.ts`, folder)));

for (const name of names) {
  const { default: plugin } = (await import(new URL(`${name}/index.ts`, folder).href)) as { default: Plugin };
  for (const component of plugin.components) {
    const key = `${component.kind} ${component.name}`;
    for (const options of OPTIONS[key] ?? [{}]) {
      const params = options.params ? ` ${JSON.stringify(options.params)}` : '';
      describe(`${name}: ${key}${params}`, () => {
        for (const check of conformance(component, options)) test(check.name, check.run);
      });
    }
  }
}
