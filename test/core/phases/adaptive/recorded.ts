// A recorded map of a real sweep: the label of every run of the 12 x 12 grid, five seeds a cell, after 100 epochs.
import { readFileSync } from 'node:fs';
import type { Choice, Outcome } from '../../../../core/phases/choose.js';
import type { Observation } from '../../../../core/phases/observations.js';
import { expandSweep, type Grid } from '../../../../core/scenario/sweep.js';

const recorded: { widths: number[]; rates: number[]; labels: string[] } = JSON.parse(
  readFileSync(new URL('./recorded.json', import.meta.url), 'utf8'),
);

/** As the letters of the record: learned, frozen, running away, undecided. */
export const LETTERS = ['l', 'f', 'r', 'u'] as const;
export const SEEDS = 5;

export const grid: Grid = expandSweep({
  sweep: {
    axes: { 'model.initialWidth': recorded.widths, 'optimiser.learningRate': recorded.rates },
    seeds: SEEDS,
  },
} as never);

export function letterOf({ cell, seed }: Choice): string {
  const rates = recorded.rates.length;
  return recorded.labels[Math.floor(cell / rates)].split(' ')[cell % rates][seed];
}

export const outcomeOf = (choice: Choice): Outcome => ({
  ...choice,
  labels: LETTERS.map((letter) => (letter === letterOf(choice) ? 1 : 0)),
});

export const allChoices: readonly Choice[] = grid.cells.flatMap((_, cell) =>
  Array.from({ length: SEEDS }, (_s, seed) => ({ cell, seed })),
);

/** log2 of initial width and of T = learning rate / 4. */
export function octavesOf(cell: number): [number, number] {
  const axes = grid.cells[cell];
  return [Math.log2(axes['model.initialWidth'] as number), Math.log2((axes['optimiser.learningRate'] as number) / 4)];
}

export const observationOf = (choice: Choice): Observation => ({
  at: octavesOf(choice.cell),
  instance: choice.seed,
  labels: outcomeOf(choice).labels as number[],
});
