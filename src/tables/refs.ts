/** One table of one source. */
export interface ITableRef {
  readonly source: string;
  /** The levels of its schema's path, joined as the contract says. */
  readonly schema: string;
  readonly table: string;
}

/** The parameter of JupyterLab's address that opens a table. */
export const LINK = 'lakeside-table';

/** The contract's `LEVEL`. The contract itself is loaded later than the plugin, which needs this. */
export const LEVEL = '\u001f';

/** A key that no other table has. */
export function keyOf({ source, schema, table }: ITableRef): string {
  return JSON.stringify([source, schema, table]);
}

/** Where a table lies, for people: `warehouse › public`. */
export function placeOf({ source, schema }: Pick<ITableRef, 'source' | 'schema'>): string {
  return [source, ...levelsOf(schema)].join(' › ');
}

/** A table as the value of a link's parameter: source, levels and name, each escaped, with slashes between. */
export function linkOf({ source, schema, table }: ITableRef): string {
  return [source, ...levelsOf(schema), table].map(encodeURIComponent).join('/');
}

/** The table that the value of a link's parameter stands for; undefined where it is none. */
export function refOfLink(value: string): ITableRef | undefined {
  let parts: string[];
  try {
    parts = value.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const [source, ...rest] = parts;
  const table = rest.pop();
  if (!source || !table) return undefined;
  return { source, schema: rest.join(LEVEL), table };
}

/** A table out of anything: the arguments of a command, what a browser kept. */
export function refOf(value: unknown): ITableRef | undefined {
  const { source, schema = '', table } = (value ?? {}) as Record<string, unknown>;
  if (typeof source !== 'string' || typeof schema !== 'string' || typeof table !== 'string') return undefined;
  return source === '' || table === '' ? undefined : { source, schema, table };
}

function levelsOf(schema: string): string[] {
  return schema === '' ? [] : schema.split(LEVEL);
}
