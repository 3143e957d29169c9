// A plugin for tests, listed by its path: an observer that measures nothing. Where EIGENFLOW_GATE names a folder, a run
// that it watches leaves a file `here-<process>-<thread>` in it and is held until there is a file `open`: what a test does
// to a run under way comes in time on any machine. It changes no number.
import type { EventEmitter } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { defineObserver, definePlugin } from 'eigenflow';

const folder = () => process.env['EIGENFLOW_GATE'];
const pause = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function hold(at: string): void {
  writeFileSync(join(at, `here-${process.pid}-${threadId}`), '');
  while (!existsSync(join(at, 'open'))) pause(5);
}

// A signal opens the gate when all who listen to it have heard it: runs have been told to stop before they are let go.
const signal = process.env['EIGENFLOW_GATE_SIGNAL'];
if (isMainThread && signal !== undefined) {
  process.once(signal, () => setImmediate(() => writeFileSync(join(folder() ?? '', 'open'), '')));
}

const gate = defineObserver({
  name: 'gate',
  summary: 'Measures nothing',
  params: {},
  cite: [],
  create: () => ({
    channels: {},
    observe: () => {
      const at = folder();
      if (at === undefined) return;
      // A run on the main thread cannot wait for what the same thread does: whoever listens does it at once.
      if (isMainThread) (process as EventEmitter).emit('gate');
      else hold(at);
    },
  }),
});

export default definePlugin({ name: 'gate', version: '1.0.0', components: [gate] });
