// A results folder may come from somebody else, with a pipe, a device or a link in the place of any of its files. Whoever would
// read or write there says no, at once. EIGENFLOW_ALL_PLACES=1 looks at all places, kinds and commands, which takes an hour.
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { eigenflowMany } from '../cli/command.js';
import { newFolder } from '../node/studies.js';
import { COMMANDS, fillFolder, KINDS, type Kind, type Looked, lookAt, placesIn } from './strange-files.js';

/** Every one of the commands that these name has to say no. */
const CASES: readonly (readonly [place: string, kind: Kind, commands: readonly RegExp[]])[] = [
  ['manifest.json', 'link to a file', [/^(status|why|fit|work)/]],
  ['runs', 'link to a folder', [/^(status|submit|work)/, /csv/]],
  ['runs.csv', 'pipe', [/^(status|run)(?!.*continue)/, /csv/]],
  ['runs.csv', 'the other kind', [/^(status|work)/]],
  ['jobs/0001/submission.json', 'pipe', [/^(status|submit)/]],
  ['jobs/0001/submission.json', 'device', [/^(status|submit)/]],
  ['jobs/0001/runs.txt', 'link to a file', [/^(status|submit)/]],
  ['verdicts.csv', 'pipe', [/^(figures|report|advise.* results$)/, /format map/]],
  ['claims/elsewhere-1-00000000.csv', 'socket', [/^(status|run)(?!.*continue)/]],
  ['dataset.csv', 'pipe', [/format csv/]],
  ['dataset.csv', 'link to nothing', [/format csv/]],
  ['dataset.zarr/zarr.json', 'pipe', [/format zarr/]],
  ['dataset.map/map.json', 'pipe', [/^advise.*map$/, /format map/]],
  ['analysis', 'link to a folder', [/^(analyse|figures)/]],
  ['analysis/order-parameters', 'link to a folder', [/^(analyse.*order|figures)/]],
  ['figures', 'link to a folder', [/^figures/]],
  ['figures/levels.svg', 'link to a file', [/^figures/]],
  ['fits', 'link to a folder', [/^fit/]],
  ['fits/gaussian.csv', 'device', [/^fit/]],
  ['report.html', 'link to a file', [/^report/]],
  ['ends', 'link to a folder', [/^run.*continue/]],
];

const isMeant = (command: readonly string[], patterns: readonly RegExp[]) =>
  command[0] !== 'verify' && patterns.some((pattern) => pattern.test(command.join(' ')));

let filled: string;
let looked: Looked[];
beforeAll(async () => {
  filled = newFolder();
  fillFolder(filled);
  const cases = CASES.map(([place, kind, patterns]) => ({
    place,
    kind,
    commands: COMMANDS.filter((command) => isMeant(command, patterns)),
  }));
  looked = await lookAt(filled, newFolder(), cases);
});

it('where nothing is strange, every command is well', () => {
  const folder = newFolder();
  cpSync(filled, folder, { recursive: true });
  const outcomes = eigenflowMany(COMMANDS.map((args) => ({ folder, args })));
  expect(outcomes.map(({ status, stderr }, i) => (status === 0 ? '' : `${COMMANDS[i]}: ${stderr}`)).join('')).toBe('');
});

it.each(CASES.map(([place, kind], i) => [place, kind, i] as const))('%s as a %s is refused', (_place, _kind, i) => {
  const { commands, statuses, faults } = looked[i];
  expect(faults).toEqual([]);
  expect(commands.length).toBeGreaterThan(0);
  // 1 of what goes on where it was: what it finds when it has begun is no wrong input.
  const goesOn = commands.map(([name]) => name === 'run' || name === 'work');
  expect(statuses.map((status, k) => (goesOn[k] && status === 1 ? 2 : status))).toEqual(commands.map(() => 2));
});

/** Places that are looked at in one process. */
const AT_ONCE = 10;

it.runIf(process.env['EIGENFLOW_ALL_PLACES'])(
  'in no place, of no kind, for no command is anything waited for, shown or written elsewhere',
  async () => {
    const places = placesIn(join(filled, 'results'));
    const cases = [...KINDS, 'the other kind' as const].flatMap((kind) =>
      places.map((place) => ({ place, kind, commands: COMMANDS })),
    );
    const found: string[] = [];
    for (let from = 0; from < cases.length; from += AT_ONCE) {
      const all = await lookAt(filled, newFolder(), cases.slice(from, from + AT_ONCE));
      found.push(...all.flatMap(({ place, kind, faults }) => faults.map((fault) => `${place}, ${kind}: ${fault}`)));
    }
    expect(found).toEqual([]);
  },
  7_200_000,
);

it('a results folder that is reached through a link is as good as any, and so is a folder to write to', () => {
  const folder = newFolder();
  symlinkSync(join(filled, 'results'), join(folder, 'linked'));
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'home'));
  const commands = [
    ['status', 'linked'],
    ['export', 'linked', '--format', 'csv', '--out', 'home/table.csv'],
    ['report', 'linked', '--out', 'home'],
    ['run', join(filled, 'scenario.json'), '--workers', '0', '--out', 'home/results'],
  ];
  const outcomes = eigenflowMany(commands.map((args) => ({ folder, args })));
  expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
});
