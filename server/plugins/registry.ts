import type { Plugin, PluginKind } from './plugin.js';

/** The plug-ins of a process. */
export interface Registry {
  all(): readonly Plugin[];
  /** All of one kind, by their id. */
  of<K extends PluginKind>(kind: K): readonly Plugin<K>[];
  /** One of them. @throws where there is none: the configuration was checked against this registry */
  find<K extends PluginKind>(kind: K, id: string): Plugin<K>;
}

/**
 * Collects plug-ins.
 *
 * @throws where two have the same kind and id
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const byName = new Map<string, Plugin>();
  for (const plugin of plugins) {
    const name = `${plugin.kind}/${plugin.id}`;
    if (byName.has(name)) throw new Error(`There are two plug-ins ${name}.`);
    byName.set(name, plugin);
  }

  function of<K extends PluginKind>(kind: K): readonly Plugin<K>[] {
    const own = [...byName].filter(([name]) => name.startsWith(`${kind}/`)).map(([, plugin]) => plugin as Plugin<K>);
    return own.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  return {
    all: () => [...byName.values()],
    of,
    find(kind, id) {
      const found = of(kind).find(plugin => plugin.id === id);
      if (found === undefined) throw new Error(`There is no plug-in ${kind}/${id}.`);
      return found;
    }
  };
}
