// An adaptive map finds the boundary of the dense grid with a quarter of its runs, whatever order results come in.
import { beforeAll, describe, expect, test } from 'vitest';
import { type Choice, firstRuns, nextRuns, type Outcome } from '../../../../core/phases/choose.js';
import { sortObservations } from '../../../../core/phases/observations.js';
import { type AdaptivePlan, planAdaptive } from '../../../../core/phases/plan.js';
import { posteriorOf } from '../../../../core/phases/posterior.js';
import { createSurface, type Surface } from '../../../../core/phases/prediction.js';
import { expandSweep } from '../../../../core/scenario/sweep.js';
import { allChoices, grid, LETTERS, letterOf, observationOf, octavesOf, outcomeOf, SEEDS } from './recorded.js';

const QUARTER = allChoices.length / 4;

function compute(plan: AdaptivePlan, shuffle = (outcomes: Outcome[]) => outcomes): Choice[] {
  let next = firstRuns(plan);
  const chosen: Choice[] = [];
  let outcomes: Outcome[] = [];
  while (next.length > 0) {
    chosen.push(...next);
    outcomes = shuffle([...outcomes, ...next.map(outcomeOf)]);
    next = nextRuns(plan, outcomes);
  }
  return chosen;
}

const surfaceOf = (choices: readonly Choice[]): Surface =>
  createSurface([
    {
      posterior: posteriorOf(sortObservations(choices.map(observationOf), LETTERS.length), {
        lengths: [8, 8],
        amplitude: 8,
        instanceSpread: 1,
      }),
      weight: 1,
    },
  ]);

/** log2 T at which runs of this width (log2) begin to learn, coming from above: the largest with probability 1/2. */
function edgeOfLearning(surface: Surface, width: number): number {
  for (let t = 5; t > -5; t -= 0.125) {
    const above = surface.predict([width, t]).probabilities[0].value;
    const below = surface.predict([width, t - 0.125]).probabilities[0].value;
    if (above < 0.5 && below >= 0.5) return t - (0.125 * (0.5 - above)) / (below - above);
  }
  return Number.NaN;
}

const WIDTHS = [-3, -2, -1, 0, 1, 2, 3];

describe('on recorded data', () => {
  let chosen: Choice[];
  let dense: number[];
  const deviation = (choices: readonly Choice[]) => {
    const surface = surfaceOf(choices);
    const squares = WIDTHS.map((width, i) => (edgeOfLearning(surface, width) - dense[i]) ** 2);
    return Math.sqrt(squares.reduce((sum, square) => sum + square / squares.length, 0));
  };
  beforeAll(() => {
    chosen = compute(planAdaptive({ runs: QUARTER }, grid));
    dense = WIDTHS.map((width) => edgeOfLearning(surfaceOf(allChoices), width));
  });

  test('a quarter of the runs gives the boundary of all of them within a tenth of a cell', () => {
    expect(chosen).toHaveLength(QUARTER);
    expect(dense.every((edge) => edge > -1.5 && edge < 1)).toBe(true);
    expect(deviation(chosen)).toBeLessThan(0.1);
  });

  test('as many runs on a regular grid do not', () => {
    const regular = allChoices.filter(({ cell }) => Math.floor(cell / 12) % 2 === 0 && (cell % 12) % 2 === 0);
    expect(regular).toHaveLength(QUARTER);
    expect(deviation(regular)).toBeGreaterThan(2 * deviation(chosen));
  });

  test('after the first ones, runs lie where labels change', () => {
    const later = chosen.slice(planAdaptive({}, grid).first.length);
    const lettersNear = (cell: number) => {
      const [w, t] = octavesOf(cell);
      const near = allChoices.filter((other) => {
        const [otherW, otherT] = octavesOf(other.cell);
        return Math.abs(otherW - w) <= 1 && Math.abs(otherT - t) <= 1;
      });
      return new Set(near.map(letterOf)).size;
    };
    const atBoundary = later.filter(({ cell }) => lettersNear(cell) > 1).length;
    expect(atBoundary / later.length).toBeGreaterThan(0.85);
    // Of all cells half are as far from every boundary as that.
    expect(grid.cells.filter((_, cell) => lettersNear(cell) === 1).length).toBeGreaterThan(0.4 * grid.cells.length);
  });

  test('no seed decides alone, and no run is chosen twice', () => {
    const uses = Array.from({ length: SEEDS }, (_, seed) => chosen.filter((run) => run.seed === seed).length);
    const [, ...others] = uses;
    expect(Math.min(...others)).toBeGreaterThan(QUARTER / 8);
    expect(new Set(chosen.map(({ cell, seed }) => `${cell} ${seed}`)).size).toBe(QUARTER);
  });

  test('the choice does not depend on the order in which results come in', () => {
    expect(compute(planAdaptive({ runs: 60 }, grid), (outcomes) => [...outcomes].reverse())).toEqual(
      compute(planAdaptive({ runs: 60 }, grid)),
    );
  });

  test('runs that say nothing are counted as done and not asked for again', () => {
    const plan = planAdaptive({ runs: 60, batch: 20 }, grid);
    const outcomes = firstRuns(plan).map(outcomeOf);
    const silent = outcomes.map((outcome, i) => (i % 3 === 0 ? { ...outcome, labels: undefined } : outcome));
    const next = nextRuns(plan, silent);
    expect(next).toHaveLength(20);
    const done = new Set(silent.map(({ cell, seed }) => `${cell} ${seed}`));
    expect(next.filter(({ cell, seed }) => done.has(`${cell} ${seed}`))).toEqual([]);
  });
});

describe('on made-up data', () => {
  const fine = expandSweep({
    sweep: { axes: { 'a.x': { geometric: [1, 1024], count: 11 }, 'a.y': { linear: [0, 10], count: 11 } }, seeds: 4 },
  } as never);
  const plan = planAdaptive({ runs: 80 }, fine);
  const judge = (labelOf: (x: number, y: number, seed: number) => number) => {
    let next = firstRuns(plan);
    const chosen: Choice[] = [];
    const outcomes: Outcome[] = [];
    while (next.length > 0) {
      chosen.push(...next);
      for (const choice of next) {
        const [x, y] = plan.places[choice.cell];
        const label = labelOf(x, y, choice.seed);
        outcomes.push({ ...choice, labels: [0, 1, 2].map((k) => (k === label ? 1 : 0)) });
      }
      next = nextRuns(plan, outcomes);
    }
    return chosen.slice(plan.first.length);
  };

  test('divergence is a class like any other: its border is searched', () => {
    const later = judge((x, y) => (x + y > 1.3 ? 2 : 0));
    const distance = later.map(({ cell }) => Math.abs(plan.places[cell][0] + plan.places[cell][1] - 1.3));
    expect(distance.filter((d) => d <= 0.25).length / distance.length).toBeGreaterThan(0.8);
  });

  test('where seeds disagree, cells get several of them, and the zone of disagreement gets the runs', () => {
    const later = judge((x, _y, seed) => (x > 0.25 + 0.15 * seed ? 1 : 0));
    const zone = later.filter(({ cell }) => plan.places[cell][0] > 0.15 && plan.places[cell][0] < 0.8);
    expect(zone.length / later.length).toBeGreaterThan(0.9);
    expect(zone.length / new Set(zone.map(({ cell }) => cell)).size).toBeGreaterThan(1.5);
  });

  test('where all runs agree the budget is used all the same', () => {
    expect(judge(() => 0)).toHaveLength(plan.runs - plan.first.length);
  });
});

describe('a plan', () => {
  test('places run from 0 to 1, in the logarithm where values are positive', () => {
    const { places, first } = planAdaptive({ every: 4 }, grid);
    expect(places[0]).toEqual([0, 0]);
    expect(places[143]).toEqual([1, 1]);
    expect(places[13][0]).toBeCloseTo(1 / 11, 14);
    // 0, 4, 8 and the last one along both axes.
    expect(first).toHaveLength(16);
  });

  test('axes that vary together are one axis', () => {
    const zipped = expandSweep({
      sweep: { zip: [{ 'a.x': [1, 2, 4], 'a.y': [2, 4, 8] }], axes: { 'a.z': [1, 10] }, seeds: 3 },
    } as never);
    expect(planAdaptive({}, zipped).places[0]).toHaveLength(2);
  });

  test('a mistake is answered with its place', () => {
    expect(() => planAdaptive({ runs: 10 }, grid)).toThrow(/sweep\.adaptive\.runs: .* from 25 to 720, found 10/);
    expect(() => planAdaptive({ every: 0 }, grid)).toThrow(/sweep\.adaptive\.every/);
    expect(() => planAdaptive({ batch: 1.5 }, grid)).toThrow(/sweep\.adaptive\.batch/);
    const words = expandSweep({ sweep: { axes: { 'a.x': ['p', 'q'] } } } as never);
    expect(() => planAdaptive({}, words)).toThrow(/axes of two numbers or more; a\.x/);
    expect(() => planAdaptive({}, expandSweep({} as never))).toThrow(/needs a sweep with axes/);
  });
});
