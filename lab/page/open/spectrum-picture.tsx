// One layer in two pictures: the density of its levels, and, where there are several checkpoints, how the largest ones moved.
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import type { LayerSpectrum } from '../../protocol.js';
import { densityShape, flowShape } from './spectrum-shape.js';

const SIZE = { width: 300, height: 110 };
/** For labels of ticks, left and below. */
const [LEFT, BELOW] = [44, 20];

export function SpectrumPicture({ layer }: { readonly layer: LayerSpectrum }) {
  return (
    <div class="spectrum-pictures">
      <Density layer={layer} />
      {layer.flow && <Flow layer={layer} flow={layer.flow} />}
    </div>
  );
}

function Density({ layer }: { readonly layer: LayerSpectrum }) {
  const { bars, law, ticks, beyond } = densityShape(layer, SIZE);
  const { width, height } = SIZE;
  return (
    <figure>
      <svg
        viewBox={`-4 -4 ${width + 8} ${height + BELOW + 4}`}
        role="img"
        aria-label={`Density of the levels of ${layer.layer}`}
      >
        {bars.map((bar) => (
          <rect key={bar.x} class="spectrum-bar" {...bar} />
        ))}
        {law && <polyline class="spectrum-law" points={law} />}
        <line class="spectrum-axis" x1={0} x2={width} y1={height} y2={height} />
        {ticks.map(({ at, label }) => (
          <text key={label} x={at} y={height + 15} text-anchor="middle">
            {label}
          </text>
        ))}
      </svg>
      <figcaption>
        density of levels
        {beyond.length > 0 &&
          `; beyond it ${beyond.slice(0, 4).map(formatNumber).join(', ')}${beyond.length > 4 ? `, … (${beyond.length})` : ''}`}
      </figcaption>
    </figure>
  );
}

function Flow({ layer, flow }: { readonly layer: LayerSpectrum; readonly flow: NonNullable<LayerSpectrum['flow']> }) {
  const { lines, ticks, stepTicks } = flowShape(flow, SIZE);
  const { width, height } = SIZE;
  return (
    <figure>
      <svg
        viewBox={`${-LEFT} -6 ${width + LEFT + 10} ${height + BELOW + 6}`}
        role="img"
        aria-label={`Largest levels of ${layer.layer} from checkpoint to checkpoint`}
      >
        {lines.map((points, rank) => (
          <polyline key={`level ${rank + 1}`} class="spectrum-flow" points={points} />
        ))}
        <line class="spectrum-axis" x1={0} x2={width} y1={height} y2={height} />
        {ticks.map(({ at, label }) => (
          <text key={label} x={-6} y={at + 4} text-anchor="end">
            {label}
          </text>
        ))}
        {stepTicks.map(({ at, label }) => (
          <text key={label} x={at} y={height + 15} text-anchor="middle">
            {label}
          </text>
        ))}
      </svg>
      <figcaption>largest {flow.levels[0]?.length} levels against the number in the name</figcaption>
    </figure>
  );
}
