import { checkName, judge, type Edition } from './rules.js';
import { handsOf, written } from './writing.js';
import { NotStorage, readStrictly } from './xml.js';

export interface TwinSpace {
  id: string;
  key: string;
  name: string;
  type: 'global' | 'personal';
  homepage: string;
}
export interface TwinFile {
  id: string;
  name: string;
  bytes: Uint8Array;
  comment: string;
  version: number;
}
export interface TwinPage {
  id: string;
  title: string;
  space: TwinSpace;
  parent: string | undefined;
  status: 'current' | 'trashed';
  /** Every version the page ever had, the newest last. */
  versions: { body: string; title: string; author: string; message: string; at: string }[];
  labels: Set<string>;
  files: Map<string, TwinFile>;
}

/** A refusal of Confluence, in the status and the words of its service layer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string
  ) {
    super(message);
  }
}

export interface StoreLimits {
  edition: Edition;
  maxBodyBytes: number;
  maxFileBytes: number;
  /** Changes of the search index wait for so many further requests. */
  indexLag: number;
}

/** What a Confluence holds, with its rules: versions, titles, storage format, attachments, the trash, a lagging index. */
export class TwinStore {
  readonly pages = new Map<string, TwinPage>();
  readonly spaces: TwinSpace[] = [];
  /** How often the account of Lakeside wrote. */
  readonly counts = { edits: 0, uploads: 0, labels: 0 };
  private next = 65_537;
  private tick = 0;
  private readonly index: { at: number; id: string; title: string; labels: string[]; status: string }[] = [];

  constructor(readonly limits: StoreLimits) {}

  addSpace(key: string, name: string, type: TwinSpace['type'] = 'global'): TwinSpace {
    const space: TwinSpace = { id: this.id(), key, name, type, homepage: '' };
    this.spaces.push(space);
    space.homepage = this.create({
      title: `${name} home`,
      space,
      parent: undefined,
      body: '<p>Welcome.</p>',
      author: 'admin'
    }).id;
    return space;
  }

  id(): string {
    this.next += 3;
    return String(this.next);
  }

  /** One more request was answered: the index gets on. */
  requested(): void {
    this.tick++;
  }

  current(id: string): TwinPage | undefined {
    const page = this.pages.get(id);
    return page?.status === 'current' ? page : undefined;
  }

  titled(space: TwinSpace, title: string): TwinPage | undefined {
    const wanted = title.trim().toLowerCase();
    return [...this.pages.values()].find(
      page => page.status === 'current' && page.space === space && page.title.toLowerCase() === wanted
    );
  }

  create(given: {
    title: string;
    space: TwinSpace;
    parent: string | undefined;
    body: string;
    author: string;
  }): TwinPage {
    const { title, space, parent, body, author } = given;
    this.mustBeTitle(title, space, undefined);
    if (parent !== undefined && this.current(parent)?.space !== space)
      throw new Refused(404, `There is no parent page ${parent} in the space ${space.key}`);
    const page: TwinPage = {
      id: this.id(),
      title: title.trim(),
      space,
      parent,
      status: 'current',
      versions: [],
      labels: new Set(),
      files: new Map()
    };
    this.add(page, { body: this.stored(body, false), title: page.title, author, message: '' });
    this.pages.set(page.id, page);
    this.indexed(page);
    return page;
  }

  /** The next version. @param byEditor - a person in the editor, not the interface */
  update(
    page: TwinPage,
    change: { title: string; body: string; number: number; author: string; message: string },
    byEditor = false
  ): void {
    const { title, body, number, author, message } = change;
    const current = page.versions.length;
    if (page.status !== 'current') throw new Refused(404, `No content found with id: ${page.id}`);
    if (number !== current + 1)
      throw new Refused(409, `Version must be incremented on update. Current version is: ${current}`);
    this.mustBeTitle(title, page.space, page);
    const stored = this.stored(body, byEditor);
    page.title = title.trim();
    this.add(page, { body: stored, title: page.title, author, message });
    this.indexed(page);
  }

  trash(page: TwinPage): void {
    page.status = 'trashed';
    this.indexed(page);
  }

  restore(page: TwinPage): void {
    if (this.titled(page.space, page.title))
      throw new Refused(400, `A page with this title already exists: ${page.title}`);
    page.status = 'current';
    this.indexed(page);
  }

  label(page: TwinPage, name: string): void {
    if (!/^[^\s!#&()*,.:;<>?@[\]^]{1,255}$/.test(name) || name !== name.toLowerCase())
      throw new Refused(400, `The label "${name}" is not valid`);
    page.labels.add(name);
    this.indexed(page);
  }

  attach(page: TwinPage, name: string, bytes: Uint8Array, comment: string): TwinFile {
    if (page.files.has(name))
      throw new Refused(400, `Cannot add a new attachment with same file name as an existing attachment: ${name}`);
    const file: TwinFile = { id: `att${this.id()}`, name, bytes: this.fitting(name, bytes), comment, version: 1 };
    page.files.set(name, file);
    return file;
  }

  replace(page: TwinPage, fileId: string, bytes: Uint8Array, comment: string): TwinFile {
    const file = [...page.files.values()].find(({ id }) => id === fileId);
    if (!file) throw new Refused(404, `No attachment found with id: ${fileId}`);
    Object.assign(file, { bytes: this.fitting(file.name, bytes), comment, version: file.version + 1 });
    return file;
  }

  /** Pages as the index knows them, the last changed first. */
  indexedPages(): { id: string; title: string; labels: string[] }[] {
    const known = new Map<string, (typeof this.index)[number]>();
    for (const entry of this.index) if (entry.at + this.limits.indexLag <= this.tick) known.set(entry.id, entry);
    return [...known.values()].filter(({ status }) => status === 'current').reverse();
  }

  private fitting(name: string, bytes: Uint8Array): Uint8Array {
    try {
      checkName(name);
    } catch (error) {
      throw new Refused(400, (error as Error).message);
    }
    if (bytes.length > this.limits.maxFileBytes)
      throw new Refused(413, `The file exceeds the maximum size of ${this.limits.maxFileBytes} bytes: ${name}`);
    return bytes;
  }

  private stored(body: string, byEditor: boolean): string {
    const { edition, maxBodyBytes } = this.limits;
    if (Buffer.byteLength(body) > maxBodyBytes) throw new Refused(413, 'The content of the page is too large');
    try {
      const page = readStrictly(body);
      judge(page, edition);
      return written(page, handsOf(edition, byEditor));
    } catch (error) {
      if (error instanceof NotStorage) throw new Refused(400, error.message);
      throw error;
    }
  }

  private mustBeTitle(title: string, space: TwinSpace, self: TwinPage | undefined): void {
    const trimmed = title.trim();
    if (trimmed === '') throw new Refused(400, 'The title of a page may not be empty');
    if (trimmed.length > 255) throw new Refused(400, 'The title of a page has a maximum length of 255 characters');
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    if (/[\u0000-\u001f]/.test(trimmed)) throw new Refused(400, 'The title of a page holds control characters');
    const other = this.titled(space, trimmed);
    if (other && other !== self)
      throw new Refused(
        400,
        this.limits.edition === 'cloud'
          ? 'A page with this title already exists: A page already exists with the same TITLE in this space'
          : `A page with this title already exists: A page already exists with the title ${trimmed} in the space with key ${space.key}`
      );
  }

  private add(page: TwinPage, version: Omit<TwinPage['versions'][number], 'at'>): void {
    page.versions.push({ ...version, at: new Date(1_790_000_000_000 + this.tick * 1000).toISOString() });
  }

  private indexed(page: TwinPage): void {
    const { id, title, labels, status } = page;
    this.index.push({ at: this.tick, id, title, labels: [...labels], status });
  }
}
