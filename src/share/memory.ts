import type { IJobMemory, IRemembered } from './runningModel.js';

/** Remembers the shares under way in this browser, apart for each Jupyter server. */
export function createMemory(baseUrl: string): IJobMemory {
  const key = `jupyterlab-lakeside:${baseUrl}:jobs`;
  return {
    read: () => {
      try {
        const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
        return Array.isArray(value) ? value.filter(isRemembered) : [];
      } catch {
        return [];
      }
    },
    write: jobs => {
      try {
        if (jobs.length === 0) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(jobs));
      } catch {
        // A browser without storage forgets them at a reload; the shares go on all the same.
      }
    }
  };
}

function isRemembered(value: unknown): value is IRemembered {
  const { id, name } = (value ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && typeof name === 'string';
}
