import { createClient } from '../../../contract/client.js';
import type { Answer, Call, Client, Transport } from '../../../contract/client.js';
import type { HistoryDiff, HistoryNotebook, HistoryVersion } from '../../../contract/history/index.js';
import { fakeId } from '../../support/fakeLakeside.js';

/** A version as the server tells it. */
export function versionOf(number: number, more: Partial<HistoryVersion> = {}): HistoryVersion {
  return {
    versionId: fakeId(number),
    at: new Date(Date.UTC(2026, 0, 5, 12, number)).toISOString(),
    kind: 'save',
    by: 'Ada',
    size: 12_000,
    cost: 400,
    counts: { cells: 3, added: 0, removed: 0, changed: 1 },
    strip: '.c.',
    ...more
  };
}

export const notebook: HistoryNotebook = {
  historyId: fakeId(900),
  path: 'work/a.ipynb',
  versions: 3,
  firstAt: '2026-01-05T12:00:00.000Z',
  lastAt: '2026-01-05T12:03:00.000Z',
  size: 12_000
};

/** A history in memory behind the real typed client: what is answered is checked against the contract. */
export class FakeHistory implements Transport {
  readonly client: Client = createClient(this);
  enabled = true;
  /** Newest first. */
  versions: HistoryVersion[] = [versionOf(3), versionOf(2), versionOf(1)];
  known: HistoryNotebook | undefined = notebook;
  deleted: HistoryNotebook[] = [];
  pageSize = 100;
  cells: HistoryDiff['cells'] = [
    { kind: 'changed', type: 'code', before: 1, after: 1, outputs: 'changed', source: runs('x = 1', 'x = 2') },
    { kind: 'added', type: 'code', after: 2, text: 'new cell', outputs: 'none' },
    { kind: 'removed', type: 'markdown', before: 2, text: 'old cell', outputs: 'none' }
  ];
  readonly calls: string[] = [];
  /** Makes the next call fail. */
  failure: Error | undefined;
  /** Bytes by version, for whole notebooks and cells. */
  contents = new Map<string, unknown>();

  async send(call: Call): Promise<Answer> {
    await Promise.resolve();
    call.signal?.throwIfAborted();
    this.calls.push(call.url);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    return this._answer(call);
  }

  private _answer({ route, params, query }: Call): Answer {
    const { versionId = '', number, historyId = '' } = (params ?? {}) as Record<string, string> & { number?: number };
    const { before, against } = query as Record<string, string | undefined>;
    switch (route.id) {
      case 'history.timeline': {
        const found = this.versions.filter(version => before === undefined || version.versionId < before);
        const page = found.slice(0, this.pageSize);
        const next = found.length > page.length ? page.at(-1)?.versionId : undefined;
        return json({
          enabled: this.enabled,
          ...(this.known && this.versions.length > 0 && { notebook: this.known }),
          versions: page,
          ...(next && { next })
        });
      }
      case 'history.deleted':
        return json({ enabled: this.enabled, notebooks: this.deleted });
      case 'history.bringBack':
        return json({ path: this.deleted.find(each => each.historyId === historyId)?.path });
      case 'history.diff': {
        const older = against ?? this.versions.find(version => version.versionId < versionId)?.versionId;
        return json({
          versionId,
          ...(older !== undefined && { against: older }),
          added: 1,
          removed: 1,
          changed: 1,
          moved: 0,
          unchanged: 4,
          metadataChanged: false,
          cells: this.cells
        });
      }
      case 'history.notebook':
        return bytes(this.contents.get(versionId));
      case 'history.cell':
        return bytes((this.contents.get(versionId) as { cells: unknown[] }).cells[number ?? 0]);
      default:
        throw new Error(`The fake has no ${route.id}.`);
    }
  }
}

function runs(before: string, after: string): NonNullable<HistoryDiff['cells'][number]['source']> {
  return [
    { kind: 'removed', text: before },
    { kind: 'added', text: after }
  ];
}

function json(body: unknown): Answer {
  return { kind: 'json', body: JSON.parse(JSON.stringify(body)) as unknown };
}

function bytes(body: unknown): Answer {
  async function* stream() {
    await Promise.resolve();
    yield Buffer.from(JSON.stringify(body));
  }
  return { kind: 'bytes', bytes: { contentType: 'application/json', stream: stream() } };
}
