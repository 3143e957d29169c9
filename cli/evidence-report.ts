// What checkpoints say of each layer, for the terminal: quantities in rows, layers in columns.
import type { LayerEvidence } from '../analysis/stored/layer-evidence.js';

/** Layers that fit beside each other; the rest follows below. */
const LAYERS_IN_A_ROW = 4;
const WIDTH = 22;

const shown = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? '-' : Number(value.toPrecision(4)).toString();
/** The end of a long name says more than its beginning. */
const short = (name: string) => (name.length < WIDTH ? name : `…${name.slice(2 - WIDTH)}`);

export function evidenceReport(evidence: readonly LayerEvidence[]): string {
  // What was measured of no layer, such as T where nobody has said it, has no row.
  const names = Object.keys(evidence[0]?.values ?? {}).filter((name) =>
    evidence.some(({ values }) => !Number.isNaN(values[name])),
  );
  const margin = Math.max(...names.map((name) => name.length)) + 2;
  const lines: string[] = [];
  for (let at = 0; at < evidence.length; at += LAYERS_IN_A_ROW) {
    const part = evidence.slice(at, at + LAYERS_IN_A_ROW);
    const row = (head: string, cells: readonly string[]) =>
      `${head.padEnd(margin)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`.trimEnd();
    if (at > 0) lines.push('');
    lines.push(
      row(
        '',
        part.map(({ layer }) => short(layer)),
      ),
    );
    for (const name of names)
      lines.push(
        row(
          name,
          part.map(({ values }) => shown(values[name])),
        ),
      );
  }
  return lines.join('\n');
}
