// The large panel: levels of the run in time. Three canvases lie on each other: what is drawn once and grows, other runs
// over it, and what moves (the front, the place that is read).
import { useComputed, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { numberWidth } from '../../../analysis/figures/draw/style.js';
import type { LiveStart } from '../../protocol.js';
import { type Axes, placedIn, TICK_TEXT } from '../drawing/axes.js';
import { canvasSurface } from '../drawing/canvas-surface.js';
import { callOff, drawNext } from '../drawing/frame-loop.js';
import { line } from '../drawing/surface.js';
import { theme } from '../drawing/theme.js';
import { fitCanvas, type SizedCanvas, useCanvas } from '../drawing/use-canvas.js';
import { clock, frames, runMessage, runStart, runState, trail } from '../state.js';
import type { Track, Trail } from '../trail.js';
import {
  createLevelRange,
  drawFront,
  drawLevels,
  drawLevelsGround,
  drawOverlay,
  frameAt,
  type LevelsLayout,
  layOutLevels,
  nearestLevel,
} from './levels-picture.js';
import { labelOfLevels } from './levels-view.js';
import { sayEnd } from './messages.js';
import { overlays } from './overlay.js';
import { sayReading } from './reading.js';
import { levelKind, reading, xAxis, yKind } from './run-state.js';

/** What has been drawn of which run, so that the next picture adds to it. */
interface Drawn {
  readonly trail: Trail;
  readonly key: string;
  readonly layout: LevelsLayout;
  readonly axes: Axes;
  readonly sized: SizedCanvas;
  /** Last step on the canvas. */
  step: number;
}

function createPainter(run: LiveStart, canvases: () => readonly (HTMLCanvasElement | null)[]) {
  const channel = run.roles.levels as string;
  const range = createLevelRange(run);
  let drawn: Drawn | undefined;
  let isStale = true;

  /** Ground and lines: all of them where something has changed, else those that are new. */
  const paintLines = () => {
    const [canvas] = canvases();
    const axis = xAxis.peek();
    const kept = trail.peek();
    const track = kept.track(channel);
    if (!canvas || !axis || !track) return;
    range.include(track);
    const axes = { x: axis, y: { scale: range.scale(levelKind(run, yKind.peek())), label: labelOfLevels(run) } };
    const { kind, low, high } = axes.y.scale;
    const key = [kind, low, high, axis.clock, axis.scale.kind].join();
    const colors = theme.peek();
    if (isStale || drawn?.key !== key || drawn.trail !== kept) {
      const sized = fitCanvas(canvas);
      if (!sized) return;
      const layout = layOutLevels({ x: 0, y: 0, width: sized.width, height: sized.height }, axes, run);
      drawn = { trail: kept, key, layout, axes, sized, step: -1 };
      isStale = false;
      drawLevelsGround(canvasSurface(sized.context), layout, axes, run, colors);
      paintOverlays();
    }
    const last = track.step[track.step.length - 1];
    if (last === drawn.step) return;
    const from = drawn.step < 0 ? 0 : frameAt(track, drawn.step);
    drawLevels(canvasSurface(drawn.sized.context), drawn.layout.plot, axes, track, axis.clock, colors, from);
    drawn.step = last;
  };

  const paintOverlays = () => {
    const [, canvas] = canvases();
    const sized = canvas && fitCanvas(canvas);
    const axis = xAxis.peek();
    if (!sized || !drawn || !axis) return;
    const surface = canvasSurface(sized.context);
    for (const overlay of overlays.peek()) {
      drawOverlay(surface, drawn.layout.plot, drawn.axes, overlay, axis.clock, theme.peek());
    }
  };

  const paintFront = () => {
    const [, , canvas] = canvases();
    const sized = canvas && fitCanvas(canvas);
    const axis = xAxis.peek();
    const track = trail.peek().track(channel);
    if (!sized || !drawn || !axis || !track) return;
    const surface = canvasSurface(sized.context);
    const { axes } = drawn;
    const { plot } = drawn.layout;
    const colors = theme.peek();
    drawFront(surface, plot, axes, track, axis.clock, colors);
    const read = reading.peek();
    if (!read) return;
    const frame = frameAt(track, read.step);
    const at = placedIn(plot, axes);
    const x = at.x(track[axis.clock][frame]);
    const levels = track.data[frame];
    const level = Math.min(read.level, levels.length - 1);
    line(surface, [x, plot.y], [x, plot.y + plot.height], { color: colors.faint, width: 1, dash: [2, 3] });
    const inks = colors.levels(levels.length);
    levels.forEach((value, i) => {
      surface.disc(x, at.y(value), i === level ? 4 : 2, { color: inks[i] });
    });
    const text = `${level + 1}: ${Number(levels[level].toPrecision(4))}`;
    const width = numberWidth(text, TICK_TEXT + 1) + 12;
    const left = x + width + 10 > plot.x + plot.width ? x - width - 8 : x + 8;
    const y = Math.min(plot.y + plot.height - 10, Math.max(plot.y + 10, at.y(levels[level])));
    surface.rect({ x: left, y: y - 9, width, height: 18 }, { color: colors.paper, opacity: 0.92 });
    surface.rect({ x: left, y: y - 9, width: 2, height: 18 }, { color: inks[level] });
    surface.text(text, left + 7, y, { color: colors.ink, size: TICK_TEXT + 1, across: 'middle' });
  };

  return {
    paint() {
      paintLines();
      paintFront();
    },
    paintOverlays,
    paintFront,
    /** The next picture is drawn anew. */
    discard() {
      isStale = true;
    },
    /** What lies at a point of the panel; unit: pixels. */
    readAt(x: number, y: number) {
      const track = trail.peek().track(channel);
      const axis = xAxis.peek();
      if (!drawn || !track || !axis) return undefined;
      const { plot } = drawn.layout;
      const at = placedIn(plot, drawn.axes);
      const clocks = track[axis.clock];
      const wanted = axis.scale.valueAt(Math.min(1, Math.max(0, (x - plot.x) / plot.width)));
      const after = clocks.findIndex((value) => value >= wanted);
      const near = after < 0 ? clocks.length - 1 : after;
      const before = Math.max(0, near - 1);
      const frame = Math.abs(at.x(clocks[before]) - x) < Math.abs(at.x(clocks[near]) - x) ? before : near;
      return { step: track.step[frame], level: nearestLevel(track.data[frame], y, at.y) };
    },
  };
}

/** Moves what is read by frames and levels. */
function moveReading(track: Track, key: string) {
  const now = reading.value ?? { step: track.step[track.step.length - 1], level: 0 };
  const frame = frameAt(track, now.step);
  const last = track.step.length - 1;
  const far = Math.max(1, Math.round(last / 20));
  const to: Record<string, number> = {
    ArrowLeft: frame - 1,
    ArrowRight: frame + 1,
    PageUp: frame + far,
    PageDown: frame - far,
    Home: 0,
    End: last,
  };
  const level = now.level + ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? 0);
  if (to[key] === undefined && level === now.level) return false;
  reading.value = {
    step: track.step[Math.min(last, Math.max(0, to[key] ?? frame))],
    level: Math.min(track.data[0].length - 1, Math.max(0, level)),
  };
  return true;
}

function LevelsCanvas({ run }: { readonly run: LiveStart }) {
  const channel = run.roles.levels as string;
  const above = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const base = useCanvas(() => {
    painter.discard();
    drawNext(painter.paint);
  });
  const painter = useMemo(() => createPainter(run, () => [base.current, over.current, above.current]), [run]);
  useSignalEffect(() => {
    theme.value;
    painter.discard();
    drawNext(painter.paint);
  });
  useSignalEffect(() => {
    frames.value;
    xAxis.value;
    yKind.value;
    drawNext(painter.paint);
  });
  useSignalEffect(() => {
    overlays.value;
    drawNext(painter.paintOverlays);
  });
  useSignalEffect(() => {
    reading.value;
    drawNext(painter.paintFront);
  });
  useEffect(() => {
    painter.discard();
    drawNext(painter.paint);
    return () => [painter.paint, painter.paintOverlays, painter.paintFront].forEach(callOff);
  }, [painter]);

  const said = useComputed(() => {
    frames.value;
    const track = trail.value.track(channel);
    const axis = xAxis.value;
    if (!track || !axis || !reading.value) return '';
    const frame = frameAt(track, reading.value.step);
    return sayReading(track, frame, Math.min(reading.value.level, track.data[0].length - 1), axis.clock, run);
  });
  return (
    <div
      class="levels-stage"
      role="slider"
      tabIndex={0}
      aria-label="Levels of W W transposed in time: left and right arrows move over frames, up and down over levels"
      aria-valuemin={0}
      aria-valuemax={run.steps}
      aria-valuenow={reading.value?.step ?? clock.value.step}
      aria-valuetext={said.value || 'nothing is read yet'}
      onPointerMove={(event) => {
        const { left, top } = event.currentTarget.getBoundingClientRect();
        reading.value = painter.readAt(event.clientX - left, event.clientY - top);
      }}
      onPointerLeave={() => {
        reading.value = undefined;
      }}
      onBlur={() => {
        reading.value = undefined;
      }}
      onKeyDown={(event) => {
        const track = trail.value.track(channel);
        if (track && moveReading(track, event.key)) event.preventDefault();
      }}
    >
      <canvas ref={base} />
      <canvas ref={over} />
      <canvas ref={above} />
      <p class="levels-reading">{said}</p>
    </div>
  );
}

/** Ends that are named are seen in the panel, beside what was drawn until then. */
function EndMessage() {
  const end = sayEnd(runState.value, clock.value.step, runMessage.value);
  return (
    <p class={`run-end run-end-${runState.value}`} role="status">
      {end && (
        <>
          <strong>{end.name}</strong> {end.text}
        </>
      )}
    </p>
  );
}

export function LevelsPanel() {
  const run = runStart.value;
  const missing = run && !run.roles.levels ? (run.missing.levels ?? 'this model has no levels') : undefined;
  return (
    <div class="levels-panel">
      {run && !missing && <LevelsCanvas run={run} />}
      {missing && <p class="panel-missing">No levels to see: {missing}</p>}
      <EndMessage />
    </div>
  );
}
