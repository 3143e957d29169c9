// The map with the setting that is asked about, as a figure.
import { log } from '../../core/kernels/elementary.js';
import type { Page } from '../figures/draw/page.js';
import { phaseMapPanel } from '../figures/draw/phase-map-panel.js';
import { tabulatePhases } from '../figures/draw/phase-map-table.js';
import { INK } from '../figures/draw/style.js';
import type { Setting } from './map-data.js';
import { coordinateOf, INITIAL_WIDTH, ratioName, temperatureOf } from './map-data.js';
import type { ReadableMap } from './reading.js';

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);

/** A cell for every setting of the map; the setting that is asked about as a ring, where the map contains it. */
export function mapPage(map: ReadableMap, at: Setting): Page {
  const { title, runs, labels, conditions } = map.data;
  const nearest = (values: readonly number[], value: number) =>
    values.reduce((best, other) => (Math.abs(log(other / value)) < Math.abs(log(best / value)) ? other : best));
  const batchSize = nearest(map.batchSizes, at.batchSize);
  const ofBatch = runs.filter((run) => run.batchSize === batchSize);
  const length = nearest(ascending(ofBatch.map((run) => run.length)), at.length);
  const shown = ofBatch.filter((run) => run.length === length);
  const settings = shown.map(({ initialWidth, learningRate, label }) => ({
    x: initialWidth,
    y: temperatureOf(learningRate, batchSize),
    label,
  }));
  const coordinate = coordinateOf(map.data);
  const isWidth = coordinate?.path === INITIAL_WIDTH.path;
  const x = isWidth ? '1 / initial width' : (coordinate?.name ?? 'nothing else varies');
  const ratio = ratioName(map.data) === 'T' ? 'T = learning rate / batch size' : ratioName(map.data);
  const drawn = (values: readonly number[]) => ({ values, divisors: values.map(() => 1) });
  const table = tabulatePhases(
    {
      kind: 'phase-map',
      title,
      x: { axis: 'initialWidth', inverse: isWidth, label: x },
      y: { axis: 'temperature', label: ratio },
    },
    {
      xValues: drawn(ascending(settings.map(({ x }) => x))),
      yValues: drawn(ascending(settings.map(({ y }) => y))),
      seeds: new Set(shown.map(({ instance }) => instance)).size,
      runs: settings.map(({ x, y, label }) => ({ x, y, label: label === '' ? undefined : label })),
      classifier: conditions.classifier,
      labels,
      crossings: [],
      title,
      where: `batch size ${batchSize}, ${length} ${conditions.lengthUnit}`,
    },
  );
  const ring = {
    type: 'symbol' as const,
    encode: {
      enter: {
        x: { scale: 'x', value: isWidth ? 1 / at.initialWidth : at.initialWidth },
        y: { scale: 'y', value: at.temperature },
        shape: { value: 'circle' },
        size: { value: 110 },
        fill: { value: 'white' },
        fillOpacity: { value: 0.6 },
        stroke: { value: INK },
        strokeWidth: { value: 2 },
      },
    },
  };
  return {
    title,
    columns: 1,
    width: 'column',
    note: map.contains(at) ? 'Ring: the setting that was asked about.' : undefined,
    panels: [
      (width) => {
        const panel = phaseMapPanel(table, width);
        if (!map.contains(at)) return panel;
        return { ...panel, body: { ...panel.body, marks: [...(panel.body.marks ?? []), ring] } };
      },
    ],
  };
}
