// Property tests draw the same examples in every run, so that a change that breaks nothing never fails;
// EIGENFLOW_PROPERTY_SEED=N draws others.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.EIGENFLOW_PROPERTY_SEED ?? 1) });
