// A picture of a comparison, in a panel like those of the run.
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ComparisonVerdict } from '../../comparison-protocol.js';
import { canvasSurface } from '../drawing/canvas-surface.js';
import { ExportMenu } from '../drawing/export-menu.js';
import { callOff, drawSoon } from '../drawing/frame-loop.js';
import { theme } from '../drawing/theme.js';
import { fitCanvas, useCanvas } from '../drawing/use-canvas.js';
import type { PanelView } from '../run/panel.js';
import { panelPicture } from '../run/panel-picture.js';
import { verdict } from './compare-state.js';

interface Props {
  /** Of the files that it is exported to. */
  readonly name: string;
  readonly title: string;
  readonly viewOf: (verdict: ComparisonVerdict) => PanelView;
}

export function ContrastPicture({ name, title, viewOf }: Props) {
  const shown = verdict.value;
  const view = useMemo(() => shown && viewOf(shown), [shown, viewOf]);
  const paint = useMemo(
    () => () => {
      const sized = canvas.current && fitCanvas(canvas.current);
      const found = verdict.peek();
      if (!sized || !found) return;
      const { context, width, height } = sized;
      viewOf(found).draw(canvasSurface(context), { x: 0, y: 0, width, height }, theme.peek());
    },
    [viewOf],
  );
  const canvas = useCanvas(() => drawSoon(paint));
  useSignalEffect(() => {
    verdict.value;
    theme.value;
    drawSoon(paint);
  });
  useEffect(() => () => callOff(paint), [paint]);
  return (
    <article class="panel" aria-label={title}>
      <header class="panel-head">
        <h3>{title}</h3>
        {view && <ExportMenu name={name} title={title} picture={() => panelPicture(view)} />}
      </header>
      <p class="panel-caption">{view?.caption}</p>
      <canvas
        class="panel-picture"
        ref={canvas}
        role="img"
        aria-label={view ? `${title}: ${view.description}` : `${title}: nothing yet`}
      />
    </article>
  );
}
