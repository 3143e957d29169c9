// The files of arrays that a study reads: their names, checksums and sizes, for the manifest. Their content is not
// copied.
import type { Registry } from '../../core/container.js';
import type { NamedArrays } from '../../core/contracts/arrays.js';
import type { ComponentKind } from '../../core/contracts/component.js';
import { isPathOfArrays } from '../../core/plugin/bind-parameters.js';
import type { ArrayLoader, ResolvedSweep, ResolvedUse } from '../../core/scenario/resolve.js';
import type { ArrayFileRecord } from '../results/check-manifest.js';

/** Without decoding the elements where the file can tell. */
function shapeOf(arrays: NamedArrays & { readonly shapeOf?: (name: string) => readonly number[] }, name: string) {
  if (arrays.cells) return [arrays.cells(name).length];
  return [...(arrays.shapeOf?.(name) ?? arrays.get(name).shape)];
}

/** Each file once, in the order of the scenario's slots. */
export function filesOfStudy(
  registry: Registry,
  { runs }: Pick<ResolvedSweep, 'runs'>,
  load: ArrayLoader,
): readonly ArrayFileRecord[] {
  const found = new Map<string, ArrayFileRecord>();
  const look = (kind: ComponentKind, path: string, { use, params }: ResolvedUse) => {
    const { params: schema } = registry.find(kind, use, path);
    for (const [name, value] of Object.entries(params)) {
      if (!isPathOfArrays(schema[name], value) || found.has(value)) continue;
      const arrays = load(value);
      const shapes = arrays.names.map((array) => ({ name: array, shape: shapeOf(arrays, array) }));
      found.set(value, { parameter: `${path}.${name}`, file: value, sha256: arrays.digest, arrays: shapes });
    }
  };
  for (const { model, loss, noise, optimiser, observers } of runs) {
    look('model', 'model', model);
    look('loss', 'loss', loss);
    look('noise', 'noise', noise);
    look('optimiser', 'optimiser', optimiser);
    for (const [name, observer] of Object.entries(observers)) look('observer', `observers.${name}`, observer);
  }
  return [...found.values()];
}
