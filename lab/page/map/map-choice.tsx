// Which map is shown: an observable or a classifier, and the values of axes that it does not show.
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import type { Json } from '../../../core/contracts/json.js';
import { sameJson } from '../../../core/figures/sources.js';
import type { MapView, SweepAxis } from '../../protocol.js';
import { attempt, mapName, study } from '../state.js';
import { MapExport } from './map-export.js';
import { choose, slice, view } from './map-state.js';

const written = (value: Json) =>
  typeof value === 'number' ? formatNumber(value) : typeof value === 'string' ? value : JSON.stringify(value);

function Options({ views }: { readonly views: readonly MapView[] }) {
  return (
    <>
      {views.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </>
  );
}

/** Axes that the map does not show, one of each group. */
function hiddenAxes(axes: readonly SweepAxis[]): SweepAxis[] {
  const shown = [view.value?.declaration.x.axis, view.value?.declaration.y.axis];
  const groups = new Set(axes.filter(({ name }) => shown.includes(name)).map(({ group }) => group));
  return axes.filter(({ group, values }, i) => {
    const isFirst = axes.findIndex((each) => each.group === group) === i;
    return isFirst && !groups.has(group) && values.length > 1;
  });
}

export function MapChoice() {
  const maps = study.value?.maps ?? [];
  const phases = maps.filter(({ declaration }) => declaration.kind === 'phase-map');
  const numbers = maps.filter(({ declaration }) => declaration.kind === 'heat-map');
  const select = (event: Event) => {
    mapName.value = (event.currentTarget as HTMLSelectElement).value;
  };
  return (
    <div class="map-choice">
      {maps.length > 0 && (
        <label class="field">
          <span>Map</span>
          <select value={mapName.value} onChange={select}>
            {phases.length > 0 && numbers.length > 0 ? (
              <>
                <optgroup label="Phases">
                  <Options views={phases} />
                </optgroup>
                <optgroup label="Numbers">
                  <Options views={numbers} />
                </optgroup>
              </>
            ) : (
              <Options views={maps} />
            )}
          </select>
        </label>
      )}
      <MapExport />
      {hiddenAxes(study.value?.axes ?? []).map(({ name, values }) => (
        <label class="field" key={name}>
          <span>{name}</span>
          <select
            value={values.findIndex((value) => sameJson(value, slice.value[name]))}
            onChange={(event) => attempt(() => choose(name, values[Number(event.currentTarget.value)]))}
          >
            {values.map((value, i) => (
              <option key={i} value={i}>
                {written(value)}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}
