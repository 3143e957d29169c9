// How far the tour is, and what its steps do to the page.
import { signal } from '@preact/signals';
import type { Json } from '../../../core/contracts/json.js';
import type { SweepAxis } from '../../protocol.js';
import { openPageStudy, openPreset, origin } from '../open/origin.js';
import { attempt, goTo, scenario, speed, study } from '../state.js';
import { BATCH_SIZE, TOUR, type TourStep } from './tour-steps.js';

/** Index of the step that is shown; undefined while the tour is not. */
export const step = signal<number | undefined>(undefined);
/** Where it was left. */
export const left = signal(0);

const WIDTH = 'model.initialWidth';
const RATE = 'optimiser.learningRate';

const hasAxes = () => {
  const names = study.value?.axes.map(({ name }) => name) ?? [];
  return names.includes(WIDTH) && names.includes(RATE) && study.value?.scenario.model.use === 'teacher-student';
};

/** In the logarithm, as the axes are drawn. */
function nearest({ values }: SweepAxis, wanted: number): Json {
  const distance = (value: Json) =>
    typeof value === 'number' && value > 0 ? Math.abs(Math.log(value / wanted)) : Infinity;
  return values.reduce((best, value) => (distance(value) < distance(best) ? value : best));
}

/** The tour is about the published network: where something else is open, it opens that. */
async function openNetwork(): Promise<void> {
  if (hasAxes()) return;
  if (origin.value.kind !== 'page') await openPageStudy().catch(() => {});
  if (!hasAxes()) await openPreset('three-phases');
}

async function arrange({ place, stepsPerSecond }: TourStep): Promise<void> {
  await openNetwork();
  const of = study.value;
  if (!of) return;
  if (stepsPerSecond !== undefined) speed.value = { playing: true, stepsPerSecond };
  if (!place) return;
  const wanted: Readonly<Record<string, number>> = {
    [WIDTH]: place.initialWidth,
    [RATE]: place.temperature * BATCH_SIZE,
  };
  const at = of.axes.map((axis) => [
    axis.name,
    axis.name in wanted ? nearest(axis, wanted[axis.name]) : axis.values[0],
  ]);
  scenario.value = of.scenario;
  await goTo({ at: Object.fromEntries(at), seed: 0 });
}

export function show(index: number): void {
  step.value = index;
  left.value = index;
  attempt(() => arrange(TOUR[index]));
}

export function leave(): void {
  step.value = undefined;
}

/** After the last step the tour begins anew. */
export function goOn(): void {
  show(left.value >= TOUR.length - 1 ? 0 : left.value);
}
