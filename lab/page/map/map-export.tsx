// Saves the map.
import { fixedAt } from '../../worker/stored-runs.js';
import { ExportMenu } from '../drawing/export-menu.js';
import { mapTable, mapWhere } from '../state.js';
import { mapPicture } from './map-picture.js';
import { marks, view } from './map-state.js';

export function MapExport() {
  if (!mapTable.value || !view.value) return null;
  const { name, title } = view.value;
  const picture = () => {
    const [map, shown] = [mapTable.peek(), view.peek()];
    if (!map || !shown) return undefined;
    return mapPicture(map, shown.declaration, fixedAt(shown, mapWhere.peek()), [...marks.peek().values()]);
  };
  return <ExportMenu name={`map-${name}`} title={title} picture={picture} />;
}
