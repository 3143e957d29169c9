// What probe.html runs: asks a worker of the page as the page does, and hands to the test what a page would draw.
import { proxy } from 'comlink';
import { openEngine } from '../../../lab/page/engine.js';
import { findStudy } from '../../../lab/page/study-source.js';
import type { Replay, StoredRun } from '../../../lab/protocol.js';

export interface ProbedRun {
  readonly run: StoredRun;
  readonly replay: Replay;
  /** Of the file that the worker makes of this run, in base64. */
  readonly file: string;
}

export interface Probe {
  /** Every run of the study beside the page, computed twice: for a replay, and for its file. */
  runs(): Promise<ProbedRun[]>;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

declare global {
  var probe: Probe;
}

globalThis.probe = {
  async runs() {
    const { engine, close } = openEngine('probe');
    const { files } = await findStudy(engine);
    const { scenario, axes, seeds } = await engine.openStudy(files);
    if (scenario.sweep && axes.length > 1) throw new Error('the order of runs is known for one axis alone');
    const stored = await engine.runsAt({});
    const probed: ProbedRun[] = [];
    for (let number = 0; number < seeds * (axes[0]?.values.length ?? 1); number++) {
      const { row, bytes } = await engine.computeRun(number);
      const run = stored.find(({ id }) => id === row.id);
      if (!run || !bytes) throw new Error(`run ${row.id} is not stored, or failed: ${row.message}`);
      const replay = await engine.replay(
        run.id,
        proxy(() => {}),
      );
      probed.push({ run, replay, file: toBase64(bytes) });
    }
    close();
    return probed;
  },
};
