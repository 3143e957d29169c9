// Classifier: whether a diagonal linear network has learned in the kernel regime or in the rich one.
import { defineClassifier, number, type RunRecord } from 'eigenflow';

const LABELS = ['kernel', 'intermediate', 'rich'] as const;

const NEEDS = ['implicit-bias.residual', 'implicit-bias.toLeastL1', 'implicit-bias.toLeastL2'] as const;

function last(run: RunRecord, need: string): number {
  const data = run.series(need)?.data;
  return data === undefined || data.length === 0 ? Number.NaN : data[data.length - 1];
}

/**
 * By the last frames of `implicit-bias`, of a run that has fitted its samples:
 *
 *     rich          the predictor is within `near` of the one of least |w|_1, relative to its length, and not nearer to
 *                   that of least |w|_2
 *     kernel        within `near` of the one of least |w|_2
 *     intermediate  neither
 *
 * No verdict where the residual is above `fitted`, or nothing was measured. Both numbers are conventions of this program;
 * the two ends are those of arXiv:2002.09277.
 */
export const kernelOrRich = defineClassifier({
  name: 'kernel-or-rich',
  summary:
    'Kernel, intermediate or rich regime of a diagonal linear network, by the norm that its predictor makes least',
  params: {
    near: number({ doc: 'relative distance that counts as near', unit: '1', default: 0.1, above: 0, below: 1 }),
    fitted: number({
      doc: 'largest residual of a run that has a regime',
      unit: '1',
      default: 0.01,
      above: 0,
      below: 1,
    }),
  },
  cite: ['arXiv:2002.09277'],
  conventions: { near: [0.05, 0.2] },
  create: ({ near, fitted }) => ({
    scope: 'run',
    labels: LABELS,
    needs: NEEDS,
    classify(run) {
      const [residual, toLeastL1, toLeastL2] = NEEDS.map((need) => last(run, need));
      const known = run.status !== 'diverged' && run.status !== 'failed' && residual <= fitted;
      const nearest = toLeastL1 <= toLeastL2 ? 'rich' : 'kernel';
      const label = Math.min(toLeastL1, toLeastL2) < near ? nearest : 'intermediate';
      const hasVerdict = known && Number.isFinite(toLeastL1) && Number.isFinite(toLeastL2);
      return {
        label: hasVerdict ? label : undefined,
        probabilities: Object.fromEntries(
          LABELS.map((each) => [each, hasVerdict ? Number(each === label) : Number.NaN]),
        ),
        evidence: { residual, toLeastL1, toLeastL2 },
      };
    },
  }),
});
