// The map as a table of words, for who does not see it: rows and columns as on the map, each cell with what it says.
import { signal } from '@preact/signals';
import type { MapTable } from '../../protocol.js';
import { mapTable } from '../state.js';
import { placeWords, readCell, shortLabel } from './reading.js';
import { isRow } from './spot.js';

/** Made when it is asked for: some maps have thousands of cells. */
const open = signal(false);

function cellWords(map: MapTable, column: number, row: number): string {
  const reading = readCell(map, { column, row });
  if (!reading) return '';
  return [reading.main, reading.band, reading.n > 0 ? `N ${reading.n}` : ''].filter(Boolean).join(' ');
}

function Table({ map }: { readonly map: MapTable }) {
  const { x, y, title } = map.table;
  const rows = y.positions.map((_, row) => row).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="map-text-scroll" tabIndex={0} aria-label={`${title}, as a table`}>
      <table>
        <caption class="unseen">
          {title}: {isRow(map) ? '' : `${y.label} down, `}
          {x.label} across
        </caption>
        <thead>
          <tr>
            <td>{isRow(map) ? shortLabel(x) : `${shortLabel(y)} \\ ${shortLabel(x)}`}</td>
            {x.positions.map((position, column) => (
              <th key={position} scope="col">
                {placeWords(x, column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{isRow(map) ? map.kind === 'heat-map' && map.table.valueLabel : placeWords(y, row)}</th>
              {x.positions.map((position, column) => (
                <td key={position}>{cellWords(map, column, row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function MapText() {
  if (!mapTable.value) return null;
  return (
    <details
      class="map-text"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>The map as a table</summary>
      {open.value && <Table map={mapTable.value} />}
    </details>
  );
}
