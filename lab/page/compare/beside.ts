// The surrogate as a second run that is watched, from the same weights, beside the run of the page.
import { effect, signal, untracked } from '@preact/signals';
import { proxy } from 'comlink';
import type { Scenario } from '../../../core/scenario/scenario.js';
import type { LiveEvent, LiveStart } from '../../protocol.js';
import { callOff, drawNext } from '../drawing/frame-loop.js';
import { type OpenEngine, openEngine } from '../engine.js';
import {
  clock,
  engines,
  isFinished,
  place,
  type RunState,
  start as restart,
  runStart,
  trail,
  watch,
} from '../state.js';
import { createTrail, type Track, type Trail } from '../trail.js';
import { comparisonState, outline, planComparison } from './compare-state.js';
import { studyFiles } from './files.js';
import { type Paced, stepLimit } from './pairing.js';

/** Whether the user wants to see it; serialisable. */
export const isBeside = signal(false);
export const besideState = signal<RunState>('none');
export const besideMessage = signal('');
/** Levels of the surrogate so far; replaced whenever there are more. */
export const besideTrack = signal<Track | undefined>(undefined);

let worker: OpenEngine | undefined;
let current = 0;
let kept: Trail = createTrail();
let start: LiveStart | undefined;
let at = { step: 0, time: 0 };

const pacedOf = (of: LiveStart | undefined, where: { step: number; time: number }): Paced | undefined =>
  of && { steps: of.steps, endTime: of.endTime, ...where };

const hasEnded = () => !['starting', 'running'].includes(besideState.peek());

/** Says to both how far they may go. */
function keepStep(): void {
  const main = pacedOf(runStart.peek(), clock.peek());
  const own = pacedOf(start, at);
  const release = Number.POSITIVE_INFINITY;
  if (own) worker?.engine.holdAt(isFinished.peek() || !main ? release : stepLimit(own, main));
  // Before the surrogate has begun, the run waits for it at its start.
  const other = own ?? (main && { ...main, step: 0, time: 0 });
  engines.stage.holdAt(hasEnded() || !main ? release : stepLimit(main, other));
}

/** A new object, so that whoever draws hears of it; once a picture. */
function publish(): void {
  const track = kept.track(start?.roles.levels ?? '');
  if (track) besideTrack.value = { ...track };
}

function hear(event: LiveEvent): void {
  switch (event.type) {
    case 'start':
      start = event;
      besideState.value = 'running';
      break;
    case 'frame': {
      const { step, time } = event.frame;
      at = { step, time };
      kept.add(event.frame);
      drawNext(publish);
      break;
    }
    case 'end':
      besideState.value = event.status;
      break;
    case 'failed':
      besideMessage.value = event.message;
      besideState.value = 'failed';
  }
  keepStep();
}

function stop(): void {
  current += 1;
  // Where it is only another place, its worker will be needed again.
  if (isBeside.peek()) {
    worker?.engine.stop();
  } else {
    worker?.close();
    worker = undefined;
  }
  callOff(publish);
  start = undefined;
  besideState.value = 'none';
  besideTrack.value = undefined;
  engines.stage.holdAt(Number.POSITIVE_INFINITY);
}

function begin(live: Scenario): void {
  current += 1;
  const number = current;
  kept = createTrail();
  start = undefined;
  at = { step: 0, time: 0 };
  besideTrack.value = undefined;
  besideMessage.value = '';
  besideState.value = 'starting';
  if (!worker) {
    worker = openEngine('surrogate');
    worker.engine.mountArrays(studyFiles.peek());
    worker.engine.setSpeed({ playing: true, stepsPerSecond: Number.POSITIVE_INFINITY });
  }
  worker.engine.holdAt(0);
  const seed = place.peek()?.seed ?? 0;
  const own = (event: LiveEvent) => {
    if (number === current) hear(event);
  };
  worker.engine.start(live, { at: {}, seed }, proxy(own), watch.peek());
  keepStep();
}

let shown: Scenario | undefined;

effect(() => {
  const live = isBeside.value ? outline.value?.live : undefined;
  if (live === shown) return;
  shown = live;
  // Both from their first step.
  if (live) untracked(restart);
  else stop();
});

// A new trail is a new run: its surrogate begins anew with it.
effect(() => {
  trail.value;
  if (shown) begin(shown);
});

/** Milliseconds that a place is looked at before its surrogate is planned: who moves over a map looks at many. */
const QUIET = 150;
let timer: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  clearTimeout(timer);
  if (isBeside.value && place.value && comparisonState.value === 'none') timer = setTimeout(planComparison, QUIET);
});

effect(() => {
  clock.value;
  isFinished.value;
  if (worker) keepStep();
});
