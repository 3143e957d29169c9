// JSON Schema, draft 7: what editors read to complete and check a file while it is typed.

/** A schema or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where `condition` holds, `consequence` has to. */
export const implies = (condition: JsonSchema, consequence: JsonSchema): JsonSchema => ({
  if: condition,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: consequence,
});
