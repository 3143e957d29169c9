// Tries a sweep out before anything runs: creates runs that show every value of every axis, so that mistakes which only
// components can find (array shapes, block names, missing channels) come before the first step and before any file.
import { take } from 'rxjs';
import type { Registry } from '../container.js';
import type { Axis } from '../contracts/classifier.js';
import type { Json } from '../contracts/json.js';
import { EigenflowError } from '../errors.js';
import type { Memory } from '../kernels/arena.js';
import { canonical } from '../scenario/identity.js';
import type { ArrayLoader, ResolvedSweep, RunConfig } from '../scenario/resolve.js';
import { checkNeeds, checkRefusal, createClassifier } from './classifier.js';
import { FRAMES_HELD } from './observers.js';
import { warnOfRepeats } from './repeats.js';
import { type ChannelRecord, type RunContext, type RunEvent, type RunManifest, run } from './run.js';

export interface Preflight {
  /** By `observer.channel`; where cells differ in shape, the largest. */
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  /** Frames of every channel, without those derived from others; where cells differ, the most. */
  readonly frameCounts: Readonly<Record<string, number>>;
  /** Steps of the whole sweep; exact where no axis changes the length of an epoch, else an estimate. */
  readonly totalSteps: number;
  /** Labels of the classifier; empty without one. */
  readonly labels: readonly string[];
  /** Length of the longest parameter vector. */
  readonly weights: number;
  /** Memory of all frames of the largest run; unit: bytes. */
  readonly frameBytes: number;
  /** At most, of all frames of the largest run in its file; unit: bytes. */
  readonly storedBytes: number;
  /** What a user should know before the sweep is computed; nothing of it is a mistake for certain. */
  readonly warnings: readonly string[];
}

/** The file of a run is read at once, and 2 GiB are the most that is possible. */
const MOST_BYTES_PER_RUN = FRAMES_HELD * 2 ** 31;
/** What a user would not expect of a run; bytes. */
const NOTEWORTHY_BYTES = 2 ** 29;

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** @param frameBytes of the largest run */
function warnOfMemory(frameBytes: number): string | undefined {
  if (frameBytes < NOTEWORTHY_BYTES) return undefined;
  return `the frames of one run take ${gibibytes(frameBytes)} of memory until it is stored, in every worker; observe at fewer steps where that is too much (see "when")`;
}

/** Says whether a value is one of those that a mistake most likely shows at: any word, the ends of a range. */
function cornerOf({ values }: Axis): (value: Json) => boolean {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return () => true;
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  return (value) => value === least || value === most;
}

/** Runs that together show every value of every axis, and all corners of the grid. */
function representatives({ grid, runs }: ResolvedSweep): RunConfig[] {
  const corners = new Map(grid.axes.map((axis) => [axis.name, cornerOf(axis)]));
  const seen = new Set<string>();
  return runs.filter((run) => {
    if (run.seed !== 0) return false;
    const values = Object.entries(run.axes);
    const isCorner = values.every(([name, value]) => corners.get(name)?.(value));
    let isFresh = false;
    for (const axis of values) {
      const key = canonical(axis);
      isFresh ||= !seen.has(key);
      seen.add(key);
    }
    return isFresh || isCorner;
  });
}

/** Creates a run and stops before its first step. @throws whatever creating it throws */
export function inspect(config: RunConfig, context: RunContext): RunManifest {
  let manifest: RunEvent | undefined;
  let failure: unknown;
  // take(1) unsubscribes as soon as the manifest is out, and unsubscribing stops a run.
  run(config, context)
    .pipe(take(1))
    .subscribe({
      next: (event) => {
        manifest = event;
      },
      error: (error: unknown) => {
        failure = error;
      },
    });
  if (failure !== undefined) throw failure;
  return manifest as RunManifest;
}

/** @throws EigenflowError with the path of the mistake. */
export function preflight(sweep: ResolvedSweep, registry: Registry, memory: Memory, load: ArrayLoader): Preflight {
  const channels: Record<string, ChannelRecord> = {};
  const frameCounts: Record<string, number> = {};
  const stepsOf = new Map<string, number>();
  let labels: readonly string[] = [];
  let weights = 0;
  let frameBytes = 0;
  let storedBytes = 0;
  for (const config of representatives(sweep)) {
    const manifest = inspect(config, { registry, memory, load });
    if (manifest.frameBytes > MOST_BYTES_PER_RUN) {
      throw new EigenflowError(
        'scenario',
        'observers',
        `the frames of one run take ${gibibytes(manifest.frameBytes)} of memory; observe at fewer steps (see \`when\`)`,
      );
    }
    for (const [name, record] of Object.entries(manifest.channels)) {
      const known = channels[name];
      // Of cells that differ in what their errors leave out, the one that leaves out something is told of.
      const leavesOut = record.leavesOut ?? known?.leavesOut;
      channels[name] = {
        ...record,
        shape: record.shape.map((length, i) => Math.max(length, known?.shape[i] ?? 0)),
        ...(leavesOut === undefined ? {} : { leavesOut }),
      };
    }
    for (const [name, count] of Object.entries(manifest.frameCounts)) {
      frameCounts[name] = Math.max(count, frameCounts[name] ?? 0);
    }
    weights = Math.max(weights, manifest.weights);
    frameBytes = Math.max(frameBytes, manifest.frameBytes);
    storedBytes = Math.max(storedBytes, manifest.storedBytes);
    stepsOf.set(canonical(config.axes), manifest.steps);
    const classifier = createClassifier(config, registry, memory, load);
    if (classifier) {
      checkRefusal(classifier, config.classifier?.use ?? '', config);
      checkNeeds(classifier, config.classifier?.use ?? '', manifest.channels);
      labels = classifier.labels;
    }
  }
  const known = [...stepsOf.values()];
  const typical = known.reduce((sum, steps) => sum + steps, 0) / Math.max(1, known.length);
  const totalSteps = sweep.runs.reduce((sum, { axes }) => sum + (stepsOf.get(canonical(axes)) ?? typical), 0);
  const found = [warnOfMemory(frameBytes), warnOfRepeats(sweep.runs[0], sweep.grid, { registry, memory, load })];
  const warnings = found.filter((warning) => warning !== undefined);
  return { channels, frameCounts, totalSteps, labels, weights, frameBytes, storedBytes, warnings };
}
