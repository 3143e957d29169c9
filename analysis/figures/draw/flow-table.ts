// The numbers of a flow figure: every element of a channel over time, in panels that stand for cells of a sweep.
import type { RunStatus } from '../../../core/contracts/classifier.js';
import type { FlowDeclaration, ScaleKind } from '../../../core/contracts/figure.js';

/** One run, or the place of one that has no data. */
export interface FlowPanel {
  /** The cell, one entry per axis, such as `learning rate = 0.5`. */
  readonly label: readonly string[];
  readonly status: RunStatus | 'missing';
  /** Frames, in the unit of the x axis. */
  readonly x: readonly number[];
  /** Frames x elements. */
  readonly values: readonly (readonly number[])[];
  /** The law, in frames of its own. */
  readonly theory?: { readonly x: readonly number[]; readonly values: readonly (readonly number[])[] };
  /** Levels that do not move. */
  readonly reference?: readonly number[];
}

export interface FlowTable {
  readonly title: string;
  readonly note?: string;
  /** Axes that the declaration fixes, such as `learning rate = 1`; else empty. */
  readonly where: string;
  readonly xLabel: string;
  readonly valueLabel: string;
  /** Name of one element, such as `level`. */
  readonly elementLabel: string;
  readonly xScale: ScaleKind;
  readonly yScale: ScaleKind;
  /** Every panel with a y axis of its own. */
  readonly ownScales: boolean;
  /** Undefined for checkpoints of another program, of which no seed is known. */
  readonly seed: number | undefined;
  /** Cells that the declaration asks for; more than there are panels where not all fit. */
  readonly cells: number;
  readonly panels: readonly FlowPanel[];
  /** What the levels that do not move are; undefined where there are none. */
  readonly referenceLabel?: string;
  /** What the law is called; undefined where there is none. */
  readonly theoryLabel?: string;
}

export interface FlowSource {
  readonly title: string;
  readonly where: string;
  readonly valueLabel: string;
  readonly elementLabel: string;
  readonly cells: number;
  readonly panels: readonly FlowPanel[];
  /** Whether eigenflow has made the runs: it draws their seeds. */
  readonly hasSeed: boolean;
}

/** More panels could not be read on a page. */
export const MOST_PANELS = 24;

const X_LABELS = { epoch: 'epochs', step: 'steps', time: 'time (sum of step sizes)' } as const;

export function tabulateFlow(declaration: FlowDeclaration, source: FlowSource): FlowTable {
  return {
    title: declaration.title ?? source.title,
    note: declaration.note,
    where: source.where,
    xLabel:
      declaration.xLabel ??
      (declaration.since ? `${X_LABELS[declaration.x]} since ${declaration.since}` : X_LABELS[declaration.x]),
    valueLabel: declaration.valueLabel ?? source.valueLabel,
    elementLabel: source.elementLabel,
    xScale: declaration.xScale ?? naturalScale(source.panels),
    yScale: declaration.yScale ?? 'linear',
    ownScales: declaration.ownScales ?? false,
    seed: source.hasSeed ? (declaration.seed ?? 0) : undefined,
    cells: source.cells,
    panels: source.panels,
    referenceLabel: declaration.reference?.label,
    theoryLabel: declaration.theory === undefined ? undefined : (declaration.theoryLabel ?? 'theory'),
  };
}

/** Log where frames crowd at the start, as those of a `perDecade` trigger do. */
function naturalScale(panels: readonly FlowPanel[]): ScaleKind {
  const longest = panels.reduce<readonly number[]>((best, { x }) => (x.length > best.length ? x : best), []);
  const end = longest[longest.length - 1];
  return longest.filter((x) => x < end / 10).length > longest.length / 2 ? 'log' : 'linear';
}
