// `eigenflow advise` on real results: what it prints, the same as JSON, what it refuses, and how to go on from there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';
import { type CommandProcess, eigenflowMany, type Outcome, openCommandProcess } from './command.js';

const setting = ['--learning-rate', '0.5', '--batch-size', '4', '--initial-width', '1'];
let folder: string;

/** A setting at which the small map is undecided. */
const open = ['--learning-rate', '8', '--batch-size', '4', '--initial-width', '1'];

beforeAll(async () => {
  folder = newFolder();
  await compute(
    {
      ...smallMap,
      sweep: {
        axes: {
          'model.initialWidth': { geometric: [0.125, 128], count: 6 },
          'optimiser.learningRate': { geometric: [0.125, 512], count: 7 },
        },
        seeds: 3,
      },
    },
    { folder },
  );
});

describe("a map of one's own", () => {
  const far = ['--learning-rate', '1024', '--batch-size', '4', '--initial-width', '1'];
  const calls = {
    text: ['advise', ...setting, '--map', 'out'],
    json: ['advise', ...setting, '--map', 'out', '--json'],
    exported: ['export', 'out', '--format', 'map', '--out', 'small-map'],
    again: ['export', 'out', '--format', 'map', '--out', 'small-map'],
    overOther: ['export', 'out', '--format', 'map', '--out', 'out'],
    small: ['advise', ...setting, '--map', 'small-map', '--json'],
    refused: ['advise', ...far, '--map', 'small-map', '--no-picture'],
    next: ['advise', ...far, '--map', 'small-map', '--next', 'next.json', '--json'],
    figure: ['advise', ...setting, '--map', 'small-map', '--figure', 'map.svg', '--json'],
    shipped: ['advise', ...setting, '--json'],
    wrongFigure: ['advise', ...setting, '--map', 'small-map', '--figure', 'map.bmp'],
  };
  const outcomes = {} as Record<keyof typeof calls, Outcome>;
  beforeAll(() => {
    const names = Object.keys(calls) as (keyof typeof calls)[];
    const all = eigenflowMany(names.map((name) => ({ folder, args: calls[name] })));
    names.forEach((name, i) => {
      outcomes[name] = all[i];
    });
  });

  it('gives the phase in words, with a picture, or the same numbers as JSON', () => {
    const { text, json } = outcomes;
    expect(text.stderr).toBe('');
    expect(text.status).toBe(0);
    expect(text.stdout).toContain('learning rate 0.5, batch size 4: T = 0.125; initial width 1; after 20 epochs\n');
    expect(text.stdout).toContain('it does not know\n');
    expect(text.stdout).toMatch(/126 runs of 42 settings on 3 instances/);
    expect(text.stdout).toMatch(/@ this setting\n$/);
    const advice = JSON.parse(json.stdout);
    expect(advice.setting).toEqual({ initialWidth: 1, temperature: 0.125, batchSize: 4, length: 20 });
    expect(advice.basis).toMatchObject({ runs: 126, settings: 42, instances: 3, batchSizes: [4], lengths: [20] });
    expect(typeof advice.decided).toBe('boolean');
    if (advice.decided) expect(text.stdout).toContain(`${advice.label}, with probability`);
  });

  it('is exported as a small data set that gives the same advice', () => {
    const { json, small, exported, again, overOther } = outcomes;
    expect(exported.stderr).toBe('');
    const without = (text: string) => ({ ...JSON.parse(text), basis: undefined });
    expect(without(small.stdout)).toEqual(without(json.stdout));
    const [header, row] = readFileSync(join(folder, 'small-map', 'runs.csv'), 'utf8').split('\n');
    expect(header).toBe(
      'id,model.initialWidth,optimiser.learningRate,seed,status,steps,label outcome,loss.loss first,loss.loss last,spectrum.levels[0] first,spectrum.levels[0] last,spectrum.levels[3] first,spectrum.levels[3] last,overlap.q first,overlap.q last',
    );
    expect(row.split(',')).toHaveLength(15);
    // An older export is replaced, anything else is left alone.
    expect(again.status).toBe(0);
    expect(overOther.status).toBe(2);
    expect(overOther.stderr).toContain('is not an eigenflow export');
  });

  it('need not be there: one comes with eigenflow', () => {
    const advice = JSON.parse(outcomes.shipped.stdout);
    expect(advice).toMatchObject({ decided: true, label: 'ordered' });
    expect(advice.basis).toMatchObject({ source: 'maps/tanh-teacher-student', instances: 20 });
  });

  it('is drawn with the setting in it', () => {
    const { figure, wrongFigure } = outcomes;
    expect(figure.status).toBe(0);
    const svg = readFileSync(join(folder, 'map.svg'), 'utf8');
    expect(svg).toContain('Ring: the setting that was asked about.');
    expect(svg).toContain('T = learning rate / batch size');
    expect(wrongFigure.status).toBe(2);
    expect(wrongFigure.stderr).toContain('map.bmp: the name of a figure ends in svg, pdf, png');
  });

  it('outside of it names what to run, and gives no number', () => {
    const { refused } = outcomes;
    expect(refused.status).toBe(0);
    expect(refused.stdout).toContain('No answer: outside the map.');
    expect(refused.stdout).not.toMatch(/with probability 0|with probability above/);
  });
});

describe('"what to run next", followed to the letter', () => {
  let commandLine: CommandProcess;
  beforeAll(async () => {
    commandLine = openCommandProcess();
    await commandLine.call(folder, ['export', 'out', '--format', 'map', '--out', 'small-map']);
  });
  afterAll(() => commandLine?.close());
  /** The commands that an answer prints, without the name of the program. */
  const commandsIn = (text: string) =>
    text.split('\n').flatMap((line) => (line.startsWith('  eigenflow ') ? [line.trim().split(' ').slice(1)] : []));

  async function follow(first: readonly string[]): Promise<string[]> {
    const answers: string[] = [];
    let ask = first;
    for (let round = 0; round < 2; round++) {
      const asked = await commandLine.call(folder, [...ask, '--no-picture']);
      expect(asked.stderr).toBe('');
      answers.push(asked.stdout);
      const commands = commandsIn(asked.stdout);
      if (commands.length === 0) return answers;
      for (const command of commands.slice(0, -1)) {
        const done = await commandLine.call(folder, command);
        expect(done.status, done.stderr).toBe(0);
      }
      ask = commands[commands.length - 1];
    }
    answers.push((await commandLine.call(folder, [...ask, '--no-picture'])).stdout);
    return answers;
  }

  it('outside the map: ten runs of the setting, which the map then knows', async () => {
    const answers = await follow(['advise', '-l', '1024', '-b', '4', '-i', '1', '--map', 'small-map']);
    expect(answers[0]).toContain('10 seeds of this setting');
    expect(answers[1]).toContain('runs of this very setting: 10 running-away (N = 10)');
    expect(answers[1]).toContain('running-away, with probability');
    expect(answers).toHaveLength(2);
  });

  it('at another batch size too', async () => {
    const answers = await follow(['advise', '-l', '0.25', '-b', '8', '-i', '1', '--map', 'small-map']);
    expect(answers[0]).toContain('No number: the map has batch size 4');
    expect(answers[1]).toMatch(/runs of this very setting: .*\(N = 10\)/);
    expect(answers[1]).toContain('on 10 instances');
  });

  it('by labels of another classifier than that of the scenario', async () => {
    const state = { use: 'weights', block: 'W', when: { at: [0, 'end'] } } as const;
    const elsewhere = newFolder();
    const weighed = join(elsewhere, 'out');
    const axes = { 'model.initialWidth': [0.5, 4, 32], 'optimiser.learningRate': [0.25, 4, 64] };
    await compute(
      { ...smallMap, observers: { ...smallMap.observers, state }, sweep: { axes, seeds: 2 } },
      { folder: elsewhere },
    );
    const analyse = ['analyse', weighed, '--classifiers', 'order-parameters', '--frames', 'ends'];
    expect((await commandLine.call(folder, analyse)).status).toBe(0);
    const answers = await follow(['advise', '-l', '1024', '-b', '4', '-i', '2', '--map', weighed]);
    expect(answers[0]).toContain('--classifiers order-parameters');
    expect(answers[1]).toMatch(/runs of this very setting: .*\(N = 10\)/);
  });

  it('where it stays open, the next runs are new ones', async () => {
    // Half of the instances learn there, whatever the others do: no number of runs decides it.
    const answers = await follow(['advise', ...open, '--map', 'small-map']);
    expect(answers[0]).toContain('No number: the map does not decide');
    const counts = answers.slice(1).map((text) => Number(/\(N = (\d+)\)/.exec(text)?.[1]));
    expect(counts[0]).toBe(10);
    if (answers.length > 2) {
      expect(answers[1]).toContain('10 seeds that the map has, and 10 new ones of this setting');
      expect(counts[1]).toBe(20);
    }
  });
});

describe('a mistake is answered with its place, and writes nothing', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no setting', ['--map', 'out'], /required option '-l, --learning-rate <value>' not specified/],
    ['a learning rate of 0', ['-l', '0', '-b', '4', '-i', '1', '--map', 'out'], /expected a positive number/],
    ['half a batch', ['-l', '1', '-b', '0.5', '-i', '1', '--map', 'out'], /whole number of at least 1/],
    ['no such folder', [...setting, '--map', 'nowhere'], /nowhere: is not a results folder/],
    ['a classifier that has no labels there', [...setting, '--map', 'out', '-c', 'outcomes'], /did you mean "outcome"/],
    [
      'a label that there is not',
      [...setting, '--map', 'out', '--safe', 'learnt'],
      /--safe: no label "learnt"; did you mean "learned"/,
    ],
    [
      'a misspelt parameter of the network',
      [...setting, '--map', 'out', '-n', 'hiden=64'],
      /model\.hiden: no such parameter; did you mean "hidden"\? Its parameters: /,
    ],
    ['no features', [...setting, '--map', 'out', '-n', 'features=0'], /model\.features: 0 is out of range; it must be/],
    [
      'a network that there is not',
      [...setting, '--map', 'out', '-n', 'use=teacher'],
      /model\.use: no model called "teacher"\. Known: teacher-student, /,
    ],
    [
      'the initial width as a parameter of the network',
      [...setting, '--map', 'out', '-n', 'initialWidth=2'],
      /model\.initialWidth: is a coordinate of the map; give it with --initial-width/,
    ],
    ['a confidence of a half', [...setting, '--map', 'out', '--confidence', '0.5'], /above 0.5 and below 1/],
  ];
  const outcomes = () =>
    eigenflowMany(cases.map(([, args]) => ({ folder, args: ['advise', ...args, '--next', 'never.json'] })));
  let all: ReturnType<typeof outcomes>;
  beforeAll(() => {
    all = outcomes();
  });
  cases.forEach(([name, , message], i) => {
    it(name, () => {
      expect(all[i].stderr).toMatch(message);
      expect(all[i].status).toBe(2);
      expect(all[i].stdout).toBe('');
      expect(existsSync(join(folder, 'never.json'))).toBe(false);
    });
  });
});
