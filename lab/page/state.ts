// What the page shows, as signals, and what the user can do to it. Components read signals and call actions; nothing else is
// shared between them.
import { batch, computed, effect, signal } from '@preact/signals';
import { proxy } from 'comlink';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { LiveEvent, LiveStart, MapTable, Place, Replay, Speed, StoredRun, Study, Watch } from '../protocol.js';
import type { StudyFile } from '../worker/study-file.js';
import { type OpenEngine, openEngine } from './engine.js';
import { createTrail, type Trail } from './trail.js';
import { changesOf } from './url/scenario-changes.js';

/** How far a run is. */
export type RunState = 'none' | 'starting' | 'running' | 'paused' | 'completed' | 'diverged' | 'saturated' | 'failed';

export const study = signal<Study | undefined>(undefined);
export const mapName = signal('');
/** Values of the axes that the map does not show, where they are not those that it names. */
export const mapWhere = signal<Place['at']>({});
export const mapTable = signal<MapTable | undefined>(undefined);
export const place = signal<Place | undefined>(undefined);
/** Runs of the place that are stored. */
export const stored = signal<readonly StoredRun[]>([]);
/** What is wrong, in a sentence; shown until it is dismissed. */
export const problem = signal<string | undefined>(undefined);
/** The scenario that runs: that of the study, with what the controls have changed. */
export const scenario = signal<Scenario | undefined>(undefined);

export const speed = signal<Speed>({ playing: true, stepsPerSecond: Number.POSITIVE_INFINITY });
/** What of the run is looked at; a change shows with the next start. */
export const watch = signal<Watch>({});
export const runState = signal<RunState>('none');
export const runMessage = signal('');
export const runStart = signal<LiveStart | undefined>(undefined);
/** Step and epoch of the last frame. */
export const clock = signal<{ readonly step: number; readonly epoch: number; readonly time: number }>({
  step: 0,
  epoch: 0,
  time: 0,
});
/** Frames of the run, and a signal that counts them. */
export const trail = signal<Trail>(createTrail());
export const frames = signal(0);
/** By id of the run. */
export const replays = signal<ReadonlyMap<string, Replay | { readonly verdict: 'computing'; readonly part: number }>>(
  new Map(),
);

/** Whether the controls have changed the scenario: what the study stores is then of another one. */
export const isChanged = computed(() => {
  const [now, of] = [scenario.value, study.value];
  return now !== undefined && of !== undefined && Object.keys(changesOf(of.scenario, now)).length > 0;
});

export const isFinished = computed(() => ['completed', 'diverged', 'saturated', 'failed'].includes(runState.value));

/** One worker reads studies and computes replays, another one runs what is watched. */
const archive: OpenEngine = openEngine('study');
const stage: OpenEngine = openEngine('run');

export const engines = { archive: archive.engine, stage: stage.engine } as const;

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Runs an action of the user; what goes wrong is told. */
export async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    problem.value = messageOf(error);
  }
}

/** Called with the files of every study that is opened. */
export const onStudy: ((files: readonly StudyFile[]) => void)[] = [];

/** Where a study opens: a quarter of the way along every axis of the map, since the ends of a sweep are where little moves. */
export function firstPlace({ axes, maps }: Study): Place {
  const { where = {} } = maps[0]?.declaration ?? {};
  const at = axes.map(({ name, values }) => [name, where[name] ?? values[Math.floor(values.length / 4)]]);
  return { at: Object.fromEntries(at), seed: 0 };
}

/** @param arrive goes to the place where the study is opened; the first one of its sweep where nothing is said */
export async function openFiles(
  files: readonly StudyFile[],
  arrive: (study: Study) => Promise<void> = (opened) => goTo(firstPlace(opened)),
): Promise<void> {
  const [opened] = await Promise.all([archive.engine.openStudy(files), stage.engine.openStudy(files)]);
  // At once: the map of one study is none of another.
  batch(() => {
    study.value = opened;
    scenario.value = opened.scenario;
    replays.value = new Map();
    mapTable.value = undefined;
    mapWhere.value = {};
    mapName.value = opened.maps[0]?.name ?? '';
    for (const hear of onStudy) hear(files);
  });
  await arrive(opened);
}

effect(() => {
  // A study that is computed here gets its maps when there are runs to draw.
  const maps = study.value?.maps ?? [];
  if (maps.length > 0 && !maps.some(({ name }) => name === mapName.value)) mapName.value = maps[0].name;
});

effect(() => {
  const name = mapName.value;
  const where = mapWhere.value;
  if (name === '' || !study.value) return;
  archive.engine.map(name, where).then(
    (table) => {
      if (mapName.peek() === name && mapWhere.peek() === where) mapTable.value = table;
    },
    (error: unknown) => {
      problem.value = messageOf(error);
    },
  );
});

export async function goTo(next: Place): Promise<void> {
  place.value = next;
  stored.value = isChanged.value ? [] : await archive.engine.runsAt(next.at);
  start();
}

let current = 0;

/** Starts the run of the place from its first step. */
export function start(): void {
  if (!scenario.value || !place.value) return;
  current += 1;
  const number = current;
  trail.value = createTrail();
  frames.value = 0;
  clock.value = { step: 0, epoch: 0, time: 0 };
  runState.value = 'starting';
  runMessage.value = '';
  const hear = (event: LiveEvent) => {
    // Of a run before this one, which had messages under way.
    if (number === current) follow(event);
  };
  stage.engine.start(scenario.value, place.value, proxy(hear), watch.value);
}

function follow(event: LiveEvent): void {
  switch (event.type) {
    case 'start':
      runStart.value = event;
      runState.value = speed.value.playing ? 'running' : 'paused';
      return;
    case 'frame': {
      const { step, epoch, time } = event.frame;
      trail.value.add(event.frame);
      clock.value = { step, epoch, time };
      frames.value += 1;
      return;
    }
    case 'end':
      runState.value =
        event.status === 'completed' ? 'completed' : event.status === 'diverged' ? 'diverged' : 'saturated';
      clock.value = { ...clock.value, step: event.step };
      return;
    case 'failed':
      runState.value = 'failed';
      runMessage.value = event.message;
  }
}

effect(() => {
  const { playing, stepsPerSecond } = speed.value;
  stage.engine.setSpeed({ playing, stepsPerSecond });
  if (runState.peek() === 'running' && !playing) runState.value = 'paused';
  if (runState.peek() === 'paused' && playing) runState.value = 'running';
});

export function step(count = 1): void {
  speed.value = { ...speed.value, playing: false };
  stage.engine.step(count);
}

/** Computes a stored run again and holds its numbers against those that are stored. */
export async function replayRun(id: string): Promise<Replay> {
  const note = (result: Replay | { verdict: 'computing'; part: number }) => {
    replays.value = new Map([...replays.value, [id, result]]);
  };
  note({ verdict: 'computing', part: 0 });
  let ended = false;
  const onProgress = (part: number) => {
    if (!ended) note({ verdict: 'computing', part });
  };
  const result = await archive.engine
    .replay(id, proxy(onProgress))
    .catch((error: unknown): Replay => ({ verdict: 'not comparable', message: messageOf(error) }));
  ended = true;
  note(result);
  return result;
}
