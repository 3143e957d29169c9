// A process that takes one claim again and again, notes when it has it and when it gives it back, and waits to be killed;
// at the end of its input it leaves.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { openClaims } from '../../node/results/claims.js';

const folder = process.argv[2];
const journal = join(folder, 'journal');
// Who is killed between the creation of a file and its content keeps the others waiting for as long as that.
const claims = openClaims(folder, { heartbeat: 1, stale: 30 });
let isLeaving = false;
process.stdin.on('end', () => {
  isLeaving = true;
});
process.stdin.resume();

function turn(): void {
  if (isLeaving) {
    claims.close();
    return;
  }
  if (claims.claim('run') === undefined) {
    appendFileSync(journal, `enter ${process.pid}\n`);
    for (const until = performance.now() + 3; performance.now() < until; );
    appendFileSync(journal, `leave ${process.pid}\n`);
    claims.release('run');
  }
  setTimeout(turn, Math.random() < 0.5 ? 0 : 1);
}
turn();
