// What colours and marks of the map mean, with how many cells have each.
import { useEffect, useRef } from 'preact/hooks';
import type { LegendSymbol } from '../../../analysis/figures/draw/legend.js';
import type { MapTable } from '../../protocol.js';
import { canvasSurface } from '../drawing/canvas-surface.js';
import { svgSurface } from '../drawing/svg-surface.js';
import { theme } from '../drawing/theme.js';
import { fitCanvas } from '../drawing/use-canvas.js';
import { mapTable } from '../state.js';
import { legendNote, legendOf, SYMBOL, symbolShapes, symbolWidth } from './draw-legend.js';
import { barShapes } from './draw-map.js';
import { paint } from './shapes.js';
import { isRow } from './spot.js';

function LegendMark({ symbol }: { readonly symbol: LegendSymbol }) {
  const surface = svgSurface();
  paint(surface, symbolShapes(symbol, theme.value));
  return (
    <svg
      class={symbol.kind === 'line' ? 'legend-line' : 'legend-symbol'}
      viewBox={`0 0 ${symbolWidth(symbol)} ${SYMBOL}`}
      aria-hidden="true"
      // Shapes of a symbol hold no text, from wherever the study comes.
      dangerouslySetInnerHTML={{ __html: surface.content() }}
    />
  );
}

function ColorBar({ map }: { readonly map: Extract<MapTable, { kind: 'heat-map' }> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const inks = theme.value;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const draw = () => {
      const sized = fitCanvas(element);
      if (sized) paint(canvasSurface(sized.context), barShapes(map, { x: 0, y: 0, width: sized.width }, inks));
    };
    const resize = new ResizeObserver(draw);
    resize.observe(element);
    draw();
    return () => resize.disconnect();
  }, [map, inks]);
  const [low, high] = map.table.limits;
  return (
    <canvas
      ref={canvas}
      class="color-bar"
      role="img"
      aria-label={`Colours: ${map.table.valueLabel} from ${low} to ${high}`}
    />
  );
}

export function Legend() {
  const map = mapTable.value;
  if (!map) return <div class="legend" />;
  return (
    <div class="legend">
      {map.kind === 'heat-map' && !isRow(map) && <ColorBar map={map} />}
      <ul class="legend-items">
        {legendOf(map).map(({ symbol, text }) => (
          <li key={text}>
            <LegendMark symbol={symbol} />
            {text}
          </li>
        ))}
      </ul>
      <p class="small">{legendNote(map)}</p>
    </div>
  );
}
