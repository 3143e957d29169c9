// Whether the network that is asked about is that of the map: parameters are compared as the model sees them, checked and
// with defaults, whichever way they were written.

import type { Json } from '../../core/contracts/json.js';
import type { ParameterSchema } from '../../core/contracts/parameters.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import { checkParameters } from '../../core/plugin/check-parameters.js';
import { canonical } from '../../core/scenario/identity.js';

/** A model as far as its parameters go. */
export interface NetworkModel {
  readonly name: string;
  readonly params: ParameterSchema;
}

export interface NetworkDifference {
  readonly name: string;
  /** The map's value, undefined where it has no such parameter. */
  readonly map: Json | undefined;
  readonly asked: Json;
}

type Network = Readonly<Record<string, Json>>;

const WIDTH = 'initialWidth';

/** No parameter is required: what a question leaves out is as in the map. */
function lenient({ [WIDTH]: _width, ...params }: ParameterSchema): ParameterSchema {
  return Object.fromEntries(Object.entries(params).map(([name, of]) => [name, { ...of, optional: true }]));
}

function bind(path: string, { use, ...given }: Network, models: readonly NetworkModel[]): Network {
  const model = models.find(({ name }) => name === use);
  return model ? { use, ...checkParameters(path, given, lenient(model.params)) } : { use, ...given };
}

/**
 * @param known the network of the map, with its model as `use`
 * @param asked what is said of another one
 * @param models those whose parameters are known; parameters of others are compared as they are written
 * @throws EigenflowError `parameter` or `component` for a name or value that the model would not take
 */
export function networkDifferences(
  known: Network,
  asked: Network,
  models: readonly NetworkModel[],
): NetworkDifference[] {
  const names = models.map(({ name }) => name);
  const use = asked.use ?? known.use;
  if (Object.hasOwn(asked, WIDTH)) {
    throw new EigenflowError('parameter', `model.${WIDTH}`, 'is a coordinate of the map; give it with --initial-width');
  }
  if (names.includes(String(known.use)) && !names.includes(String(use))) {
    const list = `Known: ${names.join(', ')}`;
    throw new EigenflowError(
      'component',
      'model.use',
      `no model called "${use}"${suggestOrStop(String(use), names)} ${list}`,
    );
  }
  const there = bind('map.model', known, models);
  const here = bind('model', { ...(use === known.use ? known : {}), ...asked, use }, models);
  return Object.keys(asked)
    .filter((name) => canonical(there[name] ?? null) !== canonical(here[name] ?? null))
    .map((name) => ({ name, map: known[name] ?? there[name], asked: asked[name] }));
}
