// Classifier: too few columns, as many as are needed, or more, by how the loss of a factorisation ends.
import { defineClassifier, elementary, number, type Series } from 'eigenflow';
import { fitStraightLine } from 'eigenflow/theory';

const LABELS = ['under-parametrised', 'exactly-parametrised', 'over-parametrised'] as const;

const NEED = 'factorisation-flow.excess';

/** Fewer frames than this tell no slope. */
const LEAST_FRAMES = 3;

/** -d ln f/d ln t and -d ln f/dt by straight lines over the last part of the time. */
function slopesOf({ data, time }: Series, window: number): { readonly exponent: number; readonly rate: number } {
  const end = time[time.length - 1];
  const frames = Array.from(time, (at, i) => ({ at, value: data[i] })).filter(
    ({ at, value }) => at > 0 && at >= window * end && value > 0,
  );
  if (frames.length < LEAST_FRAMES) return { exponent: Number.NaN, rate: Number.NaN };
  const logarithms = frames.map(({ value }) => elementary.log(value));
  const slope = (xs: readonly number[]) =>
    -fitStraightLine(xs.map((x, i) => ({ x, y: logarithms[i], error: 1 }))).slope.value;
  return { exponent: slope(frames.map(({ at }) => elementary.log(at))), rate: slope(frames.map(({ at }) => at)) };
}

/**
 * f is the loss above the least one of any rank (`excess` of `factorisation-flow`). Over the last part of the run:
 *
 *     exactly-parametrised  f falls exponentially: it has come below `vanished` of where it started, or its exponent
 *                           -d ln f/d ln t is above `steepest`
 *     over-parametrised     a power of time, f ~ 1/t^2: the exponent is between `flattest` and `steepest`
 *     under-parametrised    it stays where it is: the exponent is below `flattest`
 *
 * For M with eigenvalues of both signs and none at 0, more columns than needed leave an exponential decay, too, and are called
 * exactly-parametrised. A run that ends on a plateau before its last column has grown is called under-parametrised: let it
 * run for several times 1/(smallest positive eigenvalue), and measure with { perDecade: 10 } or so. No verdict below three
 * frames in the last part. The three ends are those of arXiv:2411.15972; thresholds are conventions of this program.
 */
export const parametrisation = defineClassifier({
  name: 'parametrisation',
  summary: 'Under-, exactly or over-parametrised factorisation, by how the loss ends',
  params: {
    window: number({
      doc: 'the last part of the run begins at this share of its time',
      unit: '1',
      default: 0.5,
      above: 0,
      below: 1,
    }),
    vanished: number({
      doc: 'share of the first loss below which it counts as gone',
      unit: '1',
      default: 1e-16,
      above: 0,
      below: 1,
    }),
    flattest: number({ doc: 'exponent below which the loss counts as constant', unit: '1', default: 0.5, above: 0 }),
    steepest: number({ doc: 'exponent above which a decay counts as exponential', unit: '1', default: 4, above: 0 }),
  },
  cite: ['arXiv:2411.15972'],
  conventions: { flattest: [0.25, 1], steepest: [3, 6] },
  create: ({ window, vanished, flattest, steepest }) => ({
    scope: 'run',
    labels: LABELS,
    needs: [NEED],
    classify(run) {
      const series = run.series(NEED);
      const frames = series?.data.length ?? 0;
      const none = { exponent: Number.NaN, rate: Number.NaN };
      const { exponent, rate } = series && frames > 0 ? slopesOf(series, window) : none;
      const [first, last] = series && frames > 0 ? [series.data[0], series.data[frames - 1]] : [Number.NaN, Number.NaN];
      const isGone = frames >= LEAST_FRAMES && last < vanished * first;
      const bySlope = exponent < flattest ? LABELS[0] : exponent > steepest ? LABELS[1] : LABELS[2];
      const hasEnded = run.status !== 'diverged' && run.status !== 'failed' && Number.isFinite(last);
      const label = isGone ? LABELS[1] : bySlope;
      const hasVerdict = hasEnded && (isGone || Number.isFinite(exponent));
      return {
        label: hasVerdict ? label : undefined,
        probabilities: Object.fromEntries(
          LABELS.map((each) => [each, hasVerdict ? Number(each === label) : Number.NaN]),
        ),
        evidence: { exponent, rate, first, last },
      };
    },
  }),
});
