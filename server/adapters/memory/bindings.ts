import type { Binding, Bindings, Place } from '../../share/ports.js';

/** Bindings of places to notebooks that end with the process. */
export function createMemoryBindings(): Bindings {
  const bindings = new Map<string, Binding>();
  const done = new Set<string>();
  const keyOf = ({ root, path }: Place): string => JSON.stringify([root, path]);
  const copy = (binding: Binding): Binding => structuredClone(binding);

  /** A file's binding, and those of everything below it where it is a folder. */
  function below({ root, path }: Place): Binding[] {
    return [...bindings.values()].filter(
      ({ place }) => place.root === root && (place.path === path || place.path.startsWith(`${path}/`))
    );
  }

  return {
    at(place) {
      const binding = bindings.get(keyOf(place));
      return binding && copy(binding);
    },
    of: notebookId =>
      [...bindings.values()]
        .filter(binding => binding.notebookId === notebookId)
        .sort((a, b) => (a.place.root + a.place.path < b.place.root + b.place.path ? -1 : 1))
        .map(copy),
    put: binding => void bindings.set(keyOf(binding.place), copy(binding)),
    remove: place => void bindings.delete(keyOf(place)),
    move(from, to) {
      if (keyOf(from) === keyOf(to)) return;
      for (const { place, gone, ...rest } of below(from)) {
        bindings.delete(keyOf(place));
        const moved = { root: to.root, path: to.path + place.path.slice(from.path.length) };
        // What was renamed itself is there; what was deleted in a renamed folder stays deleted.
        const stillGone = gone === true && place.path !== from.path;
        bindings.set(keyOf(moved), { ...rest, place: moved, ...(stillGone && { gone }) });
      }
    },
    saw(place, notebookId, seen) {
      const binding = bindings.get(keyOf(place));
      if (binding?.notebookId === notebookId) bindings.set(keyOf(place), { ...binding, seen: seen && { ...seen } });
    },
    markGone(place) {
      for (const binding of below(place)) bindings.set(keyOf(binding.place), { ...binding, gone: true });
    },
    once(name, change) {
      if (done.has(name)) return false;
      const before = new Map([...bindings].map(([key, binding]) => [key, copy(binding)]));
      try {
        change();
      } catch (error) {
        bindings.clear();
        for (const [key, binding] of before) bindings.set(key, binding);
        throw error;
      }
      done.add(name);
      return true;
    }
  };
}
