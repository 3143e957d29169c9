// A process that signs in at a folder, claims what its arguments name, says so, and waits for its end.
import { openClaims } from '../../node/results/claims.js';

const [folder, ...runs] = process.argv.slice(2);
const claims = openClaims(folder);
for (const run of runs) claims.claim(run);
process.on('SIGTERM', () => process.exit(0));
process.stdout.write('claimed\n');
setInterval(() => {}, 1000);
