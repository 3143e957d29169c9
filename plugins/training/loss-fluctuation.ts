// Observer: whether the loss has come to rest, or goes up and down.
import {
  choice,
  defineObserver,
  EigenflowError,
  integer,
  number,
  observer,
  requireFiniteData,
  scalar,
} from 'eigenflow';

/** Losses that are kept, for frames whose windows overlap. */
const KEPT = 256;

/** Marks a free place. */
const FREE = -1;

/**
 * Of the loss L over the whole training set at `count` times `interval` apart, the last one being the frame itself,
 *
 *     mean        of L
 *     relative    sqrt(mean (L_i+1 - 2 L_i + L_i-1)^2 / 6) / mean
 *
 * Second differences measure the scatter about any even trend (Gasser, Sroka and Jennen-Steinmetz 1986): independent
 * losses of standard deviation s give s/mean, and a loss that falls by a fraction r from one time to the next gives
 * about r^2/sqrt 6, little unless it falls fast. Not measured before the first window is full.
 *
 * Throws EigenflowError `scenario` for one-pass data, and where more than 256 losses would be under way, `parameter`
 * for an interval below one step.
 */
export const lossFluctuation = defineObserver({
  name: 'loss-fluctuation',
  summary: 'How much the training loss goes up and down, over a few times up to the frame',
  params: {
    count: integer({ doc: 'losses that are compared', unit: '1', default: 8, min: 3, max: 64 }),
    interval: number({ doc: 'between two of them', unit: 'unit', default: 1, above: 0 }),
    unit: choice({ doc: 'of the interval', values: ['epochs', 'steps'], default: 'epochs' }),
  },
  cite: ['doi:10.1093/biomet/73.3.625'],
  create({ count, interval, unit }, { arena, run }) {
    requireFiniteData(run.model, 'loss-fluctuation');
    const { clock } = run;
    const spacing = Math.round(interval * (unit === 'epochs' ? run.stepsPerEpoch : 1));
    if (!(spacing >= 1)) {
      throw new EigenflowError('parameter', 'interval', `${interval} ${unit} is less than a step; give at least one`);
    }
    const steps = arena.vector(KEPT).fill(FREE);
    const losses = arena.vector(KEPT);
    const reach = (count - 1) * spacing;
    return observer({
      channels: {
        mean: scalar('1', `mean of the training loss at ${count} times ${spacing} steps apart`, {
          label: 'late training loss',
        }),
        relative: scalar('1', 'scatter of these losses about a slow trend, over their mean', {
          label: 'fluctuation of the training loss',
        }),
      },
      state: [steps, losses],
      preparedAt: (step) => Array.from({ length: count - 1 }, (_, i) => step - (count - 1 - i) * spacing),
      prepare() {
        const place = steps.findIndex((step) => step === FREE || step < clock.step - reach || step === clock.step);
        if (place < 0) {
          throw new EigenflowError(
            'scenario',
            'observers',
            `loss-fluctuation keeps at most ${KEPT} losses; measure less often, or compare fewer losses`,
          );
        }
        steps[place] = clock.step;
        losses[place] = run.fullBatch().loss;
      },
      observe(frame) {
        const now = run.fullBatch().loss;
        const found = Array.from({ length: count }, (_, i) => {
          if (i === count - 1) return now;
          const place = steps.indexOf(clock.step - (count - 1 - i) * spacing);
          return place < 0 ? Number.NaN : losses[place];
        });
        const mean = found.reduce((sum, loss) => sum + loss, 0) / count;
        let squares = 0;
        for (let i = 1; i + 1 < count; i++) squares += (found[i + 1] - 2 * found[i] + found[i - 1]) ** 2;
        frame.mean[0] = mean;
        // A loss of 0 that stays is at rest.
        frame.relative[0] = squares === 0 ? 0 * mean : Math.sqrt(squares / (6 * (count - 2))) / mean;
      },
    });
  },
});
