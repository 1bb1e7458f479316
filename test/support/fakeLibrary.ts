import { createClient } from '../../contract/client.js';
import type { Answer, Call, Client, Transport } from '../../contract/client.js';
import { ProblemError } from '../../contract/problem.js';
import type { Bytes } from '../../contract/route.js';
import type {
  DetailsChange,
  Facets,
  Figure,
  LibraryItem,
  LibraryNotebook,
  NotebookDiff,
  Version
} from '../../contract/share/index.js';
import { fakeId } from './fakeLakeside.js';

const START = Date.UTC(2026, 10, 2, 9, 0, 0);
const DAY = 24 * 60 * 60 * 1000;
const instant = (time: number): string => new Date(time).toISOString();

/** A notebook with everything filled in that a test does not care about; versions are made from `versions`. */
export function fakeNotebook(number: number, given: Partial<LibraryNotebook> = {}): LibraryNotebook {
  const notebookId = fakeId(number);
  const count = given.versions ?? 1;
  const updatedAt = given.updatedAt ?? instant(START - number * 3_600_000);
  const versionList = Array.from({ length: count }, (_, at): Version => {
    const order = count - at;
    return {
      versionId: fakeId(number * 1000 + order),
      number: order,
      ...(order > 1 && { parent: fakeId(number * 1000 + order - 1) }),
      author: given.owner ?? 'ada',
      createdAt: instant(Date.parse(updatedAt) - at * DAY),
      contentHash: String(order).padStart(64, '0'),
      hideCode: false,
      cells: 12 + order,
      size: 41_000 + order * 900,
      provenance: {
        kernel: { name: 'python3', displayName: 'Python 3 (ipykernel)', language: 'python', languageVersion: '3.11.9' },
        packages: [
          { name: 'numpy', version: '2.1.0' },
          { name: 'pandas', version: '2.3.3' }
        ]
      },
      fork: false
    };
  });
  return {
    notebookId,
    title: `Notebook ${number}`,
    owner: 'ada',
    audience: { kind: 'everyone' },
    tags: [],
    groups: [],
    language: 'python',
    tables: [],
    versions: count,
    createdAt: versionList.at(-1)?.createdAt ?? updatedAt,
    updatedAt,
    page: `library/notebooks/${notebookId}`,
    imports: ['pandas'],
    versionList,
    versionId: versionList[0]?.versionId ?? fakeId(number * 1000 + 1),
    ...given
  };
}

/** A Library in memory behind the real typed client: what is given and answered is checked against the contract. */
export class FakeLibrary implements Transport {
  readonly client: Client = createClient(this);
  notebooks: LibraryNotebook[];
  figures: Figure[] = [];
  /** The person who asks. */
  user = 'ada';
  /** Every call, by route id, in order. */
  readonly calls: { id: string; url: string; body: unknown }[] = [];
  /** Makes the next calls of a route fail, once each. */
  readonly failures: { id: string; error: Error }[] = [];
  /** Holds answers back until it is resolved. */
  gate: Promise<void> = Promise.resolve();
  /** What documents say; replaced by scripts that show real ones. */
  document = (notebook: LibraryNotebook, versionId: string): string =>
    `<!doctype html><html lang="en"><title>Document</title><h1>${notebook.title.replace(/[<&]/g, '')}</h1><p>${versionId}</p>`;
  now = START;

  constructor(notebooks: LibraryNotebook[] = []) {
    this.notebooks = notebooks;
  }

  async send(call: Call): Promise<Answer> {
    call.signal?.throwIfAborted();
    const { id } = call.route;
    this.calls.push({ id, url: call.url, body: call.body });
    await this.gate;
    call.signal?.throwIfAborted();
    const failure = this.failures.findIndex(each => each.id === id);
    if (failure >= 0) throw this.failures.splice(failure, 1)[0]!.error;
    const answer = this._answer(call);
    return answer.kind === 'json' ? { kind: 'json', body: JSON.parse(JSON.stringify(answer.body)) as unknown } : answer;
  }

  /** How often a route was called. */
  count(id: string): number {
    return this.calls.filter(call => call.id === id).length;
  }

  /** The addresses a route was called with. */
  urls(id: string): string[] {
    return this.calls.filter(call => call.id === id).map(call => call.url);
  }

  /** Makes the next call of a route fail. */
  failNext(id: string, error: Error): void {
    this.failures.push({ id, error });
  }

  private _answer(call: Call): Answer {
    const params = call.params as { notebookId: string; versionId: string; number: number };
    const query = call.query as Record<string, string | undefined>;
    switch (call.route.id) {
      case 'system.status':
        return json({ version: '0.1.0', node: '24.0.0', uptime: 1, user: this.user, readsFiles: true });
      case 'library.list':
        return json(this._list(query));
      case 'library.facets':
        return json(this._facets());
      case 'library.get':
        return json(this._find(params.notebookId));
      case 'library.change':
        return json(Object.assign(this._find(params.notebookId), call.body as DetailsChange));
      case 'library.delete':
        return json(
          Object.assign(this._find(params.notebookId), {
            deletedAt: instant(this.now),
            purgeAt: instant(this.now + 30 * DAY)
          })
        );
      case 'library.restore': {
        const notebook = this._find(params.notebookId);
        delete notebook.deletedAt;
        delete notebook.purgeAt;
        return json(notebook);
      }
      case 'library.figures':
        return json({ figures: this.figures });
      case 'library.document':
        return bytes('text/html; charset=utf-8', this.document(this._find(params.notebookId), params.versionId));
      case 'library.figure':
        return bytes('text/html; charset=utf-8', `<!doctype html><title>Figure</title>${params.number}`, 'scripts');
      case 'library.notebook':
        return bytes('application/x-ipynb+json', '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}');
      case 'library.diff':
        return json(this._diff(params.notebookId, query['from'], query['to']));
      case 'library.diffDocument':
        return bytes('text/html; charset=utf-8', '<!doctype html><html lang="en"><title>Changes</title><p>Changes');
      default:
        throw new ProblemError('not-found', `The fake has no ${call.route.id}.`);
    }
  }

  private _find(notebookId: string): LibraryNotebook {
    const found = this.notebooks.find(notebook => notebook.notebookId === notebookId);
    if (found === undefined) throw new ProblemError('not-found', 'There is no such notebook in the Library.');
    return found;
  }

  private _list(query: Record<string, string | undefined>) {
    const words = (query['q'] ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const matching = this.notebooks
      .filter(notebook => (notebook.deletedAt !== undefined) === (query['deleted'] === 'true'))
      .filter(notebook => !query['tag'] || notebook.tags.includes(query['tag']))
      .filter(notebook => !query['group'] || notebook.groups.includes(query['group']))
      .filter(notebook => !query['owner'] || notebook.owner === query['owner'])
      .filter(notebook => !query['table'] || notebook.tables.includes(query['table']))
      .filter(({ title, tags, tables }) => {
        const text = [title, ...tags, ...tables].join(' ').toLowerCase();
        return words.every(word => text.includes(word));
      })
      .sort((one, other) =>
        query['sort'] === 'title' ? one.title.localeCompare(other.title) : other.updatedAt.localeCompare(one.updatedAt)
      );
    const from = Number(query['cursor'] ?? 0);
    const to = from + Number(query['limit'] ?? 50);
    const [word] = words;
    const items = matching.slice(from, to).map(notebook => {
      const { versionList: _versions, imports: _imports, ...item } = notebook;
      const hit = word ? new RegExp(word.replace(/[^\w]/g, '.'), 'i') : undefined;
      return {
        ...item,
        ...(hit && { snippet: `… ${item.title.replace(hit, found => `\ue000${found}\ue001`)} and what follows …` })
      } satisfies LibraryItem;
    });
    return {
      items,
      total: Math.min(matching.length, 10_000),
      more: matching.length > 10_000,
      ...(to < matching.length && { next: String(to) }),
      asOf: instant(this.now)
    };
  }

  private _facets(): Facets {
    const listed = this.notebooks.filter(notebook => notebook.deletedAt === undefined);
    const count = (names: string[]) =>
      [...Map.groupBy(names, name => name)]
        .map(([name, all]) => ({ name, count: all.length }))
        .sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
    return {
      tags: count(listed.flatMap(notebook => notebook.tags)),
      groups: count(listed.flatMap(notebook => notebook.groups)),
      owners: count(listed.map(notebook => notebook.owner)),
      tables: count(listed.flatMap(notebook => notebook.tables))
    };
  }

  private _diff(notebookId: string, from: string | undefined, to: string | undefined): NotebookDiff {
    const { versionList } = this._find(notebookId);
    const newer = to ?? versionList[0]?.versionId ?? '';
    const older = from ?? versionList[1]?.versionId ?? '';
    return {
      notebookId,
      from: older,
      to: newer,
      added: 1,
      removed: 0,
      changed: 2,
      moved: 0,
      unchanged: 9,
      metadataChanged: false,
      cells: []
    };
  }
}

function json(body: unknown): Answer {
  return { kind: 'json', body };
}

function bytes(contentType: string, text: string, sandbox: Bytes['sandbox'] = 'static'): Answer {
  const stream = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  return { kind: 'bytes', bytes: { contentType, sandbox, size: new TextEncoder().encode(text).length, stream } };
}
