import type { IContentsFiles } from '../../src/share/library/copyNotebook.js';
import type { IFolder } from '../../src/share/page/contents.js';

/** A person's files in memory: path to text. */
export class MemoryFiles implements IContentsFiles {
  readonly files: Map<string, string>;
  readonly writes: { path: string; chunk: number | undefined }[] = [];
  failOn: 'write' | undefined;

  constructor(files: Record<string, string> = {}) {
    this.files = new Map(Object.entries(files));
  }

  create(folder: string): Promise<string> {
    const path = folder ? `${folder}/untitled.ipynb` : 'untitled.ipynb';
    this.files.set(path, '');
    return Promise.resolve(path);
  }

  write(path: string, text: string, chunk?: number): Promise<void> {
    if (this.failOn === 'write') return Promise.reject(new Error('There is no space left.'));
    this.writes.push({ path, chunk });
    const before = chunk === undefined || chunk === 1 ? '' : (this.files.get(path) ?? '');
    this.files.set(path, before + text);
    return Promise.resolve();
  }

  rename(path: string, newPath: string): Promise<string | undefined> {
    if (this.files.has(newPath)) return Promise.resolve(undefined);
    this.files.set(newPath, this.files.get(path) ?? '');
    this.files.delete(path);
    return Promise.resolve(newPath);
  }

  remove(path: string): Promise<void> {
    this.files.delete(path);
    return Promise.resolve();
  }

  folders(path: string): Promise<IFolder[]> {
    const below = [...this.files.keys()]
      .map(file => file.split('/').slice(0, -1))
      .filter(parts => parts.slice(0, -1).join('/') === path && parts.length > 0)
      .map(parts => parts.join('/'));
    return Promise.resolve([...new Set(below)].sort().map(at => ({ path: at, name: at.split('/').at(-1) ?? '' })));
  }
}
