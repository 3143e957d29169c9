// How large a step of NAG-GS may be: decay of the distance per step and stationary width under noise, against the step,
// for curvatures 1 and 3. The fastest step is 1 + sqrt(3), and steps diverge from 2 + 2 sqrt(2) on.
import { defineScenario } from 'eigenflow';

/** Curvatures, of which the smallest is the convexity. */
const [LARGEST, SMALLEST] = [3, 1];
const fastest = (2 * SMALLEST + 2 * Math.sqrt(SMALLEST * LARGEST)) / (LARGEST - SMALLEST);
const critical =
  (2 * SMALLEST + Math.sqrt(4 * SMALLEST * LARGEST - 4 * SMALLEST * SMALLEST)) / (LARGEST - 2 * SMALLEST);

/** Noise of v of variance 1 per unit of time: temperature (sigma mass)^2/2. */
const TEMPERATURE = 0.5;
const STEP = { axis: 'optimiser.learningRate', label: 'step α', scale: 'linear' } as const;
const guides = [
  { x: fastest, label: 'fastest step' },
  { x: critical, label: 'largest stable step' },
];

export default defineScenario({
  title: 'NAG-GS: decay and noise against the step',
  plugins: ['linear-stability', 'solvable', 'sgd', 'optimisers'],
  seed: 1,
  steps: 120,
  model: { use: 'quadratic', eigenvalues: [LARGEST, SMALLEST], initial: 5, copies: 4000 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'sgld' },
  optimiser: { use: 'nag-gs', convexity: SMALLEST, mass: SMALLEST },
  observers: { modes: { use: 'mode-dynamics', when: { at: [20, 60, 'end'] } } },
  classifier: { use: 'damping' },
  sweep: {
    axes: {
      'noise.temperature': [0, TEMPERATURE],
      'optimiser.learningRate': { linear: [0.25, 5], count: 39 },
    },
    seeds: 1,
  },
  figures: [
    {
      kind: 'panels',
      name: 'nag-gs',
      title: 'NAG-GS on curvatures 3 and 1, convexity and mass 1',
      panels: [
        {
          kind: 'line',
          title: 'decay without noise',
          value: 'modes.factor',
          theory: 'modes.slowest',
          theoryLabel: 'spectral radius',
          valueLabel: 'factor per step, from step 60 to 120',
          x: STEP,
          where: { 'noise.temperature': 0 },
          limits: [0, 1.1],
          guides,
        },
        {
          kind: 'line',
          title: 'width of the mode of curvature 3 under noise',
          value: 'modes.deviation',
          element: [0],
          theory: 'modes.stationary',
          theoryLabel: 'discrete Lyapunov equation',
          valueLabel: 'root mean square deviation',
          x: STEP,
          where: { 'noise.temperature': TEMPERATURE },
          limits: [0, 2],
          guides,
        },
      ],
    },
  ],
});
