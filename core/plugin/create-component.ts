// Creates a component and looks at what it has become, before anything is done with it: a mistake is told with the
// plugin, the component and the member, and not where something stumbles over it later.
import type { Component, ComponentKind, ComponentKinds, Environments } from '../contracts/component.js';
import { show } from '../contracts/show.js';
import { EigenflowError, isEigenflowError, messageOf, placed, placedInSlot } from '../errors.js';
import { fits, isTree } from '../schema/schema.js';
import { FROM_CONTRACT_1, formerMember } from './contract-1.js';
import { MEMBERS } from './contract-members.js';
import { isAsync, type Rules } from './member-rules.js';

export const kindName = (kind: ComponentKind) => (kind === 'noise' ? 'noise model' : kind);

/** For messages: `optimiser "sgd" of plugin sgd`. @param plugin undefined where a component is looked at alone */
const called = ({ kind, name }: Component, plugin: string | undefined) =>
  `the ${kindName(kind)} "${name}"${plugin === undefined ? '' : ` of plugin ${plugin}`}`;

function found(value: unknown): string {
  if (isAsync(value)) return 'an async function';
  return typeof value === 'function' ? 'a function' : show(value);
}

/**
 * @param place where the object stands, for the path of the error
 * @param owner begins the message
 * @throws EigenflowError `contract` naming the first member that is missing or of the wrong type
 */
export function checkMembers(place: string, owner: string, object: object, rules: Rules): void {
  for (const [name, rule] of Object.entries(rules)) {
    const value = (object as Readonly<Record<string, unknown>>)[name];
    if (value === undefined && rule.optional) continue;
    if (!(rule.members ? isTree(value) : fits(rule, value))) {
      const mistake = value === undefined ? `has no \`${name}\`` : `has ${found(value)} as \`${name}\``;
      throw new EigenflowError('contract', place, `${owner} ${mistake}; expected ${rule.expected}`);
    }
    if (rule.members) checkMembers(`${place}.${name}`, `${owner}, in \`${name}\`,`, value as object, rule.members);
  }
}

/**
 * @param place of the component in the scenario
 * @param plugin that brought it
 * @throws EigenflowError `contract` when `create` throws, returns a promise, or something that lacks a member
 */
export function createComponent<K extends ComponentKind>(
  place: string,
  component: Component<K>,
  params: unknown,
  environment: Environments[K],
  plugin?: string,
): ComponentKinds[K] {
  const who = called(component, plugin);
  let made: unknown;
  try {
    made = component.create(params as never, environment);
  } catch (error) {
    // What says where it comes from is a mistake in the scenario that only this component can find.
    // An observer does not know its name in the scenario; the others are alone of their kind and say more than it.
    if (isEigenflowError(error))
      throw component.kind === 'observer' ? placed(place, error) : placedInSlot(place, error);
    throw new EigenflowError('contract', place, `${who}: create failed: ${messageOf(error)}`, { cause: error });
  }
  refusePromise(place, `create of ${who}`, made);
  if (typeof made !== 'object' || made === null) {
    const rules: Rules = MEMBERS[component.kind];
    const needed = Object.entries(rules).flatMap(([name, rule]) => (rule.optional ? [] : [name]));
    const returned = made === undefined ? 'nothing' : found(made);
    throw new EigenflowError(
      'contract',
      place,
      `${who}: create returns ${returned}; expected an object with ${needed.join(', ')}`,
    );
  }
  const former = formerMember(component.kind, made);
  if (former !== undefined) {
    const message = `${who} has \`${former}\`, as in contract 1. ${FROM_CONTRACT_1}`;
    throw new EigenflowError('contract', place, message);
  }
  checkMembers(place, who, made, MEMBERS[component.kind]);
  return made as ComponentKinds[K];
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/**
 * @param place of the component, for the message
 * @param call what has been called
 * @throws EigenflowError `contract` when it is a promise that came back
 */
export function refusePromise(place: string, call: string, returned: unknown): void {
  if (returned === undefined || !isPromise(returned)) return;
  // Refused here; what becomes of it shall not end the process.
  returned.then(undefined, () => undefined);
  throw new EigenflowError(
    'contract',
    place,
    `${call} returned a promise, which nobody waits for: its work must be done when it returns. ` +
      'Write it without async and await; load data before, and give them as a parameter of type arrays',
  );
}
