// Progress of a study: one line that is redrawn in a terminal, plain lines elsewhere.
import type { WriteStream } from 'node:tty';
import { plainText } from '../core/plain-text.js';
import type { Writer } from '../node/results/claims.js';
import type { StudyEvent } from '../node/study/run-study.js';

export interface Progress {
  show(event: StudyEvent): void;
  /** A message of its own. */
  say(line: string): void;
  end(): void;
}

type Stream = WriteStream | (NodeJS.WritableStream & { isTTY?: boolean; columns?: number });

/** Clears what stands in the line of the cursor. */
const CLEAR = '\r\x1b[K';

/**
 * A line that is redrawn must not wrap: going back to its beginning would leave the upper part behind.
 *
 * @param lines the same in fewer and fewer words; the first that fits is taken, the last is cut
 */
function fitting(lines: readonly string[], { columns }: Stream): string {
  // Some terminals wrap as soon as the last column is written; some that are not told their width say 0.
  const most = Math.max(1, (columns || 80) - 1);
  return lines.find((line) => line.length <= most) ?? (lines.at(-1) ?? '').slice(0, most);
}

const REDRAW_INTERVAL = 100;
const PLAIN_INTERVAL = 10_000;

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** How many other processes are named. */
const MOST_NAMES = 3;

function whoIs(writers: readonly Writer[]): string {
  if (writers.length === 0) return 'processes that have just ended';
  const names = writers.slice(0, MOST_NAMES).map(({ host, pid }) => `process ${pid} on ${host}`);
  const more = writers.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function rate(stepsPerSecond: number): string {
  if (stepsPerSecond >= 1e6) return `${(stepsPerSecond / 1e6).toFixed(2)} M steps/s`;
  if (stepsPerSecond >= 1e3) return `${(stepsPerSecond / 1e3).toFixed(1)} k steps/s`;
  return `${stepsPerSecond.toFixed(1)} steps/s`;
}

/** @param stream where to write; a terminal when it says that it is one */
export function createProgress(stream: Stream): Progress {
  const terminal = stream.isTTY === true;
  const started = performance.now();
  const counts = { completed: 0, diverged: 0, saturated: 0, failed: 0 };
  let runs = 0;
  let stored = 0;
  let steps = 0;
  let done = 0;
  let drawn = 0;
  let waiting = false;
  let warned = false;
  let continued = false;
  const reasons = new Set<string>();

  /** In fewer and fewer words. */
  const lines = () => {
    const { completed, diverged, saturated, failed } = counts;
    const left = runs - stored - completed - diverged - saturated - failed;
    const seconds = (performance.now() - started) / 1000;
    const speed = done / seconds;
    const remaining = left > 0 ? `, ${duration((steps - done) / speed)} left` : '';
    // Seldom any: named where there are some.
    const named = (count: number, what: string) => (count > 0 ? `, ${count} ${what}` : '');
    const stuck = named(saturated, 'saturated');
    const ended = `${completed} done, ${diverged} diverged${stuck}, ${failed} failed, ${left} left`;
    const short = `${completed} done${named(diverged, 'diverged')}${stuck}${named(failed, 'failed')}, ${left} left`;
    return [`${ended} | ${rate(speed)}${remaining}`, `${ended}${remaining}`, `${short}${remaining}`, short];
  };
  const draw = (force: boolean) => {
    const now = performance.now();
    if (!force && now - drawn < (terminal ? REDRAW_INTERVAL : PLAIN_INTERVAL)) return;
    drawn = now;
    stream.write(terminal ? `${CLEAR}${fitting(lines(), stream)}` : `${lines()[0]}\n`);
  };
  const say = (text: string) => {
    const plain = plainText(text);
    stream.write(terminal ? `${CLEAR}${plain}\n` : `${plain}\n`);
  };

  return {
    say,
    show(event) {
      if (event.type === 'started') {
        ({ runs, stored, steps } = event);
        if (event.kept !== undefined)
          say(`the folder keeps its larger study of ${event.kept} runs; what is computed now is a part of it`);
        if (event.others.length > 0) say(`also at work on this folder: ${whoIs(event.others)}`);
        drawn = performance.now();
        const open = runs - stored;
        say(stored === 0 ? `${runs} runs to compute` : `${stored} of ${runs} runs are stored; ${open} to compute`);
        if (open > 0) say(`player: ${event.player}`);
      } else if (event.type === 'steps') {
        done += event.count;
      } else if (event.type === 'resumed') {
        steps -= event.step;
        say(`run ${event.id} goes on from step ${event.step}`);
      } else if (event.type === 'continued') {
        steps -= event.step;
        // A sweep has thousands.
        if (!continued)
          say(`run ${event.id} goes on from a stored one, from step ${event.step}; further ones are not listed`);
        continued = true;
      } else if (event.type === 'from-start' && !reasons.has(event.reason)) {
        // Mostly all runs have the same.
        reasons.add(event.reason);
        say(`run ${event.id} starts from its beginning: ${event.reason}`);
      } else if (event.type === 'restarted') {
        say(`run ${event.id} starts anew: its checkpoint ${event.reason}, and is now ${event.movedTo}`);
      } else if (event.type === 'found') {
        stored += 1;
        steps -= event.steps;
      } else if (event.type === 'cut-off') {
        say(`run ${event.id} was cut off: no checkpoint within ${event.seconds} s; it goes on from its last one`);
      } else if (event.type === 'waiting' && !waiting) {
        waiting = true;
        say(`waiting for ${event.runs} runs that others compute: ${whoIs(event.others)}`);
      } else if (event.type === 'unsaved' && !warned) {
        // Every run would say so once a minute.
        warned = true;
        say(`a checkpoint could not be written: ${event.reason}. Runs go on; what is broken off now would start anew`);
      } else if (event.type === 'ended') {
        counts[event.row.status] += 1;
      }
      draw(event.type === 'finished' && runs > stored);
    },
    end() {
      if (terminal) stream.write('\n');
    },
  };
}

/** Progress of a count: redrawn in a terminal, now and then a line elsewhere. */
export function createCounter(stream: Stream, what: string, total: number) {
  const terminal = stream.isTTY === true;
  let done = 0;
  let drawn = performance.now();
  const draw = () => {
    drawn = performance.now();
    const line = `${done} of ${total} ${what}`;
    stream.write(terminal ? `${CLEAR}${fitting([line], stream)}` : `${line}\n`);
  };
  return {
    add(count: number) {
      done += count;
      if (performance.now() - drawn >= (terminal ? REDRAW_INTERVAL : PLAIN_INTERVAL)) draw();
    },
    end() {
      if (terminal && done > 0) stream.write(CLEAR);
    },
  };
}
