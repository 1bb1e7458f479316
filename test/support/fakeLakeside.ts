import type { Answer, Call, Client, Transport } from '../../contract/client.js';
import { createClient } from '../../contract/client.js';
import type { JobStep } from '../../contract/jobs.js';
import { ProblemError } from '../../contract/problem.js';
import type {
  Finding,
  PublishRequest,
  ShareResult,
  ShareState,
  Target,
  TargetPage,
  TargetSpace,
  TargetStanding
} from '../../contract/share/index.js';
import { FakeJobs } from './fakeJobs.js';

/** A notebook file as the fake knows it. */
export interface FakeFile {
  content: string;
  /** The id in its metadata. */
  metadataId?: string;
}

interface Published {
  notebookId: string;
  title: string;
  tags: string[];
  hideCode: boolean;
  deleted: boolean;
  /** Its pages in wikis. */
  wikis: { target: string; title: string; url: string }[];
  versions: { versionId: string; content: string; sharedAt: string }[];
}

const STEPS = ['read', 'scan', 'render', 'upload', 'page', 'verify'];

/** Ids in the shape of ULIDs, in order. */
export function fakeId(number: number): string {
  return `01${String(number).padStart(24, '0')}`;
}

/**
 * Lakeside in memory, behind the real typed client: what is given and answered is checked against the contract.
 * Files are a map that tests change; jobs run step by step and can be held, failed and cancelled.
 */
export class FakeLakeside implements Transport {
  readonly client: Client = createClient(this);
  readonly files = new Map<string, FakeFile>();
  readonly uploads = new Map<string, string>();
  readonly bindings = new Map<string, string>();
  readonly published = new Map<string, Published>();
  readonly jobs = new FakeJobs();
  /** Every call, by route id, in order. */
  readonly calls: { id: string; body: unknown; url: string }[] = [];
  targets: Target[] = [{ id: 'library', kind: 'library', label: 'Library', description: 'Pages on this server' }];
  /** What wikis say of themselves; all is well with those that are not named. */
  readonly standings = new Map<string, TargetStanding | ProblemError>();
  spaces: TargetSpace[] = [];
  parents: TargetPage[] = [];
  tags: string[] = [];
  /** What the secret gate finds, and whether it may be published. */
  findings: Finding[] = [];
  mayPublish = true;
  /** Whether contents are files that the server reads itself. */
  readsFiles = true;
  /** Makes the next calls of a route fail, once each. */
  readonly failures: { id: string; error: Error }[] = [];
  private _ids = 0;

  async send(call: Call): Promise<Answer> {
    call.signal?.throwIfAborted();
    const { id } = call.route;
    this.calls.push({ id, body: call.body, url: call.url });
    await Promise.resolve();
    const failure = this.failures.findIndex(each => each.id === id);
    if (failure >= 0) throw this.failures.splice(failure, 1)[0]!.error;
    const answer = this._answer(call);
    // What travels is JSON: nothing of the fake's own objects gets out.
    return answer.kind === 'json' ? { kind: 'json', body: JSON.parse(JSON.stringify(answer.body)) as unknown } : answer;
  }

  /** How often a route was called. */
  count(id: string): number {
    return this.calls.filter(call => call.id === id).length;
  }

  /** The body of the last call of a route. */
  lastBody(id: string): Record<string, unknown> | undefined {
    return this.calls.filter(call => call.id === id).at(-1)?.body as Record<string, unknown> | undefined;
  }

  private _answer(call: Call): Answer {
    const params = call.params as Record<string, string>;
    const query = call.query as Record<string, string>;
    switch (call.route.id) {
      case 'system.status':
        return json({ version: '0.1.0', node: '24.0.0', uptime: 1, user: 'ada', readsFiles: this.readsFiles });
      case 'share.targets':
        return json({ targets: this.targets });
      case 'share.target':
        return json(this._standing(params['targetId']!));
      case 'share.spaces':
        return json({ spaces: this.spaces.filter(({ name }) => has(name, query['query'])) });
      case 'share.parents':
        return json({
          pages: this.parents.filter(page => has(page.title, query['query']) && isIn(page, query['space']))
        });
      case 'library.facets':
        return json({ tags: this.tags.map(name => ({ name, count: 1 })), groups: [], owners: [], tables: [] });
      case 'share.state':
        return json(this._state(query['path']!, query['metadataId']));
      case 'share.upload':
        this.uploads.set(params['uploadId']!, call.body as string);
        return json({ uploadId: params['uploadId'], size: (call.body as string).length, sha256: '0'.repeat(64) });
      case 'share.preview':
        return html(this._preview(call.body as { source: PublishRequest['source']; path: string; title?: string }));
      case 'share.scan':
        return json({ findings: this.findings, total: this.findings.length, mayPublish: this.mayPublish });
      case 'share.publish':
        return json(this._publish(call.body as PublishRequest));
      case 'jobs.get':
        return json(this.jobs.get(params['jobId']!));
      case 'jobs.cancel':
        this.jobs.cancel(params['jobId']!);
        return { kind: 'empty' };
      case 'jobs.events':
        return { kind: 'events', events: this.jobs.events(params['jobId']!, call.lastEventId ?? 0, call.signal) };
      case 'library.delete':
      case 'library.restore':
        return json(this._setDeleted(params['notebookId']!, call.route.id === 'library.delete'));
      case 'library.document':
        return html('<h1>Page</h1>');
      case 'library.notebook':
        return bytes('{"cells":[]}', 'application/x-ipynb+json');
      default:
        throw new ProblemError('not-found', `The fake has no ${call.route.id}.`);
    }
  }

  private _state(path: string, openId?: string): ShareState {
    const file = this.files.get(path);
    if (file === undefined) throw new ProblemError('file-not-found', `There is no file ${path}.`);
    const bound = this.bindings.get(path);
    const metadataId = file.metadataId ?? openId;
    const elsewhere = [...this.bindings].find(([other, id]) => id === metadataId && other !== path)?.[0];
    const duplicate = bound === undefined && elsewhere !== undefined && this.files.has(elsewhere);
    const notebookId = bound ?? metadataId ?? fakeId(++this._ids);
    if (bound === undefined && !duplicate) this.bindings.set(path, notebookId);
    const page = this.published.get(notebookId);
    const last = page?.versions.at(-1);
    return {
      path,
      notebookId,
      standing: duplicate ? 'duplicate' : bound === undefined ? (elsewhere ? 'moved' : 'new') : 'known',
      state: !page || !last ? 'not-shared' : page.deleted ? 'deleted' : same(last.content, file.content),
      ...(duplicate && { original: { path: elsewhere, owner: 'ada', title: page?.title } }),
      ...(page &&
        last && {
          published: {
            versionId: last.versionId,
            versionNumber: page.versions.length,
            title: page.title,
            tags: page.tags,
            groups: [],
            hideCode: page.hideCode,
            sharedAt: last.sharedAt,
            owner: 'ada',
            page: `library/notebooks/${notebookId}`,
            target: page.wikis.at(-1)?.target ?? 'library',
            wikis: page.wikis
          }
        })
    };
  }

  private _publish(request: PublishRequest): unknown {
    const state = this._state(request.path);
    if (state.standing === 'duplicate' && request.duplicate === undefined) {
      throw new ProblemError('same-id', 'Another notebook carries the same id.');
    }
    const notebookId = request.duplicate === 'new' ? fakeId(++this._ids) : state.notebookId;
    const content =
      request.source.kind === 'upload'
        ? this.uploads.get(request.source.uploadId)!
        : this.files.get(request.path)!.content;
    return this.jobs.start(request.opId, STEPS, () => this._commit(notebookId, request, content));
  }

  private _commit(notebookId: string, request: PublishRequest, content: string): ShareResult {
    this.bindings.set(request.path, notebookId);
    const old = this.published.get(notebookId);
    const page = old ?? { notebookId, title: '', tags: [], hideCode: false, deleted: false, wikis: [], versions: [] };
    const details = {
      title: request.title ?? (page.title || request.path),
      tags: request.tags ?? page.tags,
      hideCode: request.hideCode ?? page.hideCode,
      deleted: false
    };
    const unchanged = page.versions.at(-1)?.content === content;
    const described =
      JSON.stringify({ ...page, versions: [] }) !== JSON.stringify({ ...page, ...details, versions: [] });
    const versionId = fakeId(900 + ++this._ids);
    const versions = unchanged
      ? page.versions
      : [...page.versions, { versionId, content, sharedAt: '2026-11-21T10:00:00.000Z' }];
    const wiki = this._wikiOf(request, page, details.title);
    const wikis = wiki ? [...page.wikis.filter(({ target }) => target !== wiki.target), wiki] : page.wikis;
    this.published.set(notebookId, { ...page, ...details, wikis, versions });
    return {
      notebookId,
      versionId: versions.at(-1)!.versionId,
      versionNumber: versions.length,
      outcome: old === undefined ? 'created' : unchanged ? (described ? 'details' : 'unchanged') : 'updated',
      title: details.title,
      page: `library/notebooks/${notebookId}`,
      contentHash: '0'.repeat(64),
      objectWrites: unchanged && !described ? 0 : 3,
      bytesWritten: 0,
      notes: [],
      ...(wiki && {
        wiki: { ...wiki, label: this._label(wiki.target), outcome: 'created' as const, uploads: 0, edits: 2 }
      })
    };
  }

  /** The page in the wiki that a share makes or updates. */
  private _wikiOf({ target, place, conflict }: PublishRequest, page: Published, title: string) {
    if (target === 'library') return undefined;
    const known = conflict === 'new' ? undefined : page.wikis.find(each => each.target === target);
    const name = place?.title ?? title;
    return known ?? { target, title: name, url: `https://wiki.example.org/${encodeURIComponent(name)}` };
  }

  private _label(target: string): string {
    return this.targets.find(({ id }) => id === target)?.label ?? target;
  }

  private _standing(target: string): TargetStanding {
    const known = this.standings.get(target);
    if (known instanceof ProblemError) throw known;
    return known ?? { software: 'Fake 1.0', account: 'bot', lacks: [], spaces: true, parents: true };
  }

  private _setDeleted(notebookId: string, deleted: boolean): unknown {
    const page = this.published.get(notebookId);
    if (page === undefined) throw new ProblemError('not-found', 'There is no such notebook.');
    page.deleted = deleted;
    const at = '2026-11-21T10:00:00.000Z';
    return {
      notebookId,
      title: page.title,
      owner: 'ada',
      audience: { kind: 'everyone' },
      tags: page.tags,
      groups: [],
      tables: [],
      imports: [],
      versionId: page.versions.at(-1)!.versionId,
      versions: page.versions.length,
      versionList: [],
      createdAt: at,
      updatedAt: at,
      ...(deleted && { deletedAt: at, purgeAt: at }),
      page: `library/notebooks/${notebookId}`
    };
  }

  private _preview(body: { source: PublishRequest['source']; path: string; title?: string }): string {
    const content =
      body.source.kind === 'upload' ? this.uploads.get(body.source.uploadId) : this.files.get(body.path)?.content;
    return `<h1>${body.title ?? ''}</h1><pre>${content ?? ''}</pre>`;
  }
}

/** The steps of a share in a state, for tests that look at them. */
export function steps(state: JobStep['state']): JobStep[] {
  return STEPS.map(name => ({ name, state, done: 0, total: 0 }));
}

function same(published: string, file: string): 'up-to-date' | 'changed' {
  return published === file ? 'up-to-date' : 'changed';
}

function has(name: string, query = ''): boolean {
  return name.toLowerCase().includes(query.trim().toLowerCase());
}

function isIn(page: TargetPage, space: string | undefined): boolean {
  return space === undefined || page.space === space;
}

function json(body: unknown): Answer {
  return { kind: 'json', body };
}

function html(text: string): Answer {
  return bytes(text, 'text/html; charset=utf-8');
}

function bytes(text: string, contentType: string): Answer {
  async function* stream() {
    yield new TextEncoder().encode(text);
  }
  return { kind: 'bytes', bytes: { contentType, stream: stream() } };
}
