// Where classifiers agree and where they do not, for the terminal.

import type { Judgement } from '../analysis/stored/agreement.js';
import { compareCells, disagreements, type JudgedCell } from '../analysis/stored/agreement.js';
import type { Axis } from '../core/contracts/classifier.js';

/** Cells with a disagreement that are listed; all of them are in the table. */
const MOST_CELLS = 24;

const shortName = (axis: string) => axis.slice(axis.lastIndexOf('.') + 1);

function labelCounts({ classifier, labels, verdict }: Judgement): string {
  const counts = labels.map((label) => [label, verdict.cells.filter((cell) => cell.label === label).length] as const);
  const without = verdict.cells.filter((cell) => cell.label === undefined).length;
  const shown = counts.filter(([, count]) => count > 0).map(([label, count]) => `${count} ${label}`);
  const runs = verdict.cells.reduce((sum, { n }) => sum + n, 0);
  const unlabelled = verdict.cells.reduce((sum, cell) => sum + cell.unlabelled, 0);
  const basis = `by ${runs} runs${unlabelled > 0 ? `, ${unlabelled} without a label` : ''}`;
  return `  ${classifier}: ${[...shown, ...(without > 0 ? [`${without} not measured`] : [])].join(', ')}; ${basis}`;
}

function cellLine({ axes, verdicts }: JudgedCell, names: readonly string[]): string {
  const where = names.map((name) => `${shortName(name)} ${JSON.stringify(axes[name])}`).join(', ');
  const said = verdicts.map((cell) => {
    if (cell?.label === undefined) return '-';
    return `${cell.label} ${cell.probabilities[cell.label].value.toFixed(2)} (N ${cell.n})`;
  });
  return `  ${where}: ${said.join(' | ')}`;
}

/** @param axes of the sweep */
export function agreementReport(judgements: readonly Judgement[], axes: readonly Axis[]): string {
  const lines = ['cells by their most probable label', ...judgements.map(labelCounts)];
  const pairs = disagreements(judgements);
  if (pairs.length > 0) lines.push('', 'agreement');
  for (const { classifiers, cells, agree, differences } of pairs) {
    const differ = differences.map(({ labels, cells: count }) => `${count} ${labels.join('/')}`).join(', ');
    lines.push(`  ${classifiers.join(', ')}: ${agree} of ${cells} cells${differ === '' ? '' : `; ${differ}`}`);
  }
  const open = compareCells(judgements).filter(({ agree }) => !agree);
  if (open.length > 0 && pairs.length > 0) {
    lines.push('', `cells in which they differ: ${judgements.map(({ classifier }) => classifier).join(' | ')}`);
    const names = axes.filter(({ values }) => values.length > 1).map(({ name }) => name);
    lines.push(...open.slice(0, MOST_CELLS).map((cell) => cellLine(cell, names)));
    if (open.length > MOST_CELLS) lines.push(`  ... and ${open.length - MOST_CELLS} more`);
  }
  return lines.join('\n');
}
