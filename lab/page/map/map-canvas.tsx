// The map itself: cells on one canvas, and on another above it what moves: the place of the run, the pointer, what was
// checked. Pointer and keys move over cells; a click or Enter runs what is there.
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { canvasSurface } from '../drawing/canvas-surface.js';
import type { Box } from '../drawing/surface.js';
import { theme } from '../drawing/theme.js';
import { fitCanvas } from '../drawing/use-canvas.js';
import { attempt, mapTable } from '../state.js';
import { frameToCome, mapShapes, plotBox } from './draw-map.js';
import { markShapes } from './draw-marks.js';
import { between, hovered, marks, placeSpot, readSpot, spoken, view, visit } from './map-state.js';
import { sayCell } from './reading.js';
import { paint, type Shape } from './shapes.js';
import { indexAlong, moved, type Spot } from './spot.js';

/** @param shapes for the whole canvas */
function show(canvas: HTMLCanvasElement, shapes: (whole: Box) => readonly Shape[]): void {
  const sized = fitCanvas(canvas);
  if (!sized) return;
  const { context, width, height } = sized;
  paint(canvasSurface(context), shapes({ x: 0, y: 0, width, height }));
}

function spotUnder({ offsetX, offsetY, shiftKey }: MouseEvent, canvas: HTMLElement): Spot | undefined {
  const map = mapTable.value;
  if (!map) return undefined;
  const box = plotBox(map, { x: 0, y: 0, width: canvas.clientWidth, height: canvas.clientHeight });
  const [right, up] = [(offsetX - box.x) / box.width, (box.y + box.height - offsetY) / box.height];
  if (right < 0 || right > 1 || up < 0 || up > 1) return undefined;
  const free = between.value || shiftKey;
  return { column: indexAlong(map.table.x, right, free), row: indexAlong(map.table.y, up, free) };
}

export function MapCanvas() {
  const cells = useRef<HTMLCanvasElement>(null);
  const marked = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const [below, above] = [cells.current, marked.current];
    if (!below || !above) return undefined;
    const drawCells = () => {
      const [map, inks] = [mapTable.value, theme.value];
      show(below, (whole) => (map ? mapShapes(map, plotBox(map, whole), inks) : frameToCome(whole, inks)));
    };
    const drawMarks = () => {
      const map = mapTable.value;
      const at = { place: placeSpot.value, pointer: hovered.value, marks: [...marks.value.values()] };
      show(above, (whole) => (map ? markShapes(map, plotBox(map, whole), at) : []));
    };
    const ends = [effect(drawCells), effect(drawMarks)];
    const resize = new ResizeObserver(() => {
      drawCells();
      drawMarks();
    });
    resize.observe(below);
    // Ticks are written in the font of the page, which may come late.
    document.fonts?.ready.then(drawCells);
    return () => {
      for (const end of ends) end();
      resize.disconnect();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const map = mapTable.value;
    if (!map) return;
    const from = readSpot.value ?? { column: 0, row: 0 };
    if (event.key === 'Enter') {
      event.preventDefault();
      attempt(() => visit(from));
    } else if (event.key === 'Escape') {
      hovered.value = undefined;
    } else {
      const to = moved(from, event, [map.table.x.positions.length, map.table.y.positions.length]);
      if (!to || event.altKey || event.metaKey) return;
      event.preventDefault();
      hovered.value = to;
      spoken.value = sayCell(map, to);
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    hovered.value = spotUnder(event, event.currentTarget as HTMLElement);
  };
  const onClick = (event: MouseEvent) => {
    const spot = spotUnder(event, event.currentTarget as HTMLElement);
    if (spot) attempt(() => visit(spot));
  };
  const leave = () => {
    hovered.value = undefined;
  };
  return (
    <div class="map-square">
      <div aria-hidden="true">
        <canvas ref={cells} />
        <canvas ref={marked} />
      </div>
      <div
        class="map-keys"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
        tabIndex={0}
        aria-label={`Map: ${view.value?.title ?? 'none yet'}`}
        aria-roledescription="map"
        aria-describedby="map-reading map-help"
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={leave}
        onClick={onClick}
        onBlur={leave}
      />
    </div>
  );
}
