// The composition root, and the one file that knows inversify. Plugins are modules of one container; every run has a child of
// it, in which services are bound by name, each made when it is first asked for with what replaces it around it, and
// components by their place in the scenario. Plugin authors never see it.
import 'reflect-metadata/lite';
import { Container, ContainerModule, type ServiceIdentifier } from 'inversify';
import type { Component, ComponentKind, ComponentKinds, Environments, Plugin } from './contracts/component.js';
import type { Environment } from './contracts/environment.js';
import type { RunView } from './contracts/observer.js';
import type { RunServices } from './contracts/services.js';
import { EigenflowError, suggestOrStop } from './errors.js';
import { checkPlugin } from './plugin/check-plugin.js';
import { createComponent, kindName } from './plugin/create-component.js';

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

/** Symbol.for, so that two copies of the package mean the same thing. */
const componentToken = (kind: ComponentKind, name: string) => Symbol.for(`eigenflow/component/${kind}/${name}`);
const slotToken = <K extends ComponentKind>(slot: string): ServiceIdentifier<ComponentKinds[K]> =>
  Symbol.for(`eigenflow/slot/${slot}`);
const runViewToken: ServiceIdentifier<RunView> = Symbol.for('eigenflow/run');

/** No loaded plugin brings this component. */
export class UnknownComponent extends EigenflowError {
  constructor(
    readonly kind: ComponentKind,
    readonly component: string,
    slot: string,
    known: readonly string[],
  ) {
    const loaded = known.length > 0 ? `Loaded: ${known.join(', ')}` : 'No loaded plugin brings one';
    super(
      'component',
      `${slot}.use`,
      `no ${kindName(kind)} called "${component}"${suggestOrStop(component, known)} ${loaded}`,
    );
  }
}

/** What is loaded, and where it came from. */
export interface Registry {
  readonly plugins: readonly Plugin[];
  /** @throws UnknownComponent with the nearest name and what is loaded. */
  find<K extends ComponentKind>(kind: K, name: string, path: string): Component<K>;
  /** The plugin that brought a component. */
  owner(kind: ComponentKind, name: string): Plugin;
  /** All components of a kind, in the order of loading. */
  list<K extends ComponentKind>(kind: K): readonly Component<K>[];
  /** A container for one run. @param services the usual ones, which plugins may replace */
  open(services: RunServices): RunContainer;
}

/** How a place of the run is filled. */
export interface Filling {
  /** Name of the component. */
  readonly use: string;
  /** Its parameters, as `create` receives them. */
  readonly values: unknown;
}

/** The wiring of one run: each service and each component is made once, when it is first asked for. */
export interface RunContainer {
  readonly services: RunServices;
  /** Says how a place of the run (`model`, `observers.spectrum`) is filled. */
  fill(slot: string, kind: ComponentKind, filling: Filling): void;
  /** What observers see of the run; known when everything but them has been made. */
  showRun(view: RunView): void;
  get<K extends ComponentKind>(slot: string, kind: K): ComponentKinds[K];
}

/** @throws EigenflowError `plugin` for a plugin with a mistake in it, or when two bring the same component. */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const root = new Container();
  const owners = new Map<symbol, Plugin>();
  for (const plugin of plugins) {
    checkPlugin(plugin);
    const module = new ContainerModule(({ bind }) => {
      for (const component of plugin.components) {
        const token = componentToken(component.kind, component.name);
        const other = owners.get(token);
        if (other) {
          throw new EigenflowError(
            'plugin',
            `plugin ${plugin.name}`,
            `its ${component.kind} "${component.name}" is already brought by plugin ${other.name}; load only one of them`,
          );
        }
        owners.set(token, plugin);
        bind(token).toConstantValue(component);
      }
    });
    root.load(module);
  }

  const list = <K extends ComponentKind>(kind: K) =>
    plugins.flatMap((plugin) => plugin.components.filter((c): c is Component<K> => c.kind === kind));

  const find = <K extends ComponentKind>(kind: K, name: string, path: string): Component<K> => {
    const token = componentToken(kind, name);
    if (root.isBound(token)) return root.get<Component<K>>(token);
    throw new UnknownComponent(
      kind,
      name,
      path,
      list(kind).map((component) => component.name),
    );
  };

  return {
    plugins,
    list,
    find,
    owner: (kind, name) => {
      find(kind, name, kind);
      return owners.get(componentToken(kind, name)) as Plugin;
    },
    open(services) {
      const container = new Container({ parent: root, defaultScope: 'Singleton' });
      const bound = bindServices(
        container,
        services,
        plugins.map(({ name, services: bindings = {} }) => ({ by: `plugin ${name}`, bindings })),
      );
      const environmentOf: {
        readonly [K in ComponentKind]: (base: Environment) => Environments[K];
      } = {
        model: (base) => base,
        loss: (base) => base,
        classifier: (base) => base,
        noise: (base) => ({
          ...base,
          model: container.get(slotToken<'model'>('model')),
          loss: container.get(slotToken<'loss'>('loss')),
        }),
        optimiser: (base) => ({ ...base, model: container.get(slotToken<'model'>('model')) }),
        observer: (base) => ({ ...base, run: container.get(runViewToken) }),
      };
      return {
        services: bound,
        fill<K extends ComponentKind>(slot: string, kind: K, { use, values }: Filling) {
          const component = find(kind, use, slot);
          const { name: plugin } = owners.get(componentToken(kind, use)) as Plugin;
          container.bind(slotToken<K>(slot)).toDynamicValue(() => {
            const environment = environmentOf[kind]({
              ...bound.streams(slot),
              arena: bound.arena,
              kernels: bound.kernels,
            });
            return createComponent<K>(slot, component, values, environment, plugin);
          });
        },
        showRun(view) {
          container.bind(runViewToken).toConstantValue(view);
        },
        get: <K extends ComponentKind>(slot: string, _kind: K) => container.get(slotToken<K>(slot)),
      };
    },
  };
}
