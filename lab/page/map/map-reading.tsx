// What the map says where the pointer is, else where the run is: axes, label or number, how sure, and of how many runs.

import { colorScale } from '../../../analysis/figures/draw/color-scale.js';
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import { labelColors } from '../../../analysis/figures/draw/palette.js';
import { cellColors } from '../../../analysis/figures/draw/phase-map-panel.js';
import type { Json } from '../../../core/contracts/json.js';
import type { MapTable } from '../../protocol.js';
import { Term } from '../guide/term.js';
import { mapTable, place } from '../state.js';
import { BITS } from './draw-marks.js';
import { atSpot, between, marks, readSpot, spoken, view } from './map-state.js';
import { axisWords, readCell } from './reading.js';
import { cellAt, isCell, isRow, type Spot } from './spot.js';

function colorAt(map: MapTable, spot: Spot): string | undefined {
  if (!isCell(spot) || cellAt(map, spot).n === 0) return undefined;
  if (map.kind === 'heat-map') {
    if (isRow(map)) return undefined;
    return colorScale(map.table).colorOf((cellAt(map, spot) as (typeof map.table.cells)[number]).value);
  }
  return cellColors(map.table)(cellAt(map, spot) as (typeof map.table.cells)[number]);
}

/** Of the runs of the cell, how many have each label; a picture of what the words beside it say. */
function Shares({ map, spot }: { readonly map: Extract<MapTable, { kind: 'phase-map' }>; readonly spot: Spot }) {
  const { counts } = cellAt(map, spot) as (typeof map.table.cells)[number];
  const colors = labelColors(map.table.labels);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let from = 0;
  return (
    <svg class="shares" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      {map.table.labels.map((label, i) => {
        const width = total === 0 ? 0 : (100 * counts[i]) / total;
        from += width;
        return <rect key={label} x={from - width} width={width} height="4" fill={colors.get(label)} />;
      })}
    </svg>
  );
}

const shown = (value: Json | undefined) => (typeof value === 'number' ? formatNumber(value) : JSON.stringify(value));

/** `bits: as stored`, or what else replays have said of this cell. */
function bitsOf({ column, row }: Spot) {
  const mark = marks.value.get(`${column} ${row}`)?.mark;
  return mark ? BITS[mark] : { words: 'bits: not checked yet', tone: '' };
}

export function MapReading() {
  const map = mapTable.value;
  const spot = readSpot.value;
  const at = spot ? atSpot(spot) : place.value?.at;
  const own = [view.value?.declaration.y.axis, view.value?.declaration.x.axis];
  const entries = Object.entries(at ?? {}).sort(([a], [b]) => Number(own.includes(b)) - Number(own.includes(a)));
  const values = entries.map(([name, value]) => `${name} ${shown(value)}`);
  const reading = map && spot ? readCell(map, spot) : undefined;
  const color = map && spot ? colorAt(map, spot) : undefined;
  const bits = spot && reading && reading.n > 0 ? bitsOf(spot) : undefined;
  return (
    <div class="reading" id="map-reading">
      <div class="reading-place">
        <p>
          {map && spot ? axisWords(map, spot) : map && view.value ? 'The run lies beside this map' : '\u00a0'}
          {map && spot && <Term of={map.kind === 'phase-map' ? 'temperature' : 'observable'} />}
        </p>
        <label class="tick">
          <input
            type="checkbox"
            checked={between.value}
            onChange={(event) => {
              between.value = event.currentTarget.checked;
            }}
          />
          between cells
        </label>
      </div>
      <p class="reading-cell">
        {color && (
          <svg class="legend-symbol" viewBox="0 0 12 12" aria-hidden="true">
            <rect width="12" height="12" fill={color} />
          </svg>
        )}
        {reading ? (
          <>
            <strong>{reading.main}</strong>
            {reading.band && <span> {reading.band}</span>}
            {reading.n > 0 && (
              <span class="faint">
                {' '}
                N {reading.n}
                <Term of="n" />
              </span>
            )}
            {reading.more.length > 0 && <span class="faint">; {reading.more.join(', ')}</span>}
          </>
        ) : (
          <span class="faint">{map && spot ? 'between cells: nothing is stored here' : '\u00a0'}</span>
        )}
      </p>
      {map?.kind === 'phase-map' && spot && isCell(spot) ? <Shares map={map} spot={spot} /> : <div class="shares" />}
      <p class={`reading-bits small ${bits?.tone ?? ''}`}>
        {bits?.words ?? '\u00a0'}
        {bits && <Term of="bits" />}
      </p>
      <p class="reading-values small faint">{values.join(' · ') || '\u00a0'}</p>
      <p class="unseen" aria-live="polite">
        {spoken.value}
      </p>
    </div>
  );
}
