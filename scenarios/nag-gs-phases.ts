// Creeping, swinging or diverging: NAG-GS over its step and the convexity that it counts on, for curvatures 1 and 3.
import { defineScenario, power } from 'eigenflow';

const LARGEST = 3;
const CONVEXITIES = Array.from({ length: 13 }, (_, i) => power(2, -3 + i / 2));

export default defineScenario({
  title: 'NAG-GS: regimes',
  plugins: ['linear-stability', 'solvable', 'sgd', 'optimisers'],
  seed: 1,
  steps: 60,
  model: { use: 'quadratic', eigenvalues: [LARGEST, 1], initial: 5, initialWidth: 1 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'nag-gs' },
  observers: { modes: { use: 'mode-dynamics', when: { at: [0, 20, 'end'] } } },
  classifier: { use: 'damping' },
  sweep: {
    axes: { 'optimiser.learningRate': { geometric: [0.125, 128], count: 21 } },
    // The mass stays where it begins.
    zip: [{ 'optimiser.convexity': CONVEXITIES, 'optimiser.mass': CONVEXITIES }],
    seeds: 4,
  },
  figures: [
    {
      kind: 'phase-map',
      name: 'nag-gs-phases',
      title: 'NAG-GS on curvatures 3 and 1',
      x: { axis: 'optimiser.learningRate', label: 'step α' },
      y: { axis: 'optimiser.convexity', label: 'convexity μ' },
      guides: [
        { y: LARGEST, label: 'μ = L: no mode swings' },
        { y: LARGEST / 2, label: 'μ = L/2: stable at any step' },
      ],
    },
  ],
});
