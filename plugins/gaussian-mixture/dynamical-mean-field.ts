// Observer: what dynamical mean-field theory says of the run, in the channels of `perceptron-errors`.
import {
  defineObserver,
  EigenflowError,
  integer,
  type ObserverEnvironment,
  observer,
  type RunView,
  scalar,
} from 'eigenflow';
import { errorChannels, requirePerceptron } from './errors.js';
import { generalisationError } from './law.js';
import { openMeanField, type SampleLoss } from './mean-field.js';

const NAME = 'dynamical-mean-field';

/** Samples whose loss is evaluated at once. */
const CHUNK = 256;

/** The loss of the run, for vectors that lie anywhere. */
function openSampleLoss({ loss }: RunView, { arena }: Pick<ObserverEnvironment, 'arena'>): SampleLoss {
  const pass = loss.open(CHUNK, 1);
  if (!pass.curvature) {
    const message = `${NAME} needs the second derivative of the loss, which this one does not give; use logistic`;
    throw new EigenflowError('component', 'observers', message);
  }
  const curvature = pass.curvature.bind(pass);
  const [out, aim, dOut, ones] = Array.from({ length: 4 }, () => arena.vector(CHUNK));
  const value = arena.vector(1);
  ones.fill(1);
  return (output, target, n, first, second) => {
    let sum = 0;
    for (let start = 0; start < n; start += CHUNK) {
      const count = Math.min(CHUNK, n - start);
      for (let i = 0; i < count; i++) {
        out[i] = output[start + i];
        aim[i] = target[start + i];
      }
      pass.valueAndGradient(out, aim, ones, count, dOut, value);
      sum += value[0] * count;
      for (let i = 0; i < count; i++) first[start + i] = dOut[i];
      curvature(out, aim, ones, count, ones, dOut);
      for (let i = 0; i < count; i++) second[start + i] = dOut[i];
    }
    return sum / n;
  };
}

/** Learning rate, decay and masks of the run. @throws EigenflowError `component` where theory has none for them */
function protocolOf(run: RunView) {
  const refuse = (what: string) => new EigenflowError('component', 'observers', `${NAME} ${what}`);
  const { descent, masks, nextStepSize: learningRate } = run;
  if (descent?.momentum !== 0) {
    throw refuse('is written for plain gradient descent; use the optimiser sgd, without `clip`');
  }
  if (masks === undefined) {
    throw refuse('needs noise that is masks; use bernoulli, persistent-masks or full-batch');
  }
  const { weightDecay } = descent;
  return { learningRate, weightDecay, fraction: masks.fraction, correlation: masks.correlation(learningRate) };
}

/**
 * Overlap, norm and errors of an infinitely large system at the settings of the run: its learning rate, weight decay, loss
 * and masks, and the law of its data (`openMeanField` in mean-field.ts says how). The channels are those of
 * `perceptron-errors`, and the training loss. Nothing is measured: figures show the two side by side (`theory` of a flow).
 *
 * Solved forward in time as far as frames ask; time grows as paths x steps^2 and memory as 32 bytes x paths x steps, about
 * 1 s and 32 MB for 10 000 paths and 100 steps. Averages over paths carry errors of a few 1/sqrt(paths); `realisation` gives
 * others, which tell how large they are. The random numbers are the same for all seeds.
 *
 * Throws EigenflowError `component` for models that are not of this plugin, optimisers other than plain descent, noise
 * that is not masks, and losses without a second derivative; `scenario` in the first frame at which learning rate or decay
 * have changed on the way.
 */
export const dynamicalMeanField = defineObserver({
  name: NAME,
  summary: 'Overlap, norm and errors by dynamical mean-field theory, for a perceptron on Gaussian data',
  params: {
    paths: integer({ doc: 'realisations of the single-sample process', unit: '1', default: 10_000, min: 100 }),
    realisation: integer({ doc: 'number of the random numbers of these paths', unit: '1', default: 0, min: 0 }),
  },
  cite: ['arXiv:2006.06098', 'arXiv:2210.06591'],
  create({ paths, realisation }, environment) {
    const { arena, common, run } = environment;
    const model = requirePerceptron(run, NAME);
    const protocol = protocolOf(run);
    const field = openMeanField({
      law: model.perceptron,
      ...protocol,
      paths,
      loss: openSampleLoss(run, environment),
      random: common.child(`realisation ${realisation}`),
      scratch: arena.vector(paths),
    });
    const by = ', by dynamical mean-field theory';
    return observer({
      channels: {
        ...errorChannels(model, by),
        trainingLoss: scalar('1', `mean loss on the training set${by}`, { label: 'training loss' }),
      },
      observe(frame) {
        const { step } = run.clock;
        const isSame = run.nextStepSize === protocol.learningRate && run.descent?.weightDecay === protocol.weightDecay;
        if (!isSame) {
          const message = `${NAME} is written for a learning rate and a weight decay that stay the same`;
          throw new EigenflowError('scenario', 'observers', message);
        }
        const { overlap, norm, trainingError, trainingLoss } = field.at(step);
        frame.overlap[0] = overlap;
        frame.norm[0] = norm;
        frame.trainingError[0] = trainingError;
        frame.trainingLoss[0] = trainingLoss;
        frame.generalisationError[0] = generalisationError(model.perceptron, overlap, norm);
      },
    });
  },
});
