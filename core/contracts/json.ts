// What may stand in a scenario, a manifest or a table: data that survive being written and read.

/** Plain JSON data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
