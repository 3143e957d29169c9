// Services bound by name in a container, each made when it is first asked for, with what replaces it around it.
import 'reflect-metadata';
import { Container, type ServiceIdentifier } from 'inversify';
import { EigenflowError } from './errors.js';

/** Functions that put something in place of the usual services; `services` are all others. */
export type Bindings<Services extends object> = {
  readonly [K in keyof Services]?: (usual: Services[K], services: Omit<Services, K>) => Services[K];
};

export interface Replacement<Services extends object> {
  /** Who replaces, for messages. */
  readonly by: string;
  readonly bindings: Bindings<Services>;
}

const kindOf = (value: unknown) =>
  value === undefined ? 'nothing (is a return missing?)' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;

/** Symbol.for, so that two copies of the package mean the same thing. */
export const serviceToken = <Services extends object, K extends keyof Services & string>(
  name: K,
): ServiceIdentifier<Services[K]> => Symbol.for(`eigenflow/service/${name}`);

/**
 * Binds the usual services, with the replacements around them, the last one outermost.
 *
 * @returns all of them; each is made when it is first read
 * @throws EigenflowError `contract`, when a service is first read, for a replacement of another type than the usual one
 */
export function bindServices<Services extends object>(
  container: Container,
  usual: Services,
  replacements: readonly Replacement<Services>[],
): Services {
  const names = Object.keys(usual) as (keyof Services & string)[];
  const services = {} as Services;
  for (const name of names) {
    const token = serviceToken<Services, typeof name>(name);
    Object.defineProperty(services, name, { enumerable: true, get: () => container.get(token) });
    const replacing = replacements.filter(({ bindings }) => bindings[name] !== undefined);
    if (replacing.length === 0) {
      container.bind(token).toConstantValue(usual[name]);
      continue;
    }
    container.bind(token).toDynamicValue(() =>
      replacing.reduce((service, { by, bindings }) => {
        const replace = bindings[name];
        if (replace === undefined) return service;
        const replaced = replace(service, services);
        if (typeof replaced === typeof service) return replaced;
        const message = `its service "${name}" is ${kindOf(replaced)}; expected ${kindOf(service)}, as the usual one`;
        throw new EigenflowError('contract', by, message);
      }, usual[name]),
    );
  }
  return services;
}

/** The services in a container of their own, all made at once. @throws what `bindServices` throws */
export function openServices<Services extends object>(
  usual: Services,
  replacements: readonly Replacement<Services>[],
): Services {
  return { ...bindServices(new Container({ defaultScope: 'Singleton' }), usual, replacements) };
}
