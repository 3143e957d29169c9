// What a figure file says of its own origin, whoever draws it.
import { escapeXml } from '../../node/files/xml.js';

const NAMESPACE = 'urn:eigenflow:figure';

export interface FigureOrigin {
  readonly title: string;
  /** What was summarised, with N. */
  readonly sample: string;
  /** Hash of the ids of the runs that were drawn. */
  readonly data: string;
  /** Draws the figure again from the same results. */
  readonly command: string;
  readonly version: string;
}

/** One line for readers of metadata. */
export function describeOrigin({ sample, data, command }: FigureOrigin): string {
  return [...(sample === '' ? [] : [sample]), `Data ${data}`, `drawn by: ${command}`].join('; ');
}

/** Elements that stand first in an SVG. */
export function svgOrigin(origin: FigureOrigin): string {
  const { title, sample, data, command, version } = origin;
  const attributes = Object.entries({ data, sample, command, version }).map(
    ([name, value]) => `${name}="${escapeXml(value)}"`,
  );
  return (
    `<title>${escapeXml(title)}</title>` +
    `<desc>${escapeXml(describeOrigin(origin))}</desc>` +
    `<metadata><figure xmlns="${NAMESPACE}" ${attributes.join(' ')}/></metadata>`
  );
}

/** Text of a PNG, by keyword. */
export function pngOrigin(origin: FigureOrigin): Record<string, string> {
  return { Title: origin.title, Description: describeOrigin(origin), Software: `eigenflow ${origin.version}` };
}
