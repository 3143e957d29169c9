// Dealing runs to parts, and planning tasks and arrays: nothing is lost, nothing is done twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTasks } from '../../node/slurm/plan-tasks.js';
import { formatWallTime, parseWallTime, readWallTime } from '../../node/slurm/wall-time.js';
import { checkDivisible, deal, parsePart } from '../../node/study/partition.js';
import { eightRuns } from '../node/studies.js';

describe('parts', () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), { maxLength: 60 });

  it('together are all runs, each once, and differ in length by one at most', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 80 }), (runs, count) => {
        const parts = deal(runs, count);
        expect(parts.flat().sort()).toEqual([...runs].sort());
        const lengths = parts.map((part) => part.length);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are the same whatever order the runs are given in', () => {
    fc.assert(
      fc.property(ids, (runs) => {
        expect(deal([...runs].reverse(), 3)).toEqual(deal(runs, 3));
      }),
    );
  });

  it('are written i/n, counted from 0', () => {
    expect(parsePart('0/1')).toEqual({ index: 0, count: 1 });
    expect(parsePart('39/40')).toEqual({ index: 39, count: 40 });
  });

  it.each([
    ['40/40', '--part 40/40: parts are numbered 0/40 ... 39/40'],
    ['0/0', '--part 0/0: there must be at least one part'],
    ['1', '--part 1: write i/n with whole numbers, for example 0/40 ... 39/40'],
    ['-1/4', '--part -1/4: write i/n with whole numbers, for example 0/40 ... 39/40'],
    ['/40', '--part /40: write i/n with whole numbers, for example 0/40 ... 39/40'],
  ])('"%s" is refused', (text, message) => {
    expect(() => parsePart(text)).toThrow(message);
  });
});

it('an adaptive map has no parts', () => {
  expect(() => checkDivisible({ ...eightRuns, sweep: { ...eightRuns.sweep, adaptive: {} } })).toThrow(
    'sweep.adaptive: an adaptive map chooses its runs by the results so far',
  );
  expect(() => checkDivisible(eightRuns)).not.toThrow();
});

describe('time limits', () => {
  it.each([
    ['90', 5400],
    ['90:30', 5430],
    ['1:30:00', 5400],
    ['2-12', 216_000],
    ['1-0:30', 88_200],
    ['1-02:03:04', 93_784],
  ])('%s is %d s, as sbatch(1) says', (text, seconds) => {
    expect(parseWallTime(text)).toBe(seconds);
    expect(readWallTime(formatWallTime(seconds))).toBe(seconds);
  });

  it.each(['', '4h', '1:2:3:4', '-5', '0', '1.5', '1-', 'UNLIMITED'])('"%s" is refused', (text) => {
    expect(() => parseWallTime(text)).toThrow('expected a time limit as Slurm writes it');
  });

  it('a partition without a limit has an infinite one', () => {
    expect(readWallTime('UNLIMITED')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the plan', () => {
  const request = { runs: 1440, secondsPerRun: 60, cores: 16, workSeconds: 14_000, maxArray: 1000 };

  it('makes tasks of about an hour: 1440 runs of a minute on 16 cores are two tasks of 45 minutes', () => {
    expect(planTasks(request)).toEqual({
      parts: 2,
      arrays: [{ first: 0, tasks: 2 }],
      runsPerPart: 720,
      secondsPerPart: 2700,
      coreHours: 24,
      requeues: 0,
    });
  });

  it('has no more tasks than keep every core of each at work', () => {
    expect(planTasks({ ...request, secondsPerRun: 36_000, runs: 40 })).toMatchObject({ parts: 3, requeues: 2 });
  });

  it('splits over arrays that are as long as the cluster allows', () => {
    const { arrays, parts } = planTasks({ ...request, tasks: 1440, maxArray: 1000 });
    expect(parts).toBe(1440);
    expect(arrays).toEqual([
      { first: 0, tasks: 1000 },
      { first: 1000, tasks: 440 },
    ]);
  });

  it('covers every part once, with no array too long and no part empty', () => {
    const count = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(
        count(5000),
        count(64),
        count(500),
        fc.option(count(9000), { nil: undefined }),
        (runs, cores, maxArray, tasks) => {
          const plan = planTasks({ ...request, runs, cores, maxArray, tasks });
          expect(plan.parts).toBeLessThanOrEqual(runs);
          let next = 0;
          for (const { first, tasks: length } of plan.arrays) {
            expect(first).toBe(next);
            expect(length).toBeLessThanOrEqual(maxArray);
            next += length;
          }
          expect(next).toBe(plan.parts);
          // Idle cores are counted: never below the work itself.
          expect(plan.coreHours * 3600).toBeGreaterThanOrEqual(runs * request.secondsPerRun * (1 - 1e-12));
        },
      ),
    );
  });
});
