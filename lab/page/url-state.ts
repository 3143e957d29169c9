// The state of the page in its address: what is seen can be sent to somebody, and Back goes to what was seen before.
import { computed, effect, signal } from '@preact/signals';
import type { Json } from '../../core/contracts/json.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { Place, Study } from '../protocol.js';
import { type Arrive, openPageStudy, openPreset, openScenario, origin } from './open/origin.js';
import { engines, firstPlace, goTo, mapName, messageOf, place, problem, scenario, speed, study } from './state.js';
import { type LinkEntries, readLink, writeLink } from './url/link-text.js';
import { packJson, unpackJson } from './url/packed-json.js';
import { changesOf, withChanges } from './url/scenario-changes.js';

/** Something that a link carries beside the place: the choice of an axis, the theme. */
export interface LinkPart {
  /** In the address. */
  readonly name: string;
  /** Reads signals; undefined where it is as it opens. */
  read(): string | undefined;
  /** @param text of a link: anything. undefined where the link does not say */
  write(text: string | undefined): void;
}

const parts = signal<readonly LinkPart[]>([]);
/** What the page was opened with. */
let opened: LinkEntries = new Map();

export function addLinkPart(part: LinkPart): void {
  parts.value = [...parts.value, part];
  if (opened.has(part.name)) part.write(opened.get(part.name));
}

const AT = 'at.';
/** A change of these is a step that Back undoes. */
const isStep = (name: string) =>
  ['preset', 'scenario', 'study', 'set', 'map', 'seed'].includes(name) || name.startsWith(AT);

/** What takes a moment to write: undefined where there is nothing to write. */
const packedChanges = signal<string | undefined>(undefined);
const packedScenario = signal<string | undefined>(undefined);

let packing = 0;
effect(() => {
  const [base, now, from] = [study.value, scenario.value, origin.value];
  packing += 1;
  const number = packing;
  const pack = async () => {
    if (!base || !now) return;
    const changes = changesOf(base.scenario, now);
    const hasChanges = Object.keys(changes).length > 0;
    const isScenario = from.kind === 'files' && base.stored.runs === 0;
    const [set, whole] = await Promise.all([
      hasChanges ? packJson(changes) : undefined,
      isScenario ? packJson(base.scenario as unknown as Json) : undefined,
    ]);
    if (number !== packing) return;
    packedChanges.value = set;
    packedScenario.value = whole;
  };
  pack();
});

const entries = computed((): LinkEntries => {
  const found = new Map<string, string>();
  const put = (name: string, text: string | undefined) => text !== undefined && found.set(name, text);
  const from = origin.value;
  if (from.kind === 'preset') put('preset', from.name);
  if (from.kind === 'files') {
    if (packedScenario.value !== undefined) put('scenario', packedScenario.value);
    else put('study', study.value?.title);
  }
  put('set', packedChanges.value);
  if (mapName.value !== (study.value?.maps[0]?.name ?? '')) put('map', mapName.value);
  for (const [name, value] of Object.entries(place.value?.at ?? {})) put(AT + name, JSON.stringify(value));
  if (place.value && place.value.seed > 0) put('seed', String(place.value.seed));
  const { stepsPerSecond } = speed.value;
  put('speed', stepsPerSecond === Number.POSITIVE_INFINITY ? 'max' : String(stepsPerSecond));
  for (const part of parts.value) put(part.name, part.read());
  return found;
});

/** The address of what is seen. */
export const link = computed(() => new URL(writeLink(entries.value), location.href).href);

function stepOf(text: string): string {
  const read = readLink(text);
  return 'entries' in read ? JSON.stringify([...read.entries].filter(([name]) => isStep(name))) : '';
}

/** Milliseconds without a change before one is written; browsers refuse more than a hundred in half a minute. */
const QUIET = 300;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Until then what changes is what a link has brought about, and no step of the user. */
let settled = 0;
const SETTLING = 1500;

function record(text: string): void {
  if (text === location.hash) return;
  const isNew = location.hash !== '' && performance.now() > settled && stepOf(text) !== stepOf(location.hash);
  if (isNew) history.pushState(null, '', text);
  else history.replaceState(null, '', text);
}

/** Writes the address whenever something of it changes; never while a link is being followed. */
let following = true;
function write(): void {
  const text = writeLink(entries.value);
  clearTimeout(timer);
  if (!following) timer = setTimeout(record, QUIET, text);
}

function parseValue(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('This link is damaged: the place in it cannot be read.');
  }
}

/** @throws Error where the entries are none of this study */
function placeOf(link: LinkEntries, of: Study, start: Place['at']): Place {
  const given = new Map(
    [...link].filter(([name]) => name.startsWith(AT)).map(([name, text]) => [name.slice(AT.length), text]),
  );
  const axes = of.axes.map(({ name }) => name);
  const stranger = [...given.keys()].find((name) => !axes.includes(name));
  if (stranger !== undefined)
    throw new Error(`This link is of another study: nothing is swept over "${stranger.slice(0, 80)}" here.`);
  const at: Record<string, Json> = {};
  for (const name of axes) {
    const text = given.get(name);
    if (text !== undefined) at[name] = parseValue(text);
    // Where the component was changed an axis may have nothing to set.
    else if (!link.has('set') || given.size === 0) at[name] = start[name];
  }
  const seed = Number(link.get('seed') ?? 0);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('This link is damaged: its seed is no whole number.');
  return { at, seed };
}

/** Goes to the place of a link in a study that is open. */
async function arrive(link: LinkEntries, of: Study, start: Place['at']): Promise<void> {
  const map = link.get('map');
  if (map !== undefined && of.maps.some(({ name }) => name === map)) mapName.value = map;
  const isElsewhere = link.has('study') && link.get('study') !== of.title;
  if (isElsewhere) {
    problem.value = `This link was made on “${link.get('study')?.slice(0, 200)}”, which is not in this page: open its folder here.`;
  }
  try {
    const packed = link.get('set');
    const changed: Scenario = packed === undefined ? of.scenario : withChanges(of.scenario, await unpackJson(packed));
    const to = placeOf(isElsewhere ? new Map() : link, of, start);
    if (packed !== undefined || link.size > 0) {
      const fault = await engines.archive.check(changed, to);
      if (fault) throw new Error(`This link cannot be run. ${fault.path}: ${fault.message}`);
    }
    scenario.value = changed;
    await goTo(to);
  } catch (error) {
    problem.value = `${messageOf(error)} The study is shown as it opens.`;
    scenario.value = of.scenario;
    await goTo({ at: start, seed: 0 });
  }
}

function setSpeed(text: string | undefined): void {
  if (text === undefined) return;
  const stepsPerSecond = text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
  if (stepsPerSecond > 0) speed.value = { ...speed.value, stepsPerSecond };
}

/** The place at which a study opens, with what its preset says. */
async function follow(link: LinkEntries): Promise<void> {
  following = true;
  clearTimeout(timer);
  try {
    setSpeed(link.get('speed'));
    for (const part of parts.value) part.write(link.get(part.name));
    const [preset, whole] = [link.get('preset'), link.get('scenario')];
    const from = origin.peek();
    const there: Arrive = (of, start) => arrive(link, of, start);
    const here = (of: Study) => there(of, firstPlace(of).at);
    const current = study.peek();
    if (preset !== undefined) {
      const isOpen = from.kind === 'preset' && from.name === preset && current;
      if (isOpen) await here(current);
      else await openPreset(preset, there);
    } else if (whole !== undefined) {
      if (whole === packedScenario.peek() && current) await here(current);
      else await openScenario((await unpackJson(whole)) as unknown as Scenario, there);
    } else if (current && (from.kind === 'page' || link.get('study') === current.title)) await here(current);
    else await openPageStudy(there);
  } catch (error) {
    problem.value = messageOf(error);
    if (!study.peek()) await openPageStudy();
  } finally {
    following = false;
    settled = performance.now() + SETTLING;
    write();
  }
}

/** The latest link that was asked for while another one was followed. */
let next: LinkEntries | undefined;
let isBusy = false;

async function followInTurn(link: LinkEntries): Promise<void> {
  next = link;
  if (isBusy) return;
  isBusy = true;
  while (next) {
    const now: LinkEntries = next;
    next = undefined;
    await follow(now);
  }
  isBusy = false;
}

/** Opens the page as its address says; from then on the address says what is seen. */
export async function openFromLink(): Promise<void> {
  const read = readLink(location.hash);
  if ('problem' in read) problem.value = read.problem;
  else opened = read.entries;
  effect(write);
  addEventListener('popstate', () => {
    const back = readLink(location.hash);
    if ('problem' in back) problem.value = back.problem;
    else followInTurn(back.entries);
  });
  await followInTurn(opened);
}
