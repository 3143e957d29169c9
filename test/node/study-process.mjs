// A study in a process of its own, for tests that kill it: arguments are the scenario file, the results folder, the
// number of workers, the seconds between checkpoints, and the number of runs after whose end it only waits to be killed
// (default: none). Tells of every run that ends. Plain JavaScript on what is shipped: it starts in a fraction of the time.
import { lastValueFrom, tap } from 'rxjs';
import { builtinPlugins } from '../../dist/cli/builtin.js';
import { loadScenario, prepareStudy, runStudy } from '../../dist/node/index.js';

const [file, out, workers, checkpointSeconds, lastRun] = process.argv.slice(2);
const study = await prepareStudy(await loadScenario(file), builtinPlugins);
const options = {
  out,
  workers: Number(workers),
  workerModule: new URL('../../dist/cli/worker.js', import.meta.url),
  builtin: builtinPlugins,
  checkpointSeconds: Number(checkpointSeconds),
  waitForOthers: true,
};
let ended = 0;
await lastValueFrom(
  runStudy(study, options, new AbortController().signal).pipe(
    tap((event) => {
      if (event.type !== 'ended') return;
      process.stdout.write(`ended ${event.row.id}\n`);
      ended += 1;
      if (ended === Number(lastRun)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }),
  ),
);
