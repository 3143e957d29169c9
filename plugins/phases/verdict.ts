// Verdicts in the words of the phase diagram.
import { choice, PHASES, type Phase, type RunRecord, type Verdict } from 'eigenflow';
import { normalCdf } from 'eigenflow/theory';
import { firstNumber } from './frames.js';

export type Evidence = Readonly<Record<string, number>>;

/** @param chances of phases that are possible; they sum to 1, or one of them is NaN and there is no verdict */
export function verdictOf(chances: Readonly<Partial<Record<Phase, number>>>, evidence: Evidence): Verdict {
  const known = Object.values(chances).every((chance) => !Number.isNaN(chance));
  const probabilities = Object.fromEntries(PHASES.map((phase) => [phase, known ? (chances[phase] ?? 0) : Number.NaN]));
  const label = known ? PHASES.reduce((a, b) => (probabilities[b] > probabilities[a] ? b : a)) : undefined;
  return { label, probabilities, evidence };
}

/** A definite verdict; undefined where what it rests on was not measured. */
export const certain = (phase: Phase | undefined, evidence: Evidence): Verdict =>
  verdictOf(phase === undefined ? { ordered: Number.NaN } : { [phase]: 1 }, evidence);

/** Probability that a value with this standard error lies above a limit. An error of NaN or 0 makes it sure. */
export function chanceAbove(value: number, error: number, limit: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  return error > 0 ? normalCdf((value - limit) / error) : Number(value > limit);
}

/** The channel that tells ordered from jammed. */
const CRITICAL_SCALE = 'preactivation-distribution.criticalScale';

/** Factor of the initial weights that would bring their pre-activations to the critical variance. */
const criticalScaleOf = (run: RunRecord) => firstNumber(run, CRITICAL_SCALE);

/**
 * The phase of a run that is not paramagnetic, as arXiv:2509.01349 has it: tanh of normal pre-activations has two modes
 * when their variance at the start exceeds 1/2, so that the units are spins that have chosen a side. With the variance
 * that the network has (derived). undefined where it was not measured.
 */
function regularPhase(criticalScale: number): 'ordered' | 'jammed' | undefined {
  if (Number.isNaN(criticalScale)) return undefined;
  return criticalScale < 1 ? 'jammed' : 'ordered';
}

/**
 * Whether the task is one's own: the model is told what its targets are, where a teacher's follow from it.
 *
 * @param run anything that knows the parameters of a run
 */
export const isOwnTask = (run: Pick<RunRecord, 'parameter'>) =>
  ['model.data', 'model.targets'].some((path) => run.parameter(path) !== undefined);

export const jammedParameter = choice({
  doc:
    'how jammed is told from ordered: by-modes, by the variance of the initial pre-activations, for tanh units and ' +
    'models with held-out inputs; not-told, not at all: what is neither paramagnetic nor diverged is then called ordered',
  values: ['by-modes', 'not-told'],
  default: 'by-modes',
});

/** What a run is that is neither paramagnetic nor diverged. */
export interface Regular {
  /** Channels beside those of the classifier. */
  readonly needs: readonly string[];
  phase(run: RunRecord): 'ordered' | 'jammed' | undefined;
  evidence(run: RunRecord): Evidence;
}

/** @param jammed of `jammedParameter` */
export function createRegular(jammed: 'by-modes' | 'not-told'): Regular {
  if (jammed === 'not-told') return { needs: [], phase: () => 'ordered', evidence: () => ({}) };
  return {
    needs: [CRITICAL_SCALE],
    phase: (run) => regularPhase(criticalScaleOf(run)),
    evidence: (run) => ({ criticalScale: criticalScaleOf(run) }),
  };
}
