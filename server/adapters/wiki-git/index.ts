import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type {
  WikiAttachment,
  WikiCall,
  WikiFeatures,
  WikiNewPage,
  WikiPage,
  WikiSpace,
  WikiTarget
} from '../../share/wiki/ports.js';
import { holdsMarker } from '../../share/wiki/region.js';
import { storeFiles, storeText, type Change } from './commit.js';
import { WikiCopy } from './copy.js';
import { forgeOf } from './forges/forge.js';
import { folderOf, isPage, stem } from './forges/names.js';
import { Git } from './git.js';
import { Pages, ROOT } from './pages.js';
import { GitServer } from './server.js';
import type { GitWikiSettings } from './settings.js';
import { idOf, markerIn, pathOf, type WikiState } from './state.js';
import { standingOf } from './standing.js';

export { GitWikiSettings } from './settings.js';

export interface GitWikiOptions {
  settings: GitWikiSettings;
  /** The token with which Lakeside pulls and pushes. */
  token: string;
  /** What people call this wiki. */
  label: string;
  clock: Clock;
  /** A folder for copies of wikis. */
  cacheDirectory: string;
  /** The variables with which git is started. */
  environment: Readonly<Record<string, string>>;
  /** How long a call may take, and how long it may wait where the wiki asks to, in milliseconds. */
  timeoutMs?: number;
  patienceMs?: number;
}

/** As many as lists hold. */
const MOST = 50;

/** The wiki of a GitLab, Gitea, Forgejo or GitHub project: a git repository, changed by pushes alone. */
export function createGitWikiTarget(options: GitWikiOptions): WikiTarget {
  const { settings, token, label, clock, cacheDirectory, environment } = options;
  const { timeoutMs = 60_000, patienceMs = 60_000 } = options;
  const forge = forgeOf(settings.forge);
  const { url, user = forge.user, email } = settings;
  const words = { label, url, missing: forge.missing, timeoutMs };
  const git = new Git({ environment, url, user, token });
  const server = new GitServer({ git, url, user, token, clock, words, patienceMs });
  const copy = new WikiCopy({
    git,
    server,
    clock,
    cacheDirectory,
    url,
    branch: settings.branch,
    firstBranch: forge.branch,
    words
  });
  const pages = new Pages({ git, copy, forge, address: settings.pages ?? forge.pages(url), label });
  const features: WikiFeatures = {
    dialect: 'commonmark',
    maths: 'native',
    collapsible: true,
    highlights: true,
    pictures: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
    attachments: 'wiki',
    attachmentsAt: `${forge.attachments}/`,
    spaces: forge.folders,
    parents: forge.folders,
    tags: false,
    compareAndSet: 'exact',
    maxBodyBytes: forge.maxBodyBytes,
    maxAttachmentBytes: 50 * 1024 * 1024
  };
  /** Where pages with a marker were last seen by this process. */
  const seen = new Map<string, string>();

  function locate(state: WikiState, id: string): string | undefined {
    return pathOf(state, id, seen.get(id));
  }

  async function pageAt(state: WikiState, path: string, id: string): Promise<WikiPage> {
    seen.set(id, path);
    return pages.page(state, path, id);
  }

  function change(files: ReadonlyMap<string, string>, message: string, { author = 'Lakeside' }: WikiCall): Change {
    return { files, message, author: { name: author, email }, committer: { name: 'Lakeside', email } };
  }

  function mustTake(body: string): void {
    const size = Buffer.byteLength(body);
    if (size <= features.maxBodyBytes) return;
    throw new ProblemError(
      'target-too-large',
      `The page has ${size} bytes, and ${forge.label} shows pages of up to ${features.maxBodyBytes}. Hide the code or clear large outputs.`
    );
  }

  /** The folder in which a page goes. */
  function folderFor(state: WikiState, { space, parent }: WikiNewPage): string {
    if (!forge.folders) return '';
    if (parent !== undefined) {
      const path = locate(state, parent);
      if (path !== undefined) return stem(path);
      throw new ProblemError(
        'target-not-found',
        `The page below which this was to go is not in ${label} any more. Choose another one.`
      );
    }
    if (space === undefined) return settings.folder ?? '';
    if (space === ROOT) return '';
    if (space === settings.folder || foldersOf(state).includes(space)) return space;
    throw new ProblemError('target-not-found', `${label} has no folder "${space}" with pages. Choose another one.`);
  }

  /** The path of the page that already has this title or address. */
  function takenBy(state: WikiState, path: string, title: string): string | undefined {
    const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
    return [...state.entries.keys()].find(
      each =>
        isPage(each) &&
        (same(stem(each), stem(path)) ||
          (same(forge.title(each, ''), title) && (!forge.folders || folderOf(each) === folderOf(path))))
    );
  }

  /** Which of some attachments lie in the wiki with other bytes, or not at all. */
  async function lacking(state: WikiState, attachments: readonly WikiAttachment[]): Promise<WikiAttachment[]> {
    const held = attachments.filter(each => state.entries.has(placeOf(each)));
    const oids = await storeFiles(
      git,
      copy.here.directory,
      held.map(({ file }) => file),
      { write: false }
    );
    const whole = new Set(held.filter((each, at) => state.entries.get(placeOf(each))?.oid === oids[at]));
    return attachments.filter(each => !whole.has(each));
  }

  function placeOf({ name }: WikiAttachment): string {
    return `${forge.attachments}/${name}`;
  }

  /** The files that attachments become. */
  async function stored(attachments: readonly WikiAttachment[]): Promise<[string, string][]> {
    const oids = await storeFiles(
      git,
      copy.here.directory,
      attachments.map(({ file }) => file),
      { write: true }
    );
    return attachments.map((each, at) => [placeOf(each), oids[at] ?? '']);
  }

  async function write(
    pageId: string,
    { base, body, summary, attachments }: Parameters<NonNullable<WikiTarget['writeWith']>>[1],
    call: WikiCall = {}
  ): Promise<WikiPage> {
    mustTake(body);
    return copy.change(call, async state => {
      const path = locate(state, pageId);
      if (path === undefined)
        throw new ProblemError(
          'target-not-found',
          `The page is not in ${label} any more: somebody deleted it. Publish it as a new page.`
        );
      const oid = await storeText(git, copy.here.directory, body);
      const now = state.entries.get(path)?.oid;
      if (now !== base && now !== oid)
        throw new ProblemError(
          'target-conflict',
          `Somebody changed the page in ${label} meanwhile. Look at the change, then share again.`
        );
      const files = new Map(await stored(await lacking(state, attachments)));
      if (now !== oid) files.set(path, oid);
      return {
        change: files.size === 0 ? undefined : change(files, summary, call),
        answer: written => pageAt(written, path, pageId)
      };
    });
  }

  function read(pageId: string, call: WikiCall = {}): Promise<WikiPage | undefined> {
    return copy.look(call, async state => {
      const path = locate(state, pageId);
      return path === undefined ? undefined : pageAt(state, path, markerIn(pageId) === undefined ? path : pageId);
    });
  }

  return {
    async check(call = {}) {
      const standing = await standingOf({ git, server, copy, forge, features, user, label }, call);
      return forge.folders ? { ...standing, home: toSpace(settings.folder ?? ROOT) } : standing;
    },

    spaces: (query, call = {}) =>
      copy.look(call, state => {
        if (!forge.folders) return [];
        const all = [
          ...new Set([ROOT, ...(settings.folder === undefined ? [] : [settings.folder]), ...foldersOf(state)])
        ];
        const named = all.map(toSpace);
        return named.filter(({ name }) => plain(name).includes(plain(query))).slice(0, MOST);
      }),

    parents: (query, { space }, call = {}) =>
      copy.look(call, async state => {
        if (!forge.folders) return [];
        const folder = space === ROOT ? '' : space;
        const fits = (path: string): boolean =>
          isPage(path) &&
          (folder === undefined || folderOf(path) === folder) &&
          plain(forge.title(path, '')).includes(plain(query));
        const found = [...state.entries.keys()]
          .filter(fits)
          .sort((a, b) => a.length - b.length)
          .slice(0, MOST);
        const texts = await pages.texts(state, found);
        return found.map((path, at) => pages.ref(path, idOf(state, path), texts[at] ?? ''));
      }),

    find: (marker, hint, call = {}) =>
      copy.look(call, async state => {
        const found = await Promise.all(
          (state.marked.get(marker) ?? []).map(path => pageAt(state, path, idOf(state, path, marker)))
        );
        const holding = found.filter(page => holdsMarker(page.body, 'commonmark', marker));
        // A copy of the page has another title: the one that is where it was is the one that is meant.
        const same = holding.filter(page => page.title === hint.title && page.space === (hint.space ?? page.space));
        return hint.pageId !== undefined && same.length === 1 ? same : holding;
      }),

    read,

    create(page, call = {}) {
      const marker = /lakeside:begin ([0-9A-Z]{26})/.exec(page.body)?.[1];
      return copy.change(call, async state => {
        const { path, head } = forge.place(page.title, folderFor(state, page));
        const text = `${head}${page.body.replace(/\n*$/, '\n')}`;
        mustTake(text);
        const oid = await storeText(git, copy.here.directory, text);
        const answer = (made: WikiState): Promise<WikiPage> => pageAt(made, path, marker ?? path);
        // A push whose answer was lost.
        if (state.entries.get(path)?.oid === oid) return { change: undefined, answer };
        const taken = takenBy(state, path, forge.title(path, head));
        if (taken !== undefined) {
          const sentence = `${label} has a page "${stem(taken)}" already, which Lakeside did not make. Choose another title.`;
          throw new ProblemError('target-conflict', sentence, { errors: [{ field: 'title', message: sentence }] });
        }
        return { change: change(new Map([[path, oid]]), page.summary, call), answer };
      });
    },

    missing: (_pageId, attachments, call = {}) => copy.look(call, state => lacking(state, attachments)),

    async upload(_pageId, attachment, call = {}) {
      await copy.change(call, async state => {
        const files = new Map(await stored(await lacking(state, [attachment])));
        const message = 'A figure of a notebook';
        return { change: files.size === 0 ? undefined : change(files, message, call), answer: () => undefined };
      });
    },

    write: (pageId, { base, body, summary }, call) => write(pageId, { base, body, summary, attachments: [] }, call),
    writeWith: write,

    close: () => Promise.resolve()
  };
}

/** The folders in which pages lie. */
function foldersOf(state: WikiState): string[] {
  return [...new Set([...state.entries.keys()].filter(isPage).map(folderOf))].filter(each => each !== '').sort();
}

/** Words alone, so that a title is found by what people type. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function toSpace(id: string): WikiSpace {
  return { id, name: id === ROOT ? 'Top of the wiki' : id };
}
