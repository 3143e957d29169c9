// The guide to notebooks, followed literally in a real Jupyter kernel: results, progress, the stop button, mistakes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../cli/command.js';
import { newFolder } from '../node/studies.js';
import { blocks, documentAt, root } from './documents.js';

const python = join(root, '.venv/bin/python');
const inCi = !['', 'false', undefined].includes(process.env.CI);

interface Cell {
  readonly text: string;
  readonly error: string | null;
}

/** A folder in which eigenflow is installed. */
function project(): string {
  const folder = newFolder();
  const bin = join(folder, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(main, join(bin, 'eigenflow'));
  return folder;
}

/** @param interrupt the cell that is interrupted once a file that matches `once` is there */
function notebook(folder: string, cells: readonly string[], interrupt: number | null = null, once = ''): Cell[] {
  const input = JSON.stringify({ cells, interrupt, once });
  const said = execFileSync(python, [join(root, 'test/python/run_notebook.py')], {
    cwd: folder,
    input,
    encoding: 'utf8',
  });
  return JSON.parse(said);
}

const guide = blocks(documentAt('docs/notebook.md'), 'python');

describe.skipIf(!existsSync(python) && !inCi)('the guide to notebooks', () => {
  test('its cells run, show progress and give the levels of every run', () => {
    const check = `assert levels.dims == ('learningRate', 'seed', 'spectrum.frame', 'level'), levels.dims
assert mean.sizes['level'] == 16 and bool((error >= 0).all()) and largest.shape[0] == 2
print(int(ds_runs := levels.sizes['seed']))`;
    const cells = notebook(project(), [...guide, check]);
    expect(cells.map(({ error }) => error)).toEqual(cells.map(() => null));
    expect(cells[1].text).toMatch(/6 runs to compute *\r.*6 done, 0 diverged/s);
    expect(cells.at(-1)?.text).toBe('3\n');
  });

  test('the stop button ends a study in good order, and the same cell goes on to the same numbers', () => {
    const folder = project();
    const longer = "scenario['epochs'] = 300";
    const compute = (out: string) => `ds = eigenflow(scenario, '${out}', '--workers', '1')
print(sorted(ds.attrs['runs'].items()) if isinstance(ds.attrs['runs'], dict) else ds.attrs['runs'])`;
    const same =
      "import numpy as np\nassert np.array_equal(ds['spectrum.levels'], whole['spectrum.levels'], equal_nan=True)";
    const [, , , stopped, , whole, , equal] = notebook(
      folder,
      [
        guide[0],
        guide[1],
        longer,
        compute('cut'),
        compute('cut'),
        compute('whole'),
        "whole, ds = ds, eigenflow(scenario, 'cut')",
        same,
      ],
      3,
      'cut/runs/*.npz',
    );
    expect(stopped.error).toBeNull();
    expect(stopped.text).toContain('stopping: runs under way write a checkpoint');
    expect(stopped.text).toMatch(/\d runs are missing; the same command goes on with them/);
    expect([whole.error, equal.error]).toEqual([null, null]);
  });

  test('a mistake is told with its path and remedy', () => {
    const [, , wrong] = notebook(project(), [
      guide[0],
      guide[1],
      "scenario['optimiser'] = {'use': 'sgd', 'learningrate': 1}; eigenflow(scenario, 'wrong')",
    ]);
    expect(wrong.error).toContain(
      'RuntimeError: eigenflow: optimiser.learningrate: no such parameter; did you mean "learningRate"?',
    );
  });
});
