// The map of the study, its reading as text, and what is known of the stored runs of the place.
import { attempt, mapName, mapTable, replayRun, replays, stored } from '../state.js';

export function MapPanel() {
  return (
    <section class="map" aria-label="Map">
      <p>
        {mapName.value}: {mapTable.value?.table.cells.length ?? 0} cells
      </p>
      <ul>
        {stored.value.map(({ id, seed }) => (
          <li key={id}>
            <button type="button" onClick={() => attempt(async () => void (await replayRun(id)))}>
              seed {seed}: {replays.value.get(id)?.verdict ?? 'replay'}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
