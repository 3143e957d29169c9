// Text in XML and HTML.
import { plainText } from '../../core/plain-text.js';

/** Without control characters: there is no way to write them in XML. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return plainText(text, Number.POSITIVE_INFINITY).replace(/[&<>"]/g, (character) => entities[character]);
}
