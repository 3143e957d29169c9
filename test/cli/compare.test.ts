// `eigenflow compare`: a small network under SGD and four surrogates, what is written and said, and what is refused.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpz, readNpz } from '../../node/files/npz.js';
import { newFolder } from '../node/studies.js';
import { type CommandProcess, eigenflow, eigenflowMany, type Outcome, openCommandProcess } from './command.js';

const temperature = 1 / 16;
const levelSurrogate = (drift: string) => ({
  coefficients: { from: 'coefficients', drift },
  model: { use: 'general-levels', temperature, floor: 0 },
  loss: { use: 'mean-output' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'matrix-step', stepSize: 1 / 32 },
  observers: { spectrum: { use: 'levels', when: { points: 5 } } },
});

const compare = {
  levels: 'spectrum.levels',
  top: 2,
  replicas: 8,
  windows: [1, 2],
  surrogates: {
    langevin: {
      noise: { use: 'langevin', temperature },
      optimiser: { use: 'sgd', learningRate: 1 / 32 },
    },
    still: {
      noise: { use: 'langevin', temperature: 0 },
      optimiser: { use: 'sgd', learningRate: 1 / 32 },
    },
    linearised: levelSurrogate('linearised'),
    frozen: levelSurrogate('frozen'),
  },
};

const scenario = {
  title: 'Small comparison',
  plugins: ['teacher-student', 'sgd', 'spectrum', 'langevin', 'dyson', 'stability'],
  seed: 3,
  time: 2,
  model: { use: 'teacher-student', hidden: 6, features: 4, samples: 60 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 1 / 16 },
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 5 } },
    stability: { use: 'sharpness', when: { points: 3 } },
    coefficients: { use: 'dyson-coefficients', block: 'W', when: { points: 9 } },
    step: { use: 'one-step', block: 'W', when: { points: 3 } },
  },
  compare,
};

/** Columns of a CSV file by name, quoted texts whole. */
function readTable(path: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.match(/("[^"]*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, '')) ?? [];
    return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
  });
}

let commands: CommandProcess;
beforeAll(() => {
  commands = openCommandProcess();
});
afterAll(() => commands?.close());

/** In a process that has made the calls before it, and on its main thread. */
const compareIn = (folder: string, name: string, ...options: string[]) =>
  commands.call(folder, ['compare', `${name}.json`, '--out', name, '--workers', '0', ...options]);

describe('a comparison', () => {
  const folder = newFolder();
  const out = join(folder, 'out');
  let outcome: Outcome;

  beforeAll(async () => {
    writeFileSync(join(folder, 'small.json'), JSON.stringify(scenario));
    outcome = await eigenflow(folder, ['compare', 'small.json', '--out', 'out', '--workers', '2']);
  });

  it('gives a verdict for every surrogate and window, and says what the theory assumes', () => {
    expect(outcome.stderr).not.toContain('failed: run');
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toMatch(/one step: mean shift predicted within \d/);
    expect(outcome.stdout).toMatch(/its own step x sharpness: 0\.\d+ at most/);
    const verdicts = readTable(join(out, 'verdicts.csv'));
    expect(verdicts.map(({ surrogate, from, to }) => `${surrogate} ${from} ${to}`)).toEqual(
      Object.keys(compare.surrogates).flatMap((name) => [`${name} 0 1`, `${name} 1 2`]),
    );
    for (const row of verdicts) {
      expect(Number(row['step times sharpness'])).toBeGreaterThan(0);
      expect(Number(row['one step variance error'])).toBeGreaterThan(0);
    }
  });

  it('calls it a failure when a surrogate does not fluctuate at all', () => {
    const still = readTable(join(out, 'verdicts.csv')).filter(({ surrogate }) => surrogate === 'still');
    expect(still.map(({ verdict }) => verdict)).toEqual(['fails', 'fails']);
    expect(still[0].broken).toContain('T of the surrogate is 0 times that of SGD');
    expect(Number(still[0]['worst deviation ratio'])).toBe(0);
  });

  it('measures the coefficients of level surrogates on the reference', () => {
    for (const name of ['linearised', 'frozen']) {
      const coefficients = readNpz(join(out, `${name}.npz`));
      expect(coefficients.get('time').data[8]).toBe(2);
      expect(coefficients.get('k').shape).toEqual([9, 4, 4]);
      expect(coefficients.get('k').data.some((slope) => slope !== 0)).toBe(name === 'linearised');
    }
  });

  it('starts all of them from the same levels, which then differ between realisations', () => {
    const rows = readTable(join(out, 'figures', 'comparison.csv')).filter(({ level }) => level === '1');
    const starts = rows.filter(({ time }) => time === '0');
    expect(starts).toHaveLength(4);
    for (const row of starts) {
      expect(Number(row['surrogate mean'])).toBeCloseTo(Number(row['sgd mean']), 10);
      expect(Number(row['surrogate deviation'])).toBeLessThan(1e-12);
    }
    for (const row of rows.filter(({ time, surrogate }) => time === '2' && surrogate !== 'still')) {
      expect(Number(row['surrogate deviation'])).toBeGreaterThan(0);
      expect(row['surrogate n']).toBe('8');
    }
  });

  it('tells the mean spacings at the end with their errors and both numbers of realisations', () => {
    const rows = readTable(join(out, 'spacings.csv'));
    expect(rows.map(({ surrogate }) => surrogate)).toEqual(Object.keys(compare.surrogates));
    for (const row of rows) {
      expect(Number(row['sgd error'])).toBeGreaterThan(0);
      // Coefficients are measured on one half of the realisations and compared with the other.
      const isFitted = row.surrogate === 'linearised' || row.surrogate === 'frozen';
      expect([row['sgd n'], row['surrogate n']]).toEqual([isFitted ? '4' : '8', '8']);
      expect(Number(row['surrogate error']) > 1e-12).toBe(row.surrogate !== 'still');
    }
    expect(outcome.stdout).toMatch(
      /levels 1, 2: mean [0-9.]+ ± [0-9.]+ and [0-9.]+ ± [0-9.]+, p = [0-9.]+, N = 8 and 8/,
    );
  });

  it('draws a figure, and computes nothing twice', async () => {
    const svg = readFileSync(join(out, 'figures', 'comparison.svg'), 'utf8');
    for (const name of Object.keys(compare.surrogates)) expect(svg).toContain(`>${name}<`);
    expect(existsSync(join(out, 'figures', 'comparison.png'))).toBe(true);
    const verdicts = readFileSync(join(out, 'verdicts.csv'), 'utf8');
    const again = await eigenflow(folder, ['compare', 'small.json', '--out', 'out']);
    expect(again.stderr.match(/8 of 8 runs are stored; 0 to compute/g)).toHaveLength(5);
    expect(readFileSync(join(out, 'verdicts.csv'), 'utf8')).toBe(verdicts);
  });

  it('is drawn again from what is stored, to the same bytes, and has a page of its own', async () => {
    const drawn = (file: string) => readFileSync(join(out, 'figures', file));
    const before = ['comparison.svg', 'comparison.csv'].map(drawn);
    rmSync(join(out, 'figures'), { recursive: true });
    const figures = await commands.call(folder, ['figures', 'out', '--only', 'comparison']);
    expect(figures.stderr).toBe('');
    expect(['comparison.svg', 'comparison.csv'].map(drawn)).toEqual(before);

    expect((await commands.call(folder, ['report', 'out'])).status).toBe(0);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    for (const name of Object.keys(compare.surrogates)) expect(page).toContain(`<h2>${name}</h2>`);
    expect(page).toContain('points and bars: SGD, mean and standard deviation of the 2 largest levels');
    const said = readTable(join(out, 'verdicts.csv')).map(({ verdict }) => verdict);
    for (const [words, verdict] of [
      [/: agrees, worst/g, 'agrees'],
      [/: FAILS/g, 'fails'],
      [/: cannot tell, worst/g, 'cannot tell'],
    ] as const) {
      expect(page.match(words) ?? []).toHaveLength(said.filter((each) => each === verdict).length);
    }
  });

  it('says on the page what was compared, and what coefficients were measured on', () => {
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain('Scenario <code>small.json</code>, root seed 3, learning time 2');
    expect(page).toMatch(/minibatch, batchSize 1, order iid/);
    expect(page).toMatch(/langevin, temperature 0\.0625/);
    expect(page).toContain('teacher-student, inputs 3, hidden [6], features 4');
    expect(page).toContain('sgd, learningRate 0.03125');
    const told = 'coefficients measured on every other realisation of SGD; compared with the rest, 4 realisations';
    expect(page.split(told)).toHaveLength(3);
    expect(outcome.stdout.split(told)).toHaveLength(3);
  });

  it('gives the verdicts as JSON too, each with what it could have found', () => {
    const rows = JSON.parse(readFileSync(join(out, 'verdicts.json'), 'utf8'));
    expect(rows).toHaveLength(8);
    for (const row of rows.filter(({ surrogate }: { surrogate: string }) => surrogate !== 'still')) {
      expect(['agrees', 'fails', 'cannot tell']).toContain(row.verdict);
      expect(row['detectable shift']).toBeGreaterThan(0.001);
      // Null where none is found: infinity has no JSON.
      expect(row['detectable ratio'] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(1.1);
    }
    expect(outcome.stdout).toMatch(/would have found a mean off by/);
    expect(outcome.stdout).toMatch(/would have found: with probability 0\.9/);
  });

  it('says where its runs are, and which figure there is', async () => {
    const status = await commands.call(folder, ['status', 'out']);
    expect(status.stderr).toContain(
      `it is a comparison; name one of the results folders in it, such as ${join('out', 'reference')}`,
    );
    const other = await commands.call(folder, ['figures', 'out', '--only', 'fig5']);
    expect(other.stderr).toContain('out: no figure called "fig5"; a comparison has one: comparison');
    const narrow = await commands.call(folder, ['figures', 'out', '--width', 'column']);
    expect(narrow.stderr).toContain('4 surrogates are too many for a figure of 3.4 inches; draw it over the page');
    expect([status, other, narrow].map((each) => each.status)).toEqual([2, 2, 2]);
  });

  it('has a record that is data: what is damaged or leads elsewhere is refused', async () => {
    const path = join(out, 'comparison.json');
    const record = readFileSync(path, 'utf8');
    const damages: [string, string][] = [
      [record.slice(0, 50), 'is not valid JSON; the same "eigenflow compare" writes it again'],
      [record.replace('"langevin"', '"../langevin"'), 'is not the record of a comparison: surrogates'],
      [record.replace('"top": 2', '"top": -1'), 'is not the record of a comparison: top'],
      ['null', 'is not the record of a comparison: expected an object, found null'],
    ];
    for (const [content, message] of damages) {
      writeFileSync(path, content);
      const { status, stderr } = await commands.call(folder, ['figures', 'out']);
      expect(stderr).toContain(message);
      expect(status).toBe(2);
    }
    writeFileSync(path, record);
  });

  it('has the same numbers to the last bit on the main thread, in another folder', async () => {
    await compareIn(folder, 'small');
    for (const file of ['verdicts.csv', 'spacings.csv', 'linearised.npz', 'figures/comparison.csv']) {
      expect(readFileSync(join(folder, 'small', file)).equals(readFileSync(join(out, file))), file).toBe(true);
    }
  });
});

describe('over two instances', () => {
  const folder = newFolder();
  const out = join(folder, 'several');
  const { langevin, linearised } = compare.surrogates;
  const several = { ...scenario, compare: { ...compare, surrogates: { langevin, linearised }, instances: 2 } };
  const read = (path: string) => readFileSync(join(out, path), 'utf8');
  let outcome: Outcome;

  beforeAll(async () => {
    writeFileSync(join(folder, 'several.json'), JSON.stringify(several));
    // First as one, as it may be stored from before.
    await compareIn(folder, 'several', '--instances', '1');
    outcome = await compareIn(folder, 'several');
  });

  it('goes on from the first, with other teachers, data and first weights', () => {
    expect(outcome.status).toBe(0);
    expect(outcome.stderr.match(/8 of 8 runs are stored; 0 to compute/g)).toHaveLength(3);
    expect(outcome.stderr).toContain('instance 2 of 2\nreference\n8 runs to compute');
    const starts = readTable(join(out, 'figures', 'comparison.csv')).filter(
      ({ time, level, surrogate }) => time === '0' && level === '1' && surrogate === 'langevin',
    );
    expect(starts.map(({ instance }) => instance)).toEqual(['1', '2']);
    expect(starts[0]['sgd mean']).not.toBe(starts[1]['sgd mean']);
    expect(readNpz(join(out, 'instance-2', 'linearised.npz')).get('K')).not.toEqual(
      readNpz(join(out, 'linearised.npz')).get('K'),
    );
  });

  it('says of each and of both together what was found, and what would have been', () => {
    const rows = readTable(join(out, 'verdicts.csv'));
    expect(rows.map(({ instance }) => instance)).toEqual(['1', '2', 'all'].flatMap((name) => Array(4).fill(name)));
    const levels = readTable(join(out, 'figures', 'comparison.csv'));
    for (const row of rows.filter(({ instance }) => instance === 'all')) {
      expect(row.instances).toBe('2');
      const alone = ['agree', 'fail', 'cannot tell'].map((name) => Number(row[`alone ${name}`]));
      expect(alone.reduce((a, b) => a + b)).toBe(2);
      // The mean of two shifts, and half their difference as its error.
      const shifts = [1, 2].map((instance) =>
        levels.filter(
          (own) =>
            own.instance === `${instance}` && own.surrogate === row.surrogate && own.level === row['shift level'],
        ),
      );
      const [one, two] = shifts.map((list) => list.map((own) => Number(own.shift)));
      const fits = one.map((shift, i) => [(shift + two[i]) / 2, Math.abs(shift - two[i]) / 2]);
      const own = [Number(row['worst shift']), Number(row['shift error'])];
      expect(fits.some((fit) => Math.hypot(fit[0] - own[0], fit[1] - own[1]) < 1e-9)).toBe(true);
      for (const name of ['shift error within', 'detectable shift', 'detectable shift between']) {
        expect(Number(row[name])).toBeGreaterThan(0);
      }
      expect(Number(row['shift between instances'])).toBeGreaterThanOrEqual(0);
    }
    expect(JSON.parse(read('verdicts.json'))).toHaveLength(12);
    expect(readTable(join(out, 'spacings.csv')).map(({ instance }) => instance)).toEqual(['1', '1', '2', '2']);
    expect(outcome.stdout).toMatch(/langevin, over 2 instances\n {2}0 to 1: .*between instances sd .*error within one/);
  });

  it('tells it on the page and in the figure', async () => {
    expect((await commands.call(folder, ['report', 'several'])).status).toBe(0);
    const page = read('report.html');
    expect(page).toContain('<h2>Over 2 instances</h2>');
    expect(page).toContain('root seeds 3 to 4, one for each of 2 instances');
    expect(page).toContain('eigenflow compare several.json --instances 2 --out several');
    expect(page).toContain('<code>several/instance-2/reference</code>');
    expect(read('figures/comparison.svg')).toContain('over 2 instances:');
  });

  it('is stored, so that nothing is computed twice, and an instance is a comparison of its own', async () => {
    const verdicts = read('verdicts.csv');
    const again = await compareIn(folder, 'several');
    expect(again.stderr.match(/8 of 8 runs are stored; 0 to compute/g)).toHaveLength(6);
    expect(read('verdicts.csv')).toBe(verdicts);
    writeFileSync(join(folder, 'alone.json'), JSON.stringify(several));
    await compareIn(folder, 'alone', '--instances', '1', '--set', 'seed=4');
    expect(
      readFileSync(join(folder, 'alone', 'linearised.npz')).equals(
        readFileSync(join(out, 'instance-2', 'linearised.npz')),
      ),
    ).toBe(true);
    const own = readTable(join(folder, 'alone', 'verdicts.csv'));
    const second = readTable(join(out, 'verdicts.csv')).filter(({ instance }) => instance === '2');
    expect(second.map((row) => row['worst shift'])).toEqual(own.map((row) => row['worst shift']));
    expect((await commands.call(folder, ['figures', join('several', 'instance-2')])).status).toBe(0);
  });

  it('is refused where an instance is missing or was compared in another way', async () => {
    const path = join(out, 'comparison.json');
    const record = JSON.parse(readFileSync(path, 'utf8'));
    for (const [changes, message] of [
      [{ top: 1 }, 'instance-2: was compared in another way than instance 1'],
      [{ instances: 3 }, join('instance-3', 'comparison.json')],
      [{ instances: 0 }, 'is not the record of a comparison: instances'],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...record, ...changes }));
      const { status, stderr } = await commands.call(folder, ['figures', 'several']);
      expect(stderr).toContain(message);
      expect(status).toBe(2);
    }
    writeFileSync(path, JSON.stringify(record));
  });
});

it('names a wrong temperature and momentum before the first step, and calls nothing agreement that rests on them', async () => {
  const folder = newFolder();
  const langevin = (T: number) => ({
    noise: { use: 'langevin', temperature: T },
    optimiser: { use: 'sgd', learningRate: 1 / 32 },
  });
  const observers = { spectrum: scenario.observers.spectrum };
  const surrogates = { right: langevin(temperature), hot: langevin(4 * temperature) };
  const plain = { ...scenario, observers, compare: { ...compare, replicas: 6, surrogates } };
  const optimiser = { use: 'momentum', learningRate: 1 / 16, momentum: 0.9 };
  writeFileSync(join(folder, 'hot.json'), JSON.stringify(plain));
  writeFileSync(join(folder, 'momentum.json'), JSON.stringify({ ...plain, optimiser }));
  const hot = await compareIn(folder, 'hot');
  const named = 'T of the surrogate is 4 times that of SGD (0.25 instead of 0.0625)';
  expect(hot.stderr.split('\n')[0]).toBe(`hot: not the same dynamics: ${named}`);
  expect(hot.stderr).not.toContain('right: not the same');
  for (const row of readTable(join(folder, 'hot', 'verdicts.csv'))) {
    expect(row.broken.includes(named)).toBe(row.surrogate === 'hot');
    if (row.surrogate === 'hot') expect(row.verdict).not.toBe('agrees');
  }
  await commands.call(folder, ['report', 'hot']);
  expect(readFileSync(join(folder, 'hot', 'report.html'), 'utf8')).toContain(`hot: not the same dynamics: ${named}`);

  const momentum = await compareIn(folder, 'momentum');
  expect(momentum.stderr).toContain(
    'right: not the same dynamics: momentum 0.9 multiplies the effective rate of SGD by 10',
  );
  expect(momentum.stderr).toContain(
    'T of the surrogate is 0.1 times that of SGD (0.0625 instead of 0.625, momentum counted)',
  );
  for (const { verdict } of readTable(join(folder, 'momentum', 'verdicts.csv'))) expect(verdict).not.toBe('agrees');
});

describe('what is stored', () => {
  const folder = newFolder();
  const stored = (name: string, content: object) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...scenario, ...content }));
    return compareIn(folder, name);
  };
  const observers = { spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 5 } } };
  const small = { observers, compare: { ...compare, surrogates: { langevin: compare.surrogates.langevin } } };

  it('is refused where its frames are at other learning times, or a window reaches beyond it', async () => {
    const here = await stored('here', small);
    const others = { spectrum: { ...observers.spectrum, when: { points: 3 } } };
    const there = await stored('there', { ...small, observers: others });
    expect([here.status, there.status]).toEqual([0, 0]);
    rmSync(join(folder, 'here', 'langevin'), { recursive: true });
    cpSync(join(folder, 'there', 'langevin'), join(folder, 'here', 'langevin'), { recursive: true });
    const mixed = await commands.call(folder, ['figures', 'here']);
    expect(mixed.status).toBe(2);
    expect(mixed.stderr).toContain(
      'frame 2 falls at learning time 0.5 under SGD and at learning time 1 under langevin',
    );

    const path = join(folder, 'there', 'comparison.json');
    const record = JSON.parse(readFileSync(path, 'utf8'));
    for (const [windows, message] of [
      [[1, 4], 'the last window ends at 4, the runs at a learning time of 2'],
      [[0.5, 2], 'no frame lies in the window from 0 to 0.5'],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...record, windows }));
      const { status, stderr } = await commands.call(folder, ['figures', 'there']);
      expect(stderr).toContain(message);
      expect(status).toBe(2);
    }
  });
});

it('counts realisations that diverged, and says so where many more do under one dynamics', async () => {
  const folder = newFolder();
  const out = join(folder, 'lossy');
  const lossy = {
    ...scenario,
    // Above it lies the loss of some single samples, and never that of all of them.
    limits: { loss: 0.4 },
    observers: { spectrum: scenario.observers.spectrum },
    compare: { ...compare, replicas: 16, surrogates: { still: compare.surrogates.still } },
  };
  writeFileSync(join(folder, 'lossy.json'), JSON.stringify(lossy));
  const { stdout } = await compareIn(folder, 'lossy');
  const [row] = readTable(join(out, 'verdicts.csv'));
  const used = Number(row['sgd used']);
  expect(used).toBeGreaterThan(1);
  expect(row['sgd left out']).toBe(`${16 - used} diverged`);
  expect([row['surrogate used'], row['surrogate left out']]).toEqual(['16', '']);
  expect(Number(row['survival p value'])).toBeLessThan(0.01);
  const left = `${used} of 16 realisations (${16 - used} diverged)`;
  expect(row.broken).toContain(`realisations lost unequally: ${left} used under SGD`);
  expect(stdout).toContain(`what the theory assumes, as measured under SGD, ${left}`);
  expect(stdout).toContain('still, one realisation, 16 times the same run, by window of learning time');
  await commands.call(folder, ['report', 'lossy']);
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page).toContain(`Under SGD:\n${left}.`);
  expect(page).toContain('<p>one realisation, 16 times the same run. By window of learning time:</p>');
  expect(readFileSync(join(out, 'figures', 'comparison.svg'), 'utf8')).toContain(`(${16 - used} diverged)`);
});

describe('what cannot be compared is refused before anything is written', () => {
  const withSurrogate = (changes: object) => ({
    compare: { ...compare, surrogates: { wrong: { ...levelSurrogate('frozen'), ...changes } } },
  });
  const withSgd = (learningRate: number, changes: object = {}) => ({
    compare: {
      ...compare,
      surrogates: {
        wrong: { noise: { use: 'langevin', temperature }, optimiser: { use: 'sgd', learningRate }, ...changes },
      },
    },
  });
  const cases: [string, object, string][] = [
    ['no surrogates', { compare: undefined }, 'compare: is missing'],
    ['no learning time', { time: undefined, steps: 5 }, 'time: a comparison is made at equal learning time'],
    [
      'coefficients that no observer measures',
      withSurrogate({ coefficients: { from: 'coefficient', drift: 'frozen' } }),
      'no observer "coefficient" measures coefficients; did you mean "coefficients"?',
    ],
    [
      'a drift that there is not',
      withSurrogate({ coefficients: { from: 'coefficients', drift: 'melted' } }),
      'compare.surrogates.wrong.coefficients.drift: expected "frozen" or "linearised", found "melted"',
    ],
    [
      'coefficients for which there are too few realisations',
      { compare: { ...compare, replicas: 3, surrogates: { wrong: levelSurrogate('frozen') } } },
      'compare.surrogates.wrong.coefficients: are measured on half of the realisations and compared with the rest, for ' +
        'which 3 are too few; give compare.replicas at least 4, or coefficients.realisations: "all"',
    ],
    [
      'a part of the realisations that there is not',
      withSurrogate({ coefficients: { from: 'coefficients', drift: 'frozen', realisations: 'third' } }),
      'compare.surrogates.wrong.coefficients.realisations: expected "half" or "all", found "third"',
    ],
    [
      'a model that takes no coefficients',
      withSurrogate({ model: { use: 'laguerre-process', rows: 4, cols: 6, temperature } }),
      'compare.surrogates.wrong.model: "laguerre-process" takes no measured coefficients; "general-levels" does',
    ],
    [
      'noise that cannot be repeated from the same start',
      withSurrogate({ optimiser: { use: 'sgd', learningRate: 0.1 } }),
      '"full-batch" and "sgd" has a parameter replica',
    ],
    [
      'frames of a surrogate at other learning times',
      withSgd(0.15),
      'compare.surrogates.wrong: levels are compared at equal learning times, but of spectrum.levels frame 2 falls at ' +
        'learning time 0.5 under SGD and at learning time 0.45 under wrong; give both observers the same `when` and both ' +
        'dynamics steps that divide the time between two frames, such as a step of 0.125 instead of 0.15 under wrong',
    ],
    [
      'a surrogate with fewer frames',
      withSgd(0.8),
      'frame 2 falls at learning time 0.5 under SGD and at learning time 0.8 under wrong',
    ],
    [
      'a reference whose steps do not fit',
      { ...withSgd(1 / 16), optimiser: { use: 'sgd', learningRate: 0.15 } },
      'such as a step of 0.125 instead of 0.15 under SGD',
    ],
    [
      'instances that are the same, since all is given',
      {
        ...withSgd(1 / 16),
        model: { use: 'teacher-student', arrays: 'task.npz', trained: ['W'] },
        compare: { ...withSgd(1 / 16).compare, instances: 2 },
      },
      'compare.instances: all instances would be the same one: weights and data are given',
    ],
    [
      'a number of instances that there cannot be',
      { compare: { ...compare, instances: 0 } },
      'compare.instances: expected a whole number of at least 1 and at most 100000, found 0',
    ],
    [
      'a surrogate with the name of an instance',
      { compare: { ...compare, surrogates: { 'instance-2': compare.surrogates.langevin } } },
      'is neither "reference" nor "instance-2" or alike',
    ],
    ['no step', { time: 0.01 }, 'time: is less than half a step under SGD: nothing would move'],
    ['no step of a surrogate', withSgd(5), 'time: is less than half a step under wrong: nothing would move'],
    [
      'a window beyond the end',
      { compare: { ...compare, windows: [1, 4] } },
      'compare.windows[1]: 4 is after the end of the run, which takes a learning time of 2',
    ],
    [
      'a window in which nothing is observed',
      { compare: { ...compare, windows: [0.25, 2] } },
      'compare.windows[0]: no frame of the levels lies between 0 and 0.25',
    ],
    [
      'a surrogate with too few levels',
      { ...withSgd(1 / 16, { model: { ...scenario.model, features: 1 } }) },
      'compare.surrogates.wrong: has 1 levels where 2 are compared; lower compare.top',
    ],
    [
      'a surrogate without the levels',
      withSgd(1 / 16, { observers: { other: { use: 'gram-spectrum', block: 'W' } } }),
      'compare.surrogates.wrong.observers: no channel of levels "spectrum.levels"',
    ],
    [
      'levels that are not observed',
      { compare: { ...compare, levels: 'spectrum.level' } },
      'did you mean "spectrum.levels"?',
    ],
  ];

  it('each with its path and a remedy', () => {
    const folder = newFolder();
    const matrix = (rows: number, cols: number) => {
      const data = Float64Array.from({ length: rows * cols }, (_, i) => ((i * i + rows) % 7) / 4 - 0.7);
      return { kind: 'float64', shape: [rows, cols], data } as const;
    };
    const task = {
      x: matrix(60, 3),
      W_teacher: matrix(6, 4),
      W_initial: matrix(6, 4),
      M: matrix(4, 3),
      Z: matrix(1, 6),
    };
    writeFileSync(join(folder, 'task.npz'), encodeNpz(new Map(Object.entries(task))));
    const calls = cases.map(([, changes], i) => {
      writeFileSync(join(folder, `${i}.json`), JSON.stringify({ ...scenario, ...changes }));
      return { folder, args: ['compare', `${i}.json`, '--out', 'out'] };
    });
    eigenflowMany(calls).forEach(({ status, stderr }, i) => {
      expect(stderr, cases[i][0]).toContain(cases[i][2]);
      expect(status, cases[i][0]).toBe(2);
    });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
