// Classifier: whether the stationary state of a run is an equilibrium or is kept out of it by currents.
import { defineClassifier, number, type RunRecord } from 'eigenflow';
import { normalCdf } from 'eigenflow/theory';

const LABELS = ['equilibrium', 'non-equilibrium', 'diverged'] as const;

const lastNumber = (run: RunRecord, need: string): number => {
  const data = run.series(need)?.data;
  return data === undefined || data.length === 0 ? Number.NaN : data[data.length - 1];
};

/**
 * By the last frame of `steady-state`: `irreversibility`, the entropy that is produced while the state is renewed once,
 * measured without theory.
 *
 *     diverged         if the run ended so
 *     non-equilibrium  if the irreversibility exceeds `threshold`: currents that the state could not have by chance
 *     equilibrium      otherwise: probabilities are those of the forward path run backward, to within `threshold`
 *
 * Probabilities follow from the standard error by the normal law. The threshold is a convention (ours): entropy
 * production vanishes nowhere exactly but for noise proportional to the temperature. Seven weights under minibatches
 * with replacement have 0.02 to 0.05, by their targets, and 0.002 without it (docs/nonequilibrium.md).
 */
export const equilibrium = defineClassifier({
  name: 'equilibrium',
  summary: 'Equilibrium or non-equilibrium steady state, by the entropy produced during one relaxation',
  params: {
    threshold: number({
      doc: 'irreversibility above which a state is out of equilibrium',
      unit: '1',
      default: 0.01,
      above: 0,
    }),
  },
  cite: ['arXiv:2306.03521'],
  conventions: { threshold: [0.005, 0.02] },
  create({ threshold }) {
    return {
      scope: 'run',
      labels: LABELS,
      needs: ['steady-state.irreversibility', 'steady-state.irreversibilityError'],
      classify(run) {
        const irreversibility = lastNumber(run, 'steady-state.irreversibility');
        const error = lastNumber(run, 'steady-state.irreversibilityError');
        const evidence = { irreversibility, error };
        if (run.status === 'diverged') {
          return { label: 'diverged', probabilities: { equilibrium: 0, 'non-equilibrium': 0, diverged: 1 }, evidence };
        }
        if (run.status === 'failed' || !Number.isFinite(irreversibility)) {
          const unknown = Object.fromEntries(LABELS.map((label) => [label, Number.NaN]));
          return { label: undefined, probabilities: unknown, evidence };
        }
        const distance = irreversibility - threshold;
        const out = error > 0 ? normalCdf(distance / error) : Number(distance > 0);
        return {
          label: out > 1 / 2 ? 'non-equilibrium' : 'equilibrium',
          probabilities: { equilibrium: 1 - out, 'non-equilibrium': out, diverged: 0 },
          evidence,
        };
      },
    };
  },
});
