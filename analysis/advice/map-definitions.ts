// Other definitions of the phases of a map: its other classifiers, and other values of the conventions of its own.

import type { RunClassifier, RunRecord, RunStatus, Series } from '../../core/contracts/classifier.js';
import type { Component } from '../../core/contracts/component.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { Json } from '../../core/contracts/json.js';
import { checkParameters } from '../../core/plugin/check-parameters.js';
import { createComponent } from '../../core/plugin/create-component.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { combineMaps } from './combine.js';
import { AS_IT_IS, type Definition } from './definitions.js';
import type { MapData } from './map-data.js';
import { isMapFile } from './map-file.js';
import { labelColumn, type MapTable, tableOfMapFile } from './map-table.js';
import { classifiersOf, mapDataOf, readMap } from './read-map.js';
import { openMap, type ReadableMap } from './reading.js';

/** First and last frame of a channel as far as the columns of a map hold them: the rest of a frame is NaN. */
function seriesOf(row: ReadonlyMap<string, string>, channel: string, columns: readonly string[]): Series | undefined {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`^${escaped(channel)}(?:\\[(\\d+)\\])? (first|last)$`);
  const cells = columns.flatMap((column) => {
    const found = pattern.exec(column);
    const text = row.get(column) ?? '';
    if (!found || text === '') return [];
    return [{ element: Number(found[1] ?? 0), isLast: found[2] === 'last', value: Number(text) }];
  });
  if (!cells.some(({ isLast }) => isLast)) return undefined;
  const width = 1 + cells.reduce((most, { element }) => Math.max(most, element), 0);
  const hasFirst = cells.some(({ isLast }) => !isLast);
  const data = new Float64Array((hasFirst ? 2 : 1) * width).fill(Number.NaN);
  for (const { element, isLast, value } of cells) data[(isLast && hasFirst ? width : 0) + element] = value;
  // A map has the frames of the start and of the end.
  const step = Float64Array.from([...(hasFirst ? [0] : []), Number(row.get('steps'))]);
  return { shape: width > 1 ? [width] : [], data, step, epoch: step, time: step };
}

function recordOf(
  row: ReadonlyMap<string, string>,
  { observers = {} }: Scenario,
  columns: readonly string[],
): RunRecord {
  return {
    id: row.get('id') ?? '',
    axes: {},
    seed: Number(row.get('seed')),
    status: row.get('status') as RunStatus,
    steps: Number(row.get('steps')),
    parameter: () => undefined,
    series(need) {
      const dot = need.lastIndexOf('.');
      const [use, channel] = [need.slice(0, dot), need.slice(dot + 1)];
      const observer = Object.keys(observers).find((name) => observers[name].use === use);
      return observer === undefined ? undefined : seriesOf(row, `${observer}.${channel}`, columns);
    },
  };
}

/** The map with labels by the same classifier under given conventions, of the runs that have what it needs. */
function relabelled(
  table: MapTable,
  component: Component<'classifier'>,
  changed: Readonly<Record<string, Json>>,
): MapData {
  const { classifiers, columns, parts = [] } = table.content;
  const scenarios = [table.content.scenario, ...parts.map(({ scenario }) => scenario)];
  const { use: _use, ...given } = scenarios.find(({ classifier }) => classifier?.use === component.name)
    ?.classifier ?? {
    use: component.name,
  };
  const params = checkParameters('classifier', { ...given, ...changed } as Record<string, Json>, component.params);
  // By contract, what has conventions needs none.
  const environment = {} as Environment;
  const classifier = createComponent('classifier', component, params, environment) as RunClassifier;
  const scenario = {
    ...table.content.scenario,
    observers: Object.assign({}, ...scenarios.map(({ observers }) => observers)) as Scenario['observers'],
  };
  const rows = table.rows.map((row) => {
    const record = recordOf(row, scenario, Object.keys(columns));
    // Only runs that have all of it: of the others those of one label alone would be left.
    const hasAll = classifier.needs.every((need) => record.series(need) !== undefined);
    const label = hasAll ? classifier.classify(record).label : undefined;
    return new Map([...row, [labelColumn(component.name), label ?? '']]);
  });
  const labels = classifiers[component.name];
  return mapDataOf({ ...table, content: { ...table.content, classifiers: { [component.name]: labels } }, rows });
}

function openLike(map: ReadableMap, data: MapData): ReadableMap | undefined {
  const labelled = data.runs.filter(({ label }) => label !== '');
  const settings = new Set(labelled.map(({ initialWidth, learningRate }) => `${initialWidth} ${learningRate}`));
  return settings.size < 2 ? undefined : openMap({ ...data, smoothness: data.smoothness ?? map.smoothness }, true);
}

/**
 * @param folders that the map was read from
 * @param known classifiers by whose conventions it can be judged anew
 */
export function definitionsOf(
  map: ReadableMap,
  folders: readonly string[],
  known: readonly Component<'classifier'>[],
): Definition[] {
  const { classifier } = map.data.conditions;
  const all = folders.map((folder) => ({ folder, classifiers: classifiersOf(folder) }));
  const names = new Set(all.flatMap(({ classifiers }) => Object.keys(classifiers)));
  const others = [...names].flatMap((name): Definition[] => {
    const having = all.filter(({ classifiers }) => classifiers[name]?.join() === map.data.labels.join());
    if (name === classifier || having.length === 0) return [];
    const opened = openLike(map, combineMaps(having.map(({ folder }) => readMap(folder, name))));
    const meaning = known.find((one) => one.name === name)?.summary;
    return opened ? [{ name, isConvention: false, meaning, map: opened }] : [];
  });
  const component = known.find(({ name }) => name === classifier);
  const tables = folders.filter(isMapFile).map(tableOfMapFile);
  if (!component?.conventions || tables.length === 0) return others;
  const judged = (changed: Readonly<Record<string, Json>>, name: string): Definition[] => {
    const opened = openLike(map, combineMaps(tables.map((table) => relabelled(table, component, changed))));
    return opened ? [{ name, isConvention: true, map: opened }] : [];
  };
  const conventions = Object.entries(component.conventions).flatMap(([name, values]) =>
    values.flatMap((value) => judged({ [name]: value }, `${name} ${String(value)}`)),
  );
  // As it is, of the same runs: what the others are to be compared with.
  return [...others, ...(conventions.length > 0 ? judged({}, AS_IT_IS) : []), ...conventions];
}
