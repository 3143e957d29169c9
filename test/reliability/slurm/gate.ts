// A plugin for tests, listed by path: an observer that measures nothing. Files in the folder that EIGENFLOW_GATE names
// hold a run under way without computing (`linger`, at every frame as many tenths of a second as it says, or 60), or make
// it fail (`break-<label>`). They change no number. A run that is held says so in a file `under-way-<label>`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineObserver, definePlugin, integer } from 'eigenflow';

const folder = process.env['EIGENFLOW_GATE'] ?? '';
const isThere = (file: string) => folder !== '' && existsSync(join(folder, file));
const tenths = () => {
  try {
    return Number(readFileSync(join(folder, 'linger'), 'utf8')) || 60;
  } catch {
    // It has just been taken away.
    return 0;
  }
};
const pause = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

const gate = defineObserver({
  name: 'gate',
  summary: 'Measures nothing',
  params: { label: integer({ doc: 'Tells runs apart', unit: '1', default: 0 }) },
  cite: [],
  create: ({ label }, { run: { clock } }) => ({
    channels: {},
    observe: () => {
      if (isThere(`break-${label}`)) throw new Error(`run ${label} is broken`);
      if (isThere('linger') && clock.step > 0) writeFileSync(join(folder, `under-way-${label}`), '');
      for (let i = 0; i < tenths() && isThere('linger'); i++) pause(100);
    },
  }),
});

export default definePlugin({ name: 'gate', version: '1.0.0', components: [gate] });
