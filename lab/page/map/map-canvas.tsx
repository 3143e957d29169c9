// The map itself: cells on one canvas, and on another above it what moves: the place of the run, the pointer, what was
// checked. Pointer and keys move over cells; a click or Enter runs what is there.
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { colors } from '../shell/colors.js';
import { attempt, mapTable } from '../state.js';
import { frameToCome, mapShapes, type PlotBox, plotBox } from './draw-map.js';
import { markShapes } from './draw-marks.js';
import { between, hovered, marks, placeSpot, readSpot, spoken, view, visit } from './map-state.js';
import { sayCell } from './reading.js';
import { paint, type Shape } from './shapes.js';
import { indexAlong, moved, type Spot } from './spot.js';

/** Room of a canvas in pixels of the style sheet, at the pixels that the screen has. */
function show(canvas: HTMLCanvasElement, shapes: (width: number, height: number) => readonly Shape[]): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  paint(context, shapes(width, height), colors.value.font);
}

const boxIn = (width: number, height: number): PlotBox | undefined =>
  mapTable.value && plotBox(mapTable.value, width, height);

function spotUnder({ offsetX, offsetY, shiftKey }: MouseEvent, canvas: HTMLElement): Spot | undefined {
  const map = mapTable.value;
  const box = boxIn(canvas.clientWidth, canvas.clientHeight);
  if (!map || !box) return undefined;
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
    const drawCells = () =>
      show(below, (width, height) => {
        const box = boxIn(width, height);
        return box && mapTable.value
          ? mapShapes(mapTable.value, box, colors.value)
          : frameToCome(width, height, colors.value);
      });
    const drawMarks = () =>
      show(above, (width, height) => {
        const box = boxIn(width, height);
        if (!box || !mapTable.value) return [];
        const at = { place: placeSpot.value, pointer: hovered.value, marks: [...marks.value.values()] };
        return markShapes(mapTable.value, box, at);
      });
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
