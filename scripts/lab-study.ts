// Computes the study that the page of `eigenflow lab` opens with, scenarios/lab.ts, and packs it into lab/study.zip. Needed
// again only where the scenario or the numbers of its runs change; takes some ten minutes on two cores.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudy } from '../lab/host/open-study.js';
import { pack, select } from '../lab/host/selection.js';
import { builtinPlugins } from '../plugins/builtin.js';

const [given] = process.argv.slice(2);
const folder = given ?? mkdtempSync(join(tmpdir(), 'eigenflow-lab-study-'));
const command = ['run', 'scenarios/lab.ts', '--out', folder, '--export', 'none', '--no-figures', '--yes'];
execFileSync(process.execPath, ['dist/cli/main.js', ...command], { stdio: 'inherit' });
const study = await openStudy(folder, builtinPlugins);
const { zip } = pack(select(study, folder, Number.POSITIVE_INFINITY));
writeFileSync('lab/study.zip', zip);
console.log(`lab/study.zip: ${zip.length} bytes`);
if (given === undefined) rmSync(folder, { recursive: true });
