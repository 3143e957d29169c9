// Pieces of a page that needs nothing but itself: no script, no font, no address is loaded.
import { escapeXml } from '../../node/files/xml.js';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #ddd; }
table { border-collapse: collapse; margin: 0.8rem 0; } th, td { padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; }
th { border-bottom: 1px solid #999; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.6rem 0; } figure svg { max-width: 100%; height: auto; border: 1px solid #eee; }
figcaption, .small { color: #555; font-size: 0.85rem; } code, pre { font-size: 0.85rem; background: #f5f5f5; }
pre { padding: 0.6rem; overflow-x: auto; } .scroll { overflow-x: auto; }
`;

/** HTML, as opposed to text that must be escaped. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

/** Fills a template: text is escaped, HTML stands as it is, lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Html {
  const filled = values.map((value) => {
    if (typeof value === 'string' || typeof value === 'number') return escapeXml(String(value));
    return 'html' in value ? value.html : value.map((each) => each.html).join('\n');
  });
  return { html: parts.reduce((all, part, i) => all + filled[i - 1] + part) };
}

export interface Column {
  readonly name: string;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
}

export function htmlTable(columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): Html {
  const kind = (i: number) => ({ html: columns[i].isNumber ? ' class="number"' : '' });
  const head = columns.map(({ name }, i) => html`<th${kind(i)}>${name}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell, i) => html`<td${kind(i)}>${cell}</td>`)}</tr>`);
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export function htmlPage(title: string, content: readonly Html[]): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${{ html: STYLE }}</style></head>
<body>
${content}
</body></html>
`;
  return page.html;
}
