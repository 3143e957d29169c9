// Where classifiers agree and where they do not, cell by cell.
import type { CellVerdict, SweepVerdict } from '../../core/contracts/classifier.js';
import type { Json } from '../../core/contracts/json.js';
import { canonical } from '../../core/scenario/identity.js';
import { csvTable } from '../../node/files/csv-cell.js';
import { axisText } from '../../node/results/runs-table.js';

/** What one classifier says of all runs. */
export interface Judgement {
  readonly classifier: string;
  readonly labels: readonly string[];
  readonly verdict: SweepVerdict;
}

export interface JudgedCell {
  readonly axes: Readonly<Record<string, Json>>;
  /** In the order of the classifiers; undefined where one has no such cell. */
  readonly verdicts: readonly (CellVerdict | undefined)[];
  /** Whether all that have a label have the same one. */
  readonly agree: boolean;
}

/** All cells, in the order of the first classifier. Only classifiers with the same labels can agree. */
export function compareCells(judgements: readonly Judgement[]): JudgedCell[] {
  const byAxes = judgements.map(
    ({ verdict }) => new Map(verdict.cells.map((cell) => [canonical(cell.axes), cell] as const)),
  );
  const keys = new Set(byAxes.flatMap((cells) => [...cells.keys()]));
  return [...keys].map((key) => {
    const verdicts = byAxes.map((cells) => cells.get(key));
    const labels = new Set(verdicts.flatMap((cell) => cell?.label ?? []));
    const { axes } = verdicts.find((cell) => cell !== undefined) as CellVerdict;
    return { axes, verdicts, agree: labels.size < 2 };
  });
}

/** One row per cell: the axes, whether all agree, and of each classifier the label, its probability and N. */
export function agreementTable(judgements: readonly Judgement[], axes: readonly string[]): string {
  return csvTable(
    [
      ...axes,
      'agree',
      ...judgements.flatMap(({ classifier }) => [classifier, `${classifier} probability`, `${classifier} n`]),
    ],
    compareCells(judgements).map((cell) => [
      ...axes.map((name) => axisText(cell.axes[name])),
      String(cell.agree),
      ...cell.verdicts.flatMap((verdict) =>
        verdict?.label === undefined
          ? ['', '', String(verdict?.n ?? 0)]
          : [verdict.label, String(verdict.probabilities[verdict.label].value), String(verdict.n)],
      ),
    ]),
  );
}

/** How often two classifiers give two different labels. */
export interface Disagreement {
  readonly classifiers: readonly [string, string];
  /** Cells in which both have a label. */
  readonly cells: number;
  readonly agree: number;
  /** `label of the first / label of the second`, most frequent first. */
  readonly differences: readonly { readonly labels: readonly [string, string]; readonly cells: number }[];
}

/** Every pair of classifiers with the same labels. */
export function disagreements(judgements: readonly Judgement[]): Disagreement[] {
  const cells = compareCells(judgements);
  return judgements.flatMap((second, b) =>
    judgements.slice(0, b).flatMap((first, a): Disagreement[] => {
      if (String(first.labels) !== String(second.labels)) return [];
      const pairs = cells.flatMap(({ verdicts }) => {
        const [x, y] = [verdicts[a]?.label, verdicts[b]?.label];
        return x === undefined || y === undefined ? [] : [[x, y] as const];
      });
      const counts = new Map<string, number>();
      for (const pair of pairs) if (pair[0] !== pair[1]) counts.set(String(pair), (counts.get(String(pair)) ?? 0) + 1);
      const differences = [...counts]
        .map(([key, count]) => ({ labels: key.split(',') as [string, string], cells: count }))
        .sort((p, q) => q.cells - p.cells);
      const agree = pairs.filter(([x, y]) => x === y).length;
      return [{ classifiers: [first.classifier, second.classifier], cells: pairs.length, agree, differences }];
    }),
  );
}
