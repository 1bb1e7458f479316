import { createHash } from 'node:crypto';
import { access, constants, readFile } from 'node:fs/promises';
import { holdsMarker, ProblemError } from '@lakeside/plugin-kit';
import { addVersion, allPages, attachmentOf, codeOf, idOf, place, readPage, spacesIn } from './pages.js';

/** @typedef {import('@lakeside/plugin-kit').WikiTarget} WikiTarget */
/** @typedef {import('@lakeside/plugin-kit').WikiCall} WikiCall */
/** @typedef {import('./pages.js').Page} Page */

const EDITOR = 'Lakeside';
const MB = 1024 * 1024;

/** @type {import('@lakeside/plugin-kit').WikiFeatures} */
const features = {
  dialect: 'commonmark',
  maths: 'native',
  collapsible: true,
  highlights: true,
  pictures: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml'],
  attachments: 'page',
  spaces: true,
  parents: true,
  tags: false,
  compareAndSet: 'exact',
  maxBodyBytes: 4 * MB,
  maxAttachmentBytes: 50 * MB
};

/**
 * A wiki that is a folder of Markdown files.
 *
 * @param {{ folder: string, site: string, space: string, label: string }} settings
 * @returns {WikiTarget}
 */
export function createFolderWiki({ folder, site, space: usual, label }) {
  /** @param {WikiCall | undefined} call */
  function mayGoOn(call) {
    if (call?.signal?.aborted) throw new ProblemError('cancelled', 'It was cancelled.');
  }

  /** Faults of the disk as problems that say what to do. @template T @param {() => Promise<T>} work @param {WikiCall | undefined} call */
  async function onDisk(work, call) {
    mayGoOn(call);
    try {
      return await work();
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
        throw new ProblemError('target-forbidden', `${label} cannot be written in ${folder}. Give the account of Lakeside the right to.`);
      if (code === 'ENOENT' || code === 'ENOTDIR')
        throw new ProblemError('target-unreachable', `${label} is not there: ${folder} is missing. Mount it, or correct "folder".`);
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw new ProblemError('target-failed', `${label} has no room left in ${folder}. Make some, then share again.`);
      throw error;
    }
  }

  /** @param {Page} page */
  function toPage({ id, title, space, version, body, editor, at }) {
    return { id, title, space, url: address(id), version: String(version), body, editor, editedAt: at };
  }

  /** @param {string} id */
  function address(id) {
    return new URL(`${id.split('/').map(encodeURIComponent).join('/')}.page/`, site.replace(/\/*$/, '/')).href;
  }

  /** @param {string} id */
  async function alive(id) {
    const page = await readPage(folder, id);
    return page?.deleted ? undefined : page;
  }

  /** @param {string} id */
  async function mustBeAlive(id) {
    const page = await alive(id);
    if (page) return page;
    throw new ProblemError('target-not-found', `The page is not in ${label} any more. Publish it as a new page.`);
  }

  /** @param {string} id @param {number} base @param {Omit<Page, 'id' | 'space' | 'version' | 'at'>} content */
  async function put(id, base, content) {
    if (Buffer.byteLength(content.body) > features.maxBodyBytes)
      throw new ProblemError(
        'target-too-large',
        `The page is larger than the ${features.maxBodyBytes / MB} MB that ${label} takes. Hide the code, or clear large outputs.`
      );
    return addVersion(folder, id, base, { ...content, at: new Date().toISOString() });
  }

  return {
    check: call =>
      onDisk(async () => {
        const spaces = await spacesIn(folder);
        const lacks = spaces.includes(usual) ? [] : [`There is no space ${usual} in ${folder}. Make that folder.`];
        try {
          for (const space of spaces) await access(`${folder}/${space}`, constants.R_OK | constants.W_OK);
        } catch {
          lacks.push(`The account of Lakeside cannot write in every space of ${folder}. Give it the right to.`);
        }
        return { features, account: EDITOR, software: `Folder of Markdown files ${folder}`, lacks, home: { id: usual, name: usual } };
      }, call),

    spaces: (query, call) =>
      onDisk(async () => (await spacesIn(folder)).filter(has(query)).slice(0, 50).map(name => ({ id: name, name })), call),

    parents: (query, { space }, call) =>
      onDisk(async () => {
        const pages = await allPages(folder);
        return pages
          .filter(page => (space === undefined || page.space === space) && has(query)(page.title))
          .slice(0, 50)
          .map(({ id, title, space: where }) => ({ id, title, space: where, url: address(id) }));
      }, call),

    find: (marker, hint, call) =>
      onDisk(async () => {
        const hinted = hint.pageId === undefined ? undefined : await alive(hint.pageId);
        if (hinted && holdsMarker(hinted.body, features.dialect, marker)) return [toPage(hinted)];
        return (await allPages(folder)).filter(page => holdsMarker(page.body, features.dialect, marker)).map(toPage);
      }, call),

    read: (pageId, call) =>
      onDisk(async () => {
        const page = await alive(pageId);
        return page && toPage(page);
      }, call),

    create: ({ title, space, parent, body }, call) =>
      onDisk(async () => {
        const above = parent === undefined ? undefined : await mustBeAlive(parent);
        const where = space ?? above?.space ?? usual;
        if (!(await spacesIn(folder)).includes(where))
          throw new ProblemError('target-not-found', `${label} has no space ${where}. Choose another one.`);
        const name = title.trim();
        if ((await allPages(folder)).some(page => page.space === where && page.title === name)) throw taken(name);
        // A page that had this title and was renamed or deleted keeps its id, so the next one is tried.
        for (let turn = 0; ; turn++) {
          const id = idOf(where, name, turn);
          if (await put(id, 0, { title: name, editor: EDITOR, parent, body })) return toPage(await mustBeAlive(id));
          const other = await alive(id);
          if (other?.title === name) throw taken(name);
        }
      }, call),

    missing: (pageId, attachments, call) =>
      onDisk(async () => {
        const held = await Promise.all(
          attachments.map(async ({ name, sha256 }) => (await hashOf(attachmentOf(folder, pageId, name))) === sha256)
        );
        return attachments.filter((_, at) => !held[at]);
      }, call),

    upload: (pageId, { name, file }, call) =>
      onDisk(async () => {
        await mustBeAlive(pageId);
        await place(attachmentOf(folder, pageId, name), await readFile(file));
      }, call),

    write: (pageId, { base, body }, call) =>
      onDisk(async () => {
        const { title, parent, version } = await mustBeAlive(pageId);
        const isFirst = String(version) === base && (await put(pageId, version, { title, parent, editor: EDITOR, body }));
        if (isFirst) return toPage(await mustBeAlive(pageId));
        throw new ProblemError(
          'target-conflict',
          `Somebody edited "${title}" in ${label} meanwhile. Look at the change, then share again.`
        );
      }, call),

    close: () => Promise.resolve()
  };

  /** @param {string} title */
  function taken(title) {
    const message = `${label} has a page "${title}" already. Choose another title.`;
    return new ProblemError('target-conflict', message, { errors: [{ field: 'title', message }] });
  }
}

/** @param {string} query @returns {(text: string) => boolean} */
function has(query) {
  const wanted = query.trim().toLowerCase();
  return text => text.toLowerCase().includes(wanted);
}

/** @param {string} file */
async function hashOf(file) {
  try {
    return createHash('sha256').update(await readFile(file)).digest('hex');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
