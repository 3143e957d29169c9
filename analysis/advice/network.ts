// Whether the network that is asked about is that of the map: parameters are compared as the model sees them, checked and
// with defaults, whichever way they were written.

import type { Json } from '../../core/contracts/json.js';
import type { ParameterSchema } from '../../core/contracts/parameters.js';
import { EigenflowError, suggestOrStop } from '../../core/errors.js';
import { checkParameters } from '../../core/plugin/check-parameters.js';
import { canonical } from '../../core/scenario/identity.js';
import { INITIAL_WIDTH, type MapCoordinate } from './map-data.js';

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

/** No parameter is required: what a question leaves out is as in the map. */
function lenient(params: ParameterSchema, moving: string | undefined): ParameterSchema {
  const fixed = Object.entries(params).filter(([name]) => name !== moving);
  return Object.fromEntries(fixed.map(([name, of]) => [name, { ...of, optional: true }]));
}

function bind(
  path: string,
  { use, ...given }: Network,
  models: readonly NetworkModel[],
  moving: string | undefined,
): Network {
  const model = models.find(({ name }) => name === use);
  return model ? { use, ...checkParameters(path, given, lenient(model.params, moving)) } : { use, ...given };
}

/**
 * @param known the network of the map, with its model as `use`
 * @param asked what is said of another one
 * @param coordinate of the map: what varies there is no part of the network
 * @param models those whose parameters are known; parameters of others are compared as they are written
 * @throws EigenflowError `parameter` or `component` for a name or value that the model would not take
 */
export function networkDifferences(
  known: Network,
  asked: Network,
  models: readonly NetworkModel[],
  coordinate: MapCoordinate | undefined = INITIAL_WIDTH,
): NetworkDifference[] {
  const moving = coordinate?.path.startsWith('model.') ? coordinate.path.slice('model.'.length) : undefined;
  const names = models.map(({ name }) => name);
  const use = asked.use ?? known.use;
  if (coordinate && moving !== undefined && Object.hasOwn(asked, moving)) {
    const option = coordinate.path === INITIAL_WIDTH.path ? '--initial-width' : `--at ${coordinate.path}=VALUE`;
    throw new EigenflowError('parameter', coordinate.path, `is a coordinate of the map; give it with ${option}`);
  }
  if (names.includes(String(known.use)) && !names.includes(String(use))) {
    const list = `Known: ${names.join(', ')}`;
    throw new EigenflowError(
      'component',
      'model.use',
      `no model called "${use}"${suggestOrStop(String(use), names)} ${list}`,
    );
  }
  const there = bind('map.model', known, models, moving);
  const here = bind('model', { ...(use === known.use ? known : {}), ...asked, use }, models, moving);
  return Object.keys(asked)
    .filter((name) => canonical(there[name] ?? null) !== canonical(here[name] ?? null))
    .map((name) => ({ name, map: known[name] ?? there[name], asked: asked[name] }));
}
