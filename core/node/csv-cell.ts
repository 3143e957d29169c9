// Cells of a CSV file (RFC 4180) that pandas, R and spreadsheets read back as the same values.

/** Quotes where the text needs it. */
export function textCell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The shortest decimal that reads back as the same double. */
export function numberCell(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'inf' : '-inf';
}
