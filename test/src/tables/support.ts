import { createClient } from '../../../contract/client.js';
import type { Answer, Call, Client, Transport } from '../../../contract/client.js';
import { ProblemError } from '../../../contract/problem.js';
import type {
  Preview,
  Profile,
  Schema,
  SearchResult,
  Source,
  SourceTest,
  TableDetail
} from '../../../contract/tables/index.js';

/** The time of the indexes that tests make. */
export const AS_OF = '2026-11-22T09:12:00.000Z';

/** A source as the server tells it. */
export function sourceOf(id: string, index: Partial<Source['index']> = {}, more: Partial<Source> = {}): Source {
  return {
    id,
    label: id,
    kind: 'postgresql',
    description: '',
    origin: 'configuration',
    index: { state: 'ready', asOf: AS_OF, schemas: 1, tables: 3, columns: 9, ...index },
    ...more
  };
}

/** A table as the server tells it. */
export function detailOf(name: string, more: Partial<TableDetail> = {}): TableDetail {
  return {
    source: 'lake',
    schema: 'public',
    name,
    type: 'table',
    columns: [
      { name: 'id', type: 'bigint', kind: 'integer', nullable: false },
      { name: 'Dep Delay', type: 'double', kind: 'float', comment: 'in minutes' },
      {
        name: 'place',
        type: 'struct<city:string>',
        kind: 'struct',
        fields: [{ name: 'city', type: 'string', kind: 'string' }]
      }
    ],
    rows: { count: 336_776, estimated: false },
    bytes: 12_000_000,
    updatedAt: AS_OF,
    owner: 'ada',
    primaryKey: ['id'],
    troubles: [],
    snippets: [
      {
        dialect: 'sql',
        label: '%%sql',
        code: `%%sql df --source lake\nSELECT * FROM "${name}" LIMIT 100\n`,
        language: 'python'
      },
      { dialect: 'pandas', label: 'pandas', code: `import lakeside\n\ndf = read("${name}")\n`, language: 'python' },
      { dialect: 'sql', label: 'SQL', code: `SELECT * FROM "${name}" LIMIT 100;\n`, language: 'sql' }
    ],
    ...more
  };
}

/** A promise, and what ends it. */
interface IGate {
  open: () => void;
  opened: Promise<void>;
}

/** Sources of tables in memory behind the real typed client: what is given and answered is checked against the contract. */
export class FakeTables implements Transport {
  readonly client: Client = createClient(this);
  sources: Source[] = [sourceOf('lake')];
  /** By source. */
  schemas: Record<string, Schema[]> = { lake: [{ schema: 'public', tables: 3 }] };
  /** Names of tables by source and schema: `lake/public`. */
  tables: Record<string, string[]> = { 'lake/public': ['airports', 'flights', 'weather'] };
  details: Record<string, TableDetail> = {};
  preview: Preview = { columns: [], rows: [], more: false, milliseconds: 3 };
  profile: Profile = { rows: 0, complete: true, columns: [], milliseconds: 3 };
  test: SourceTest = { ok: true, findings: [] };
  /** What came with calls that carry something, in order. */
  readonly bodies: unknown[] = [];
  find: (q: string) => SearchResult = () => ({ hits: [], total: 0 });
  /** Every call, by route id and address, in order. */
  readonly calls: { id: string; url: string }[] = [];
  /** Makes the next call of a route fail, where its address holds the text. */
  readonly failures: { id: string; holds?: string; error: ProblemError }[] = [];
  private readonly _gates: { holds: string; gate: IGate }[] = [];

  /** Holds the next call back whose address holds a text, until it is let go. */
  hold(holds: string): () => void {
    let open: () => void = () => undefined;
    const opened = new Promise<void>(resolve => (open = resolve));
    this._gates.push({ holds, gate: { open, opened } });
    return open;
  }

  count(id: string): number {
    return this.calls.filter(call => call.id === id).length;
  }

  async send(call: Call): Promise<Answer> {
    const { id } = call.route;
    this.calls.push({ id, url: call.url });
    if (call.body !== undefined) this.bodies.push(call.body);
    const held = this._gates.findIndex(({ holds }) => call.url.includes(holds));
    if (held >= 0) await this._gates.splice(held, 1)[0]!.gate.opened;
    else await Promise.resolve();
    call.signal?.throwIfAborted();
    const failing = this.failures.findIndex(each => each.id === id && call.url.includes(each.holds ?? ''));
    if (failing >= 0) throw this.failures.splice(failing, 1)[0]!.error;
    return { kind: 'json', body: JSON.parse(JSON.stringify(this._answer(call))) as unknown };
  }

  private _answer(call: Call): unknown {
    const { source = '' } = (call.params ?? {}) as Record<string, string>;
    const query = (call.query ?? {}) as Record<string, string | number>;
    switch (call.route.id) {
      case 'tables.sources':
        return { sources: this.sources };
      case 'tables.schemas':
        return { schemas: this.schemas[source] ?? [] };
      case 'tables.list': {
        const names = this.tables[`${source}/${query['schema']}`] ?? [];
        const offset = Number(query['offset']);
        const page = names.slice(offset, offset + Number(query['limit']));
        return { tables: page.map(name => ({ name, type: 'table' })), total: names.length };
      }
      case 'tables.search':
        return this.find(String(query['q']));
      case 'tables.table': {
        const name = String(query['table']);
        return { ...(this.details[name] ?? detailOf(name)), source, schema: query['schema'] };
      }
      case 'tables.preview':
        return this.preview;
      case 'tables.profile':
        return this.profile;
      case 'tables.refresh':
        return this.sources.find(each => each.id === source);
      case 'tables.test':
        return this.test;
      case 'tables.add': {
        const { settings } = call.body as { settings: { kind: string } };
        const added = sourceOf(source, { state: 'building' }, { kind: settings.kind });
        this.sources = [...this.sources, added];
        this.schemas[source] = [{ schema: 'new' }];
        return added;
      }
      default:
        throw new Error(`The fake has no ${call.route.id}.`);
    }
  }
}

/** A refusal of a source. */
export function refused(message = 'The database says no. Ask its owner.'): ProblemError {
  return new ProblemError('source-forbidden', message);
}
