import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Pages as files. A page is a folder `<space>/<id>.page` with one file for each of its versions, `000001.md` and so on:
 * a line of JSON in a comment, then the text. The last one is what the page is now. A version is a hard link that is
 * made only where there is none of its number, so of two writers on one version exactly one wins, whoever they are.
 *
 * @typedef {{ title: string, editor: string, at: string, parent?: string | undefined, deleted?: boolean }} Head
 * @typedef {Head & { id: string, space: string, version: number, body: string }} Page
 */

const HEAD = '<!-- wiki ';

/** A page as it is now; undefined where there is none. @param {string} root @param {string} id @returns {Promise<Page | undefined>} */
export async function readPage(root, id) {
  const folder = folderOf(root, id);
  if (folder === undefined) return undefined;
  const version = (await versionsIn(folder)).at(-1);
  if (version === undefined) return undefined;
  const text = await readFile(join(folder, nameOf(version)), 'utf8');
  const end = text.indexOf('\n');
  /** @type {Head} */
  const head = JSON.parse(text.slice(HEAD.length, end - ' -->'.length));
  return { ...head, id, space: id.slice(0, id.indexOf('/')), version, body: text.slice(end + 1) };
}

/**
 * Makes the version after `base`; 0 for a new page.
 *
 * @param {string} root @param {string} id @param {number} base @param {Head & { body: string }} content
 * @returns {Promise<boolean>} false where somebody made it before
 */
export async function addVersion(root, id, base, { body, ...head }) {
  const folder = folderOf(root, id);
  if (folder === undefined) throw new Error(`${id} is no id of a page`);
  await mkdir(folder, { recursive: true });
  return place(join(folder, nameOf(base + 1)), `${HEAD}${JSON.stringify(head).replaceAll('>', '\\u003e')} -->\n${body}`);
}

/** All pages that are there. @param {string} root @returns {Promise<Page[]>} */
export async function allPages(root) {
  const spaces = await spacesIn(root);
  const ids = await Promise.all(
    spaces.map(async space =>
      (await readdir(join(root, space))).flatMap(name => (name.endsWith('.page') ? [`${space}/${name.slice(0, -5)}`] : []))
    )
  );
  const pages = await Promise.all(ids.flat().map(id => readPage(root, id)));
  return pages.filter(page => page !== undefined && page.deleted !== true).map(page => /** @type {Page} */ (page));
}

/** The spaces: folders in the wiki. @param {string} root */
export async function spacesIn(root) {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name).sort();
}

/** Where a file beside a page lies. @param {string} root @param {string} id @param {string} name */
export function attachmentOf(root, id, name) {
  const folder = folderOf(root, id);
  if (folder === undefined || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new Error(`${name} is no name of a file`);
  return join(folder, 'attachments', name);
}

/** The id of the so many-th page that was ever made under a title. @param {string} space @param {string} title @param {number} turn */
export function idOf(space, title, turn) {
  return `${space}/${createHash('sha256').update(`${title}\n${turn}`).digest('hex').slice(0, 20)}`;
}

/**
 * Writes a file whole or not at all, and durably, where there is none yet.
 *
 * @param {string} file @param {string | Uint8Array} content
 * @returns {Promise<boolean>} false where there is one
 */
export async function place(file, content) {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomBytes(8).toString('hex')}.new`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const directory = await open(folder);
  await directory.sync().finally(() => directory.close());
  return true;
}

/** @param {unknown} error */
export function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error)?.code;
}

/** Ids come from outside, so nothing but an id becomes a path. @param {string} root @param {string} id */
function folderOf(root, id) {
  return /^[^./\\\0][^/\\\0]*\/[0-9a-f]{20}$/.test(id) ? join(root, `${id}.page`) : undefined;
}

/** @param {string} folder */
async function versionsIn(folder) {
  try {
    const names = await readdir(folder);
    return names.flatMap(name => (/^\d{6}\.md$/.test(name) ? [Number(name.slice(0, 6))] : [])).sort((a, b) => a - b);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** @param {number} version */
function nameOf(version) {
  return `${String(version).padStart(6, '0')}.md`;
}
