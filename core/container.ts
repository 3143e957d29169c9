// Dependency injection: turns plugins into container modules and wires the components of one run. The only file that
// knows inversify; plugin authors never see it.
import 'reflect-metadata';
import { Container, ContainerModule } from 'inversify';
import type { Component, ComponentKind, ComponentKinds, Plugin } from './contracts/component.js';
import type { Environment } from './contracts/environment.js';
import { EigenflowError, suggestOrStop } from './errors.js';
import { checkPlugin } from './plugin/check-plugin.js';
import { createComponent, kindName } from './plugin/create-component.js';

/** Symbol.for, so that two copies of the package mean the same thing. */
const componentToken = (kind: ComponentKind, name: string) => Symbol.for(`eigenflow/component/${kind}/${name}`);
const slotToken = (slot: string) => Symbol.for(`eigenflow/slot/${slot}`);

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
  /** An empty container in which every component is bound, for one run. */
  open(): RunContainer;
}

/** The wiring of one run: each slot is created once, when it is first asked for. */
export interface RunContainer {
  /** Says how a slot of the run (`model`, `observers.spectrum`) is filled. */
  fill<K extends ComponentKind>(slot: string, kind: K, name: string, params: unknown, environment: Environment): void;
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
    open() {
      const container = new Container({ parent: root, defaultScope: 'Singleton' });
      return {
        fill(slot, kind, name, params, environment) {
          const component = find(kind, name, slot);
          const { name: plugin } = owners.get(componentToken(kind, name)) as Plugin;
          container
            .bind(slotToken(slot))
            .toDynamicValue(() => createComponent(slot, component, params, environment, plugin));
        },
        get: <K extends ComponentKind>(slot: string, _kind: K) => container.get<ComponentKinds[K]>(slotToken(slot)),
      };
    },
  };
}
