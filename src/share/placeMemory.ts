import type { IPlace } from './placeModel.js';

/** Where the notebooks of a folder were shared to last. */
export interface IRememberedPlace extends IPlace {
  readonly target: string;
}

/** Remembers it, for each folder. */
export interface IPlaceMemory {
  read(folder: string): IRememberedPlace | undefined;
  write(folder: string, place: IRememberedPlace): void;
}

/** Folders that are remembered; the one chosen longest ago is forgotten first. */
const MOST_FOLDERS = 200;

/** The folder of a notebook; empty for the uppermost. */
export function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/** Remembers places in this browser, apart for each Jupyter server. */
export function createPlaceMemory(baseUrl: string): IPlaceMemory {
  const key = `jupyterlab-lakeside:${baseUrl}:places`;
  const all = (): [string, IRememberedPlace][] => {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
      return Array.isArray(value) ? value.filter(isEntry) : [];
    } catch {
      return [];
    }
  };
  return {
    read: folder => all().find(([name]) => name === folder)?.[1],
    write: (folder, place) => {
      const others = all().filter(([name]) => name !== folder);
      try {
        localStorage.setItem(key, JSON.stringify([...others, [folder, place]].slice(-MOST_FOLDERS)));
      } catch {
        // A browser without storage asks again.
      }
    }
  };
}

function isEntry(value: unknown): value is [string, IRememberedPlace] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const { target, space, parent } = (value[1] ?? {}) as Record<string, unknown>;
  return typeof target === 'string' && hasTexts(space, 'id', 'name') && hasTexts(parent, 'id', 'title', 'space');
}

function hasTexts(value: unknown, ...names: string[]): boolean {
  if (value === undefined) return true;
  return names.every(name => typeof (value as Record<string, unknown> | null)?.[name] === 'string');
}
