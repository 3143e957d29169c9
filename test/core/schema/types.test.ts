// The types that readers of scenarios and figures see are those of the schemas that check them, member by member.
import { expectTypeOf, it } from 'vitest';
import type { FigureDeclaration } from '../../../core/contracts/figure.js';
import type { FIGURE } from '../../../core/figures/declared-fields.js';
import type { SCENARIO } from '../../../core/scenario/parse.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import type { Infer } from '../../../core/schema/schema.js';

it('a scenario', () => {
  expectTypeOf<Infer<typeof SCENARIO>>().toEqualTypeOf<Scenario>();
});

it('a figure', () => {
  expectTypeOf<Infer<typeof FIGURE>>().toEqualTypeOf<FigureDeclaration>();
});
