// A comparison as the page knows it: what is chosen, what it will take, how far it is and what it says.
import { computed, effect, signal } from '@preact/signals';
import type { ComparisonOutline, ComparisonVerdict } from '../../comparison-protocol.js';
import { engines, place, scenario, watch } from '../state.js';
import { studyFiles } from './files.js';
import { type Offer, offersOf } from './offers.js';
import { openRealisationPool, type RealisationPool } from './realisation-pool.js';
import { type ComparisonSettings, PARTS, USUAL_SETTINGS } from './settings-text.js';

export const settings = signal<ComparisonSettings>(USUAL_SETTINGS);

export const offers = computed<readonly Offer[]>(() => (scenario.value ? offersOf(scenario.value) : []));
export const offer = computed(
  () => offers.value.find(({ name }) => name === settings.value.surrogate) ?? offers.value[0],
);

/** none: nothing has been asked for; planning and computing: workers are at it. */
export type ComparisonState = 'none' | 'planning' | 'planned' | 'refused' | 'computing' | 'stopped' | 'finished';

export const comparisonState = signal<ComparisonState>('none');
/** Why it is refused, or what went wrong. */
export const comparisonMessage = signal('');
export const outline = signal<ComparisonOutline | undefined>(undefined);
export const verdict = signal<ComparisonVerdict | undefined>(undefined);
/** Realisations that have ended, of each side. */
export const ended = signal({ reference: 0, surrogate: 0 });
/** Time that one realisation of each side takes; NaN before the first; unit: seconds. */
export const seconds = signal({ reference: Number.NaN, surrogate: Number.NaN });
/** Outcomes of the last window by the number of realisations, as they grew. */
export const history = signal<readonly { readonly used: number; readonly outcomes: readonly string[] }[]>([]);

/** Gradients of samples in a realisation, where the user leaves open how much of the run is compared: some seconds. */
const AFFORDABLE = 3e6;

let pool: RealisationPool | undefined;
/** Counts what the user asked for: an answer to something else is old. */
let asked = 0;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function forget(): void {
  asked += 1;
  pool?.close();
  pool = undefined;
  comparisonState.value = 'none';
  comparisonMessage.value = '';
  outline.value = undefined;
  verdict.value = undefined;
  ended.value = { reference: 0, surrogate: 0 };
  seconds.value = { reference: Number.NaN, surrogate: Number.NaN };
  history.value = [];
}

const question = computed(() => {
  const { surrogate, part, substeps } = settings.value;
  return JSON.stringify([surrogate, part, substeps, watch.value.block]);
});

// Another run, or another surrogate of it, is another comparison; more realisations are not.
effect(() => {
  scenario.value;
  place.value;
  question.value;
  forget();
});

/** What is known before the first step. */
export async function planComparison(): Promise<void> {
  const [of, at, chosen] = [scenario.value, place.value, offer.value];
  if (!of || !at || !chosen) return;
  const mine = ++asked;
  comparisonState.value = 'planning';
  try {
    const { realisations, part, substeps } = settings.value;
    const request = {
      scenario: of,
      place: at,
      surrogate: chosen.name,
      realisations,
      ...(substeps > 0 && { substeps }),
      ...watch.value,
    };
    const outlined = (candidate: number) => engines.archive.outlineComparison({ ...request, part: candidate });
    const least = PARTS[PARTS.length - 1];
    // What a part costs is known from the smallest one.
    const open = part === 0 && chosen.isPreset ? await outlined(least) : undefined;
    const perPart = (open?.gradients.surrogate ?? 0) / least;
    const affordable = PARTS.find((candidate) => candidate * perPart <= AFFORDABLE) ?? least;
    const found = open && affordable === least ? open : await outlined(part || affordable);
    if (mine !== asked) return;
    outline.value = found;
    comparisonState.value = 'planned';
  } catch (error) {
    if (mine !== asked) return;
    comparisonMessage.value = messageOf(error);
    comparisonState.value = 'refused';
  }
}

/** Whether there are as many realisations as are wanted. */
export const isComplete = computed(
  () => Math.min(ended.value.reference, ended.value.surrogate) >= settings.value.realisations,
);

/** Computes realisations of both sides until there are as many as are wanted, or `stopComparison` is called. */
export async function computeComparison(): Promise<void> {
  // Coefficients that are measured on some realisations are others on more.
  const hasOther = outline.value?.isFitted && outline.value.scenario.compare?.replicas !== settings.value.realisations;
  if (hasOther) forget();
  if (!outline.value) await planComparison();
  const planned = outline.value;
  const seed = place.value?.seed ?? 0;
  if (!planned || comparisonState.value === 'computing') return;
  const mine = asked;
  comparisonState.value = 'computing';
  const counts = { ...ended.value };
  pool ??= openRealisationPool(planned, seed, studyFiles.value);
  try {
    await pool.compute(settings.value.realisations, {
      onRealisation(side, took) {
        if (mine !== asked) return;
        counts[side] += 1;
        ended.value = { ...counts };
        const known = seconds.value[side];
        const mean = Number.isNaN(known) ? took : known + (took - known) / counts[side];
        seconds.value = { ...seconds.value, [side]: mean };
      },
      onVerdict(found) {
        if (mine !== asked) return;
        verdict.value = found;
        const used = Math.min(found.used.reference, found.used.surrogate);
        history.value = [...history.value, { used, outcomes: found.windows.map(({ outcome }) => outcome) }];
      },
    });
    if (mine !== asked) return;
    comparisonState.value = isComplete.value ? 'finished' : 'stopped';
  } catch (error) {
    if (mine !== asked) return;
    pool?.close();
    pool = undefined;
    comparisonMessage.value = messageOf(error);
    comparisonState.value = 'refused';
  }
}

/** Lets the realisations under way end; what is there stays. */
export function stopComparison(): void {
  pool?.stop();
}
