import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Shorter texts are found anywhere, by chance. */
const SHORTEST = 12;

/** What is searched: bytes with the name of the place where they are. */
export interface Place {
  name: string;
  bytes: Buffer;
}

/**
 * The forms in which a secret may lie somewhere: as it is, in JSON, in addresses, in hexadecimal digits, and in base64
 * as a piece of a longer text, whose three possible beginnings give three forms.
 */
function formsOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('hex')];
  for (const before of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last letters hold bits of neighbours too.
    const own = shifted.slice(before === 0 ? 0 : before + 1, -2);
    forms.push(own, own.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return new Set(forms);
}

/**
 * Searches places for secrets.
 *
 * @throws Error where there is nothing to search for, or a secret is too short to be told from chance
 * @returns a line for each find, without the secret
 */
export function leaks(secrets: readonly string[], places: readonly Place[]): string[] {
  const short = secrets.filter(secret => secret.length < SHORTEST).length;
  if (secrets.length === 0 || short > 0) throw new Error(`${secrets.length} secrets, ${short} of them too short`);
  const wanted = [...new Set(secrets)].map(secret => [...formsOf(secret)].map(form => Buffer.from(form)));
  return places.flatMap(({ name, bytes }) =>
    wanted.flatMap((forms, number) =>
      forms.some(form => bytes.includes(form)) ? [`secret ${number + 1} of ${wanted.length} in ${name}`] : []
    )
  );
}

/** Every file below a folder, compressed ones as what is in them too. */
export function filesBelow(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .flatMap(entry => {
      const file = join(entry.parentPath, entry.name);
      const bytes = read(file);
      const name = relative(folder, file);
      if (bytes === undefined) return [];
      const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return [{ name, bytes }, ...(isGzip ? [{ name: `${name}, opened`, bytes: gunzipSync(bytes) }] : [])];
    });
}

/** The words and the variables of every process of the machine that may be seen, by its id. */
export function processes(): Map<number, Place[]> {
  const all = new Map<number, Place[]>();
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const places = ['cmdline', 'environ'].flatMap(what => {
      const bytes = read(`/proc/${pid}/${what}`);
      return bytes === undefined ? [] : [{ name: `${what} of process ${pid}`, bytes }];
    });
    all.set(pid, places);
  }
  return all;
}

/** @returns undefined where it went meanwhile, or is a process of others that not even root may look into */
function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
