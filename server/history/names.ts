import { posix } from 'node:path';

/** The name under which a notebook is brought back: its own first, then ones beside what is there by now. */
export function bringBackName(path: string, attempt: number): string {
  if (attempt === 0) return path;
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name} (restored${attempt === 1 ? '' : ` ${attempt}`})${ext}`);
}
