// What the map shows beside its table: where the pointer is, which slice of the sweep, and which runs were computed again.
import { computed, signal } from '@preact/signals';
import type { Json } from '../../../core/contracts/json.js';
import { sameJson } from '../../../core/figures/sources.js';
import type { Place } from '../../protocol.js';
import { goTo, mapName, mapTable, mapWhere, onStudy, place, replays, study } from '../state.js';
import { cellOf, isCell, placeAt, type Spot, spotOf } from './spot.js';

export const view = computed(() => study.value?.maps.find(({ name }) => name === mapName.value));

/** Whether the pointer rests between cells as well. */
export const between = signal(false);
/** Where the pointer or the keys are; undefined where they are not on the map. */
export const hovered = signal<Spot | undefined>(undefined);
/** Told to screen readers: where the keys have gone. */
export const spoken = signal('');

/** Values of the axes that the map does not show. */
export const slice = computed((): Place['at'] => {
  if (!view.value) return place.value?.at ?? {};
  const { x, y, where = {} } = view.value.declaration;
  const all = { ...place.value?.at, ...where, ...mapWhere.value };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== x.axis && name !== y.axis));
});

/** Where the run that is shown lies; undefined where it lies on another slice or on no place of this map. */
export const placeSpot = computed(() => {
  if (!mapTable.value || !view.value || !place.value) return undefined;
  return isInSlice(place.value.at) ? spotOf(mapTable.value, view.value.declaration, place.value.at) : undefined;
});

/** What the reading is about. */
export const readSpot = computed(() => hovered.value ?? placeSpot.value);

export function isInSlice(at: Place['at']): boolean {
  const axes = [view.value?.declaration.x.axis, view.value?.declaration.y.axis];
  const groups = study.value?.axes.filter(({ name }) => axes.includes(name)).map(({ group }) => group) ?? [];
  const others = study.value?.axes.filter(({ group }) => !groups.includes(group)) ?? [];
  return others.every(({ name }) => !(name in at) || !(name in slice.value) || sameJson(at[name], slice.value[name]));
}

export function atSpot(spot: Spot): Place['at'] {
  if (!mapTable.value || !view.value || !study.value) return place.value?.at ?? {};
  return placeAt(mapTable.value, view.value.declaration, study.value.axes, spot, slice.value);
}

/** Runs what is there. */
export const visit = (spot: Spot): Promise<void> => {
  const to = between.value || !isCell(spot) ? spot : cellOf(spot);
  return goTo({ at: atSpot(to), seed: place.value?.seed ?? 0 });
};

/** Another value of an axis that the map does not show; what varies together with it goes along. */
export async function choose(axis: string, value: Json): Promise<void> {
  const axes = study.value?.axes ?? [];
  const leading = axes.find(({ name }) => name === axis);
  const index = leading?.values.findIndex((each) => sameJson(each, value)) ?? -1;
  const together = axes.filter(({ group }) => group === leading?.group);
  const chosen = Object.fromEntries(together.map(({ name, values }) => [name, values[index]]));
  mapWhere.value = { ...mapWhere.value, ...chosen };
  if (place.value) await goTo({ ...place.value, at: { ...place.value.at, ...chosen } });
}

/** A run that was computed again, and where it lies. */
export interface Witness {
  readonly id: string;
  readonly at: Place['at'];
  readonly seed: number;
}

export const witnesses = signal<readonly Witness[]>([]);

onStudy.push(() => {
  witnesses.value = [];
});

export type Mark = 'computing' | 'same' | 'other' | 'unclear';

/** What replays say of cells of this slice: one that found other bits outweighs all others. */
export const marks = computed((): ReadonlyMap<string, { readonly spot: Spot; readonly mark: Mark }> => {
  const found = new Map<string, { spot: Spot; mark: Mark }>();
  const map = mapTable.value;
  if (!map || !view.value) return found;
  const order: readonly Mark[] = ['same', 'unclear', 'computing', 'other'];
  for (const { id, at } of witnesses.value) {
    const verdict = replays.value.get(id)?.verdict;
    const spot = isInSlice(at) ? spotOf(map, view.value.declaration, at) : undefined;
    if (!spot || !verdict || verdict === 'stopped') continue;
    const key = `${spot.column} ${spot.row}`;
    const mark = markOf(verdict);
    const known = found.get(key);
    if (!known || order.indexOf(mark) > order.indexOf(known.mark)) found.set(key, { spot, mark });
  }
  return found;
});

function markOf(verdict: string): Mark {
  if (verdict === 'computing') return 'computing';
  if (verdict === 'same bits' || verdict === 'same digits') return 'same';
  return verdict === 'other bits' || verdict === 'other label' ? 'other' : 'unclear';
}
