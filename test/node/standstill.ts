// A plugin for tests, listed by its path: an observer that measures nothing. Where EIGENFLOW_STANDSTILL says
// `{ out, stage }`, runs that it watches stand still as soon as the results folder is at that stage, so that a kill finds
// it there however late it comes. It changes no number.
import { defineObserver, definePlugin } from 'eigenflow';
import { isAt } from './folder-state.js';

const pause = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

const standstill = defineObserver({
  name: 'standstill',
  summary: 'Measures nothing',
  params: {},
  cite: [],
  create: () => ({
    channels: {},
    observe: () => {
      const asked = process.env['EIGENFLOW_STANDSTILL'];
      if (asked === undefined) return;
      const { out, stage } = JSON.parse(asked);
      while (isAt(out, stage)) pause(5);
      // On a fast machine too a checkpoint is on the disk before its run ends.
      pause(20);
    },
  }),
});

export default definePlugin({ name: 'standstill', version: '1.0.0', components: [standstill] });
