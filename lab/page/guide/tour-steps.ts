// The tour: six steps through the three phases. Each sets what is seen, points at a part of the page, and says what to look for.

export interface TourStep {
  readonly title: string;
  readonly text: string;
  /** CSS selector of what is pointed at. */
  readonly at: string;
  /** Place to run at, by the axes of the published map; the nearest values that the study has. */
  readonly place?: { readonly initialWidth: number; readonly temperature: number };
  readonly stepsPerSecond?: number;
}

/** Batch size of the published network: its learning rates are four times the temperatures. */
export const BATCH_SIZE = 4;

export const TOUR: readonly TourStep[] = [
  {
    title: 'A map of training',
    text:
      'Every cell is a small network that learns the outputs of another one. To the right first weights are smaller; upwards ' +
      'the temperature T, learning rate over batch size, rises. Colours are phases: what became of the network.',
    at: '.map',
  },
  {
    title: 'Ordered: it learns',
    text:
      'A cold cell with small weights, computed now, in this page. The lines are levels, the squares of the singular values of ' +
      'the weights. They leave the band of random weights at the left edge and settle where the solution is.',
    at: '.run',
    place: { initialWidth: 0.125, temperature: 1 / 32 },
    stepsPerSecond: 100_000,
  },
  {
    title: 'Jammed: too large to move',
    text:
      'The same temperature with first weights two thousand times as large. Units are saturated, gradients vanish, and levels ' +
      'stay where they began. The features stand at −1 and 1.',
    at: '.run',
    place: { initialWidth: 256, temperature: 1 / 32 },
    stepsPerSecond: 100_000,
  },
  {
    title: 'Paramagnetic: too hot to stay',
    text: 'Small weights again, at T = 4. Noise drives the levels apart, far beyond any solution, and the features forget the start.',
    at: '.run',
    place: { initialWidth: 0.125, temperature: 4 },
    stepsPerSecond: 100_000,
  },
  {
    title: 'The boundary',
    text:
      'Between ordered and paramagnetic seeds disagree. The line is where half of them go either way, and its band says how ' +
      'well that is known. Move over the map, or click a cell: its reading stands below it, also as text.',
    at: '.map',
    place: { initialWidth: 0.125, temperature: 0.5 },
    stepsPerSecond: 100_000,
  },
  {
    title: 'Do not believe it: compute it',
    text:
      'Every stored run can be computed again here. “Replay” holds each of its numbers against the stored one, bit by bit. ' +
      'Under Scenario you can change anything, and take the run away as a file that the command computes to the same bits.',
    at: '.map',
  },
];
