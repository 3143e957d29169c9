// How the levels of W W^T forget where they started: every entry of a 16 x 32 matrix diffuses and decays (the Laguerre
// process), from a spectrum that is too narrow and from one that is too wide. In the stationary state the mean of the
// sum of the levels is rows cols T s^2 / (2 stiffness) = 5.76, and the spectrum is that of a Wishart matrix.
import { defineScenario } from 'eigenflow';

export default defineScenario({
  title: 'Stationary state of the Laguerre process',
  plugins: ['dyson', 'sgd'],
  seed: 16032,
  steps: 3000,
  model: {
    use: 'laguerre-process',
    rows: 16,
    cols: 32,
    stiffness: 1,
    temperature: 0.25,
    noiseStrength: 0.3,
    initial: 'spaced',
    initialWidth: 1,
  },
  loss: { use: 'mean-output' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'matrix-step', stepSize: 0.001 },
  observers: { spectrum: { use: 'levels', when: { points: 61 } } },
  sweep: {
    // Mean level at the start 0.01 and 1; 0.36 in the stationary state.
    axes: { 'model.initialWidth': [0.1, 1] },
    seeds: 100,
  },
  figures: [
    {
      kind: 'flow',
      name: 'levels',
      value: 'spectrum.levels',
      x: 'time',
      panels: 'cell',
      valueLabel: 'level',
      note: 'One realisation of each start. In the stationary state the largest level is 0.93 on average, the smallest 0.044.',
    },
  ],
});
