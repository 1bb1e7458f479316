import { readFile } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';
import type {
  WikiCall,
  WikiFeatures,
  WikiNewPage,
  WikiPage,
  WikiPageRef,
  WikiSpace,
  WikiTarget
} from '../../share/wiki/ports.js';
import { holdsMarker } from '../../share/wiki/region.js';

interface Stored {
  id: string;
  title: string;
  space: string;
  parent: string | undefined;
  deleted: boolean;
  /** All texts the page ever had; the number of the last one is its version. */
  texts: { body: string; editor: string }[];
  files: Map<string, Uint8Array>;
}

export interface MemoryWikiOptions {
  features?: Partial<WikiFeatures>;
  spaces?: readonly WikiSpace[];
  /** Whether it takes text and attachments as one change. */
  together?: boolean;
}

/** What people do in the wiki, and what a test wants to see of it. */
export interface MemoryWikiPeople {
  edit(pageId: string, change: (body: string) => string, editor?: string): void;
  rename(pageId: string, title: string, space?: string): void;
  remove(pageId: string): void;
  restore(pageId: string): void;
  /** A page of a person's own. */
  add(title: string, body: string, space?: string): string;
  file(pageId: string, name: string): Uint8Array | undefined;
  dropFile(pageId: string, name: string): void;
  pages(): WikiPage[];
  /** How often Lakeside wrote since the wiki began. */
  readonly counts: { edits: number; uploads: number };
}

const SITE = 'https://wiki.example.org/';
const LAKESIDE = 'Lakeside';

/** A wiki that ends with the process: exact versions, titles that are unique in a space, everything kept as copies. */
export function createMemoryWiki(options: MemoryWikiOptions = {}): { target: WikiTarget; people: MemoryWikiPeople } {
  const features: WikiFeatures = {
    dialect: 'commonmark',
    maths: 'native',
    collapsible: true,
    highlights: true,
    pictures: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
    attachments: 'page',
    spaces: true,
    parents: true,
    tags: false,
    compareAndSet: 'exact',
    maxBodyBytes: 1024 * 1024,
    maxAttachmentBytes: 10 * 1024 * 1024,
    ...options.features
  };
  const spaces = options.spaces ?? [
    { id: 'home', name: 'Home' },
    { id: 'lab', name: 'Laboratory' }
  ];
  const pages = new Map<string, Stored>();
  const shared = new Map<string, Uint8Array>();
  const counts = { edits: 0, uploads: 0 };

  const filesOf = (page: Stored): Map<string, Uint8Array> => (features.attachments === 'wiki' ? shared : page.files);
  const living = (): Stored[] => [...pages.values()].filter(page => !page.deleted);
  const alive = (id: string): Stored | undefined => living().find(page => page.id === id);

  function add(title: string, body: string, space: string, parent: string | undefined, editor: string): Stored {
    const id = String(pages.size + 1);
    const page: Stored = { id, title, space, parent, deleted: false, texts: [{ body, editor }], files: new Map() };
    pages.set(id, page);
    return page;
  }

  function must(pageId: string): Stored {
    const page = alive(pageId);
    if (page) return page;
    throw new ProblemError(
      'target-not-found',
      'The page is not in the wiki any more: somebody deleted it. Publish it as a new page.'
    );
  }

  function fits(size: number, most: number, what: string): void {
    if (size <= most) return;
    throw new ProblemError(
      'target-too-large',
      `${what} has ${size} bytes and the wiki takes ${most}. Hide the code or clear large outputs.`
    );
  }

  function taken(page: WikiNewPage, space: string): boolean {
    return living().some(each => each.space === space && each.title === page.title);
  }

  const target: WikiTarget = {
    async check(call) {
      await turn(call);
      return { features, account: LAKESIDE, software: 'Memory wiki', lacks: [], home: spaces[0] };
    },
    async spaces(query, call) {
      await turn(call);
      return features.spaces ? spaces.filter(space => has(space.name, query)) : [];
    },
    async parents(query, { space }, call) {
      await turn(call);
      if (!features.parents) return [];
      const found = living().filter(page => (space === undefined || page.space === space) && has(page.title, query));
      return found.slice(0, 50).map(toRef);
    },
    async find(marker, _hint, call) {
      await turn(call);
      return living()
        .map(toPage)
        .filter(page => holdsMarker(page.body, features.dialect, marker));
    },
    async read(pageId, call) {
      await turn(call);
      const page = alive(pageId);
      return page && toPage(page);
    },
    async create(page, call) {
      await turn(call);
      fits(Buffer.byteLength(page.body), features.maxBodyBytes, 'The page');
      const space = page.space ?? spaces[0]?.id ?? '';
      if (!spaces.some(each => each.id === space))
        throw new ProblemError('target-not-found', `The wiki has no space "${space}". Choose another one.`);
      if (page.parent !== undefined) must(page.parent);
      if (taken(page, space))
        throw new ProblemError('target-conflict', `There is a page "${page.title}" already. Choose another title.`, {
          errors: [{ field: 'title', message: 'is taken by a page that Lakeside did not make. Choose another title.' }]
        });
      counts.edits++;
      return toPage(add(page.title, page.body, space, page.parent, LAKESIDE));
    },
    async missing(pageId, attachments, call) {
      await turn(call);
      const files = filesOf(must(pageId));
      return attachments.filter(each => !files.has(each.name));
    },
    async upload(pageId, attachment, call) {
      await turn(call);
      const files = filesOf(must(pageId));
      fits(attachment.size, features.maxAttachmentBytes, `The picture ${attachment.name}`);
      const bytes = await readFile(attachment.file);
      if (files.has(attachment.name)) return;
      counts.uploads++;
      files.set(attachment.name, Uint8Array.from(bytes));
    },
    async write(pageId, { base, body }, call) {
      await turn(call);
      const page = must(pageId);
      fits(Buffer.byteLength(body), features.maxBodyBytes, 'The page');
      if (String(page.texts.length) !== base)
        throw new ProblemError(
          'target-conflict',
          `Somebody edited "${page.title}" meanwhile. Look at the change, then share again.`
        );
      counts.edits++;
      page.texts.push({ body, editor: LAKESIDE });
      return toPage(page);
    },
    close: () => Promise.resolve()
  };
  if (options.together === true)
    target.writeWith = async (pageId, { attachments, ...change }, call) => {
      const page = must(pageId);
      for (const { size, name } of attachments) fits(size, features.maxAttachmentBytes, `The picture ${name}`);
      const bytes = await Promise.all(attachments.map(({ file }) => readFile(file)));
      const written = await target.write(pageId, change, call);
      attachments.forEach(({ name }, at) => filesOf(page).set(name, Uint8Array.from(bytes[at] ?? [])));
      counts.uploads += attachments.length;
      return written;
    };

  return {
    target,
    people: {
      counts,
      edit(pageId, change, editor = 'ada') {
        const page = must(pageId);
        page.texts.push({ body: change(page.texts.at(-1)?.body ?? ''), editor });
      },
      rename(pageId, title, space) {
        const page = must(pageId);
        page.title = title;
        page.space = space ?? page.space;
      },
      remove(pageId) {
        must(pageId).deleted = true;
      },
      restore(pageId) {
        const page = pages.get(pageId);
        if (page) page.deleted = false;
      },
      add: (title, body, space) => add(title, body, space ?? spaces[0]?.id ?? '', undefined, 'ada').id,
      file: (pageId, name) => filesOf(must(pageId)).get(name),
      dropFile: (pageId, name) => void filesOf(must(pageId)).delete(name),
      pages: () => living().map(toPage)
    }
  };
}

function toRef(page: Stored): WikiPageRef {
  return { id: page.id, title: page.title, space: page.space, url: `${SITE}${page.id}` };
}

function toPage(page: Stored): WikiPage {
  const last = page.texts.at(-1);
  return { ...toRef(page), version: String(page.texts.length), body: last?.body ?? '', editor: last?.editor ?? '' };
}

function has(name: string, query: string): boolean {
  return name.toLowerCase().includes(query.trim().toLowerCase());
}

/** Another turn of the event loop, as a call over a network would have. */
async function turn(call: WikiCall | undefined): Promise<void> {
  await Promise.resolve();
  if (call?.signal?.aborted === true) throw new ProblemError('cancelled', 'It was cancelled.');
}
