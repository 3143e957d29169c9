// A panel: one plot with its axes, colour bar and legend, drawn in a box of given width. A figure is a page of panels.
import type { GroupMark } from 'vega';

/** Space beside a plot that panels side by side have in common, and its least height; unit: pixels. */
export interface PlotRoom {
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

export interface Panel {
  /** Panels of one kind have plots of one size, where they are side by side. */
  readonly kind: 'map' | 'plot' | 'grid';
  /** Heading in a figure of several panels. */
  readonly title: string;
  /** What was summarised, with N; small print above the plot. */
  readonly sample: string;
  /** Small print under the figure. */
  readonly notes: readonly string[];
  /** Of the box, with labels and legend; unit: pixels. */
  readonly width: number;
  readonly height: number;
  /** Left end of the plot itself in the box, and its size. */
  readonly left: number;
  readonly plot: { readonly width: number; readonly height: number };
  /** Drawn from the upper left corner of the plot. Data, scales and axes are its own. */
  readonly body: Pick<GroupMark, 'data' | 'scales' | 'axes' | 'marks'>;
}

/** Draws a panel in a box of this width. @param room to leave at least, where other panels need it */
export type PanelBuilder = (width: number, room?: PlotRoom) => Panel;
