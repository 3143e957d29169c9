// The map of the study, its reading as text, and what is known of the stored runs of the place.
import { mapTable, study } from '../state.js';
import { Legend } from './legend.js';
import { MapCanvas } from './map-canvas.js';
import { MapChoice } from './map-choice.js';
import { MapReading } from './map-reading.js';
import { MapText } from './map-text.js';

/** In place of a map: why there is none. The square keeps its room. */
function Empty() {
  if (!study.value) return null;
  if (study.value.maps.length > 0 || mapTable.value) return null;
  return <p class="map-empty">This study has one setting and no map: nothing is swept.</p>;
}

export function MapPanel() {
  return (
    <section class="map" aria-label="Map" aria-busy={study.value === undefined}>
      <MapChoice />
      <div class="map-frame">
        <MapCanvas />
        <Empty />
      </div>
      <MapReading />
      <Legend />
      <p class="unseen" id="map-help">
        Arrow keys move over cells, with Shift between them; Home, End, Page Up and Page Down go to the edges; Enter
        runs what is there; Escape goes back to the run.
      </p>
      <MapText />
    </section>
  );
}
