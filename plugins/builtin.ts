// The plugins that come with eigenflow, by the name that a scenario lists.
import type { BuiltinPlugins } from '../node/scenario/load-plugins.js';

export const builtinPlugins: BuiltinPlugins = {
  'teacher-student': () => import('./teacher-student/index.js'),
  sgd: () => import('./sgd/index.js'),
  optimisers: () => import('./optimisers/index.js'),
  network: () => import('./network/index.js'),
  training: () => import('./training/index.js'),
  spectrum: () => import('./spectrum/index.js'),
  phases: () => import('./phases/index.js'),
  dyson: () => import('./dyson/index.js'),
  langevin: () => import('./langevin/index.js'),
  solvable: () => import('./solvable/index.js'),
  'limiting-dynamics': () => import('./limiting-dynamics/index.js'),
  'disordered-dynamics': () => import('./disordered-dynamics/index.js'),
  'linear-stability': () => import('./linear-stability/index.js'),
  'diagonal-network': () => import('./diagonal-network/index.js'),
  'matrix-factorisation': () => import('./matrix-factorisation/index.js'),
  'gaussian-mixture': () => import('./gaussian-mixture/index.js'),
  'two-layer-relu': () => import('./two-layer-relu/index.js'),
  'online-learning': () => import('./online-learning/index.js'),
  stability: () => import('./stability/index.js'),
  nonequilibrium: () => import('./nonequilibrium/index.js'),
  'spectral-statistics': () => import('./spectral-statistics/index.js'),
  'phase-diagram-figures': () => import('./phase-diagram-figures/index.js'),
};
