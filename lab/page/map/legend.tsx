// What colours and marks of the map mean, with how many cells have each.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { across } from '../../../analysis/figures/draw/absence.js';
import { colorScale } from '../../../analysis/figures/draw/color-scale.js';
import { describeClamping } from '../../../analysis/figures/draw/heat-map-table.js';
import type { LegendSymbol } from '../../../analysis/figures/draw/legend.js';
import { frameLegend } from '../../../analysis/figures/draw/map-frame.js';
import { phaseLegend } from '../../../analysis/figures/draw/phase-map-panel.js';
import { describeSample } from '../../../analysis/figures/draw/sample.js';
import type { MapTable } from '../../protocol.js';
import { colors } from '../shell/colors.js';
import { mapTable } from '../state.js';
import { barShapes } from './draw-map.js';
import { paint } from './shapes.js';

function legendOf(map: MapTable) {
  if (map.kind === 'phase-map') return phaseLegend(map.table);
  const { colorOf } = colorScale(map.table);
  return frameLegend(map.table, ({ value }) => colorOf(value));
}

const EDGE = { x0: 0, x1: 12, xc: 6, y0: 12, y1: 0, yc: 6 };

function LegendMark({ symbol }: { readonly symbol: LegendSymbol }) {
  const { hatch, ink, empty } = colors.value;
  const patch = (fill: string, more?: ComponentChildren) => (
    <svg class="legend-symbol" viewBox="0 0 12 12" aria-hidden="true">
      <rect width="12" height="12" fill={fill} />
      {more}
    </svg>
  );
  switch (symbol.kind) {
    case 'swatch':
      return patch(symbol.color);
    case 'absent':
      return patch(
        empty,
        symbol.strokes.map((stroke) => {
          const { x, y, x2, y2 } = across(EDGE, stroke);
          return <line key={stroke} x1={x} y1={y} x2={x2} y2={y2} stroke={hatch} />;
        }),
      );
    case 'partial':
      return patch(symbol.color, <circle cx="6" cy="6" r="2.5" fill="white" stroke="#1a1a1a" stroke-width="0.8" />);
    case 'uncertain':
      return patch(
        symbol.color,
        ['#1a1a1a', 'white'].map((color, i) => (
          <path key={color} d="M0 6 6 0M0 12 12 0M6 12 12 6" stroke={color} stroke-width={i === 0 ? 1.7 : 0.8} />
        )),
      );
    case 'boundary':
      return (
        <svg class="legend-symbol" viewBox="0 0 12 12" aria-hidden="true">
          <line x1="6" y1="0" x2="6" y2="12" stroke={ink} stroke-width="1.2" />
          <circle cx="6" cy="6" r="2.4" fill="white" stroke="#1a1a1a" stroke-width="0.9" />
        </svg>
      );
    default:
      return (
        <svg class="legend-line" viewBox="0 0 20 12" aria-hidden="true">
          <line x1="0" y1="6" x2="20" y2="6" stroke={ink} stroke-width="1.4" stroke-dasharray={dashOf(symbol)} />
        </svg>
      );
  }
}

const dashOf = (symbol: LegendSymbol) => ('dash' in symbol ? symbol.dash?.join(' ') : undefined);

function ColorBar({ map }: { readonly map: Extract<MapTable, { kind: 'heat-map' }> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const inks = colors.value;
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return undefined;
    const draw = () => {
      const { clientWidth: width, clientHeight: height } = element;
      element.width = Math.round(width * devicePixelRatio);
      element.height = Math.round(height * devicePixelRatio);
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      paint(context, barShapes(map, width, inks), inks.font);
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
  const clamped = map.kind === 'heat-map' ? describeClamping(map.table) : undefined;
  const sample = map.table.runs === 0 ? undefined : describeSample(map.table);
  const paler = map.kind === 'phase-map' && map.table.runs > 0 ? '; paler: less probable' : '';
  return (
    <div class="legend">
      {map.kind === 'heat-map' && <ColorBar map={map} />}
      <ul class="legend-items">
        {legendOf(map).map(({ symbol, text }) => (
          <li key={text}>
            <LegendMark symbol={symbol} />
            {text}
          </li>
        ))}
      </ul>
      <p class="small">
        {[sample && `${sample}${paler}.`, clamped, map.table.note && `${map.table.note}.`.replace(/\.\.$/, '.')]
          .filter(Boolean)
          .join(' ')}
      </p>
    </div>
  );
}
