import type { Schema } from '../../../contract/tables/records.js';
import { levelsOf, pathOf } from '../../../contract/tables/types.js';

/** A level of the path of schemas: a schema, or only the way to some. */
export interface ILevel {
  readonly path: string;
  readonly name: string;
  /** Missing where no tables lie in it directly. */
  schema?: Schema;
  readonly below: ILevel[];
}

const known = new WeakMap<readonly Schema[], ILevel>();

/** Schemas as a tree of their levels. The root stands for the source itself. */
export function levelsTree(schemas: readonly Schema[]): ILevel {
  const cached = known.get(schemas);
  if (cached) return cached;
  const root: ILevel = { path: '', name: '', below: [] };
  const all = new Map([['', root]]);
  for (const schema of schemas) levelAt(all, levelsOf(schema.schema)).schema = schema;
  known.set(schemas, root);
  return root;
}

function levelAt(all: Map<string, ILevel>, levels: readonly string[]): ILevel {
  const path = pathOf(levels);
  const there = all.get(path);
  if (there) return there;
  const level: ILevel = { path, name: levels.at(-1) ?? '', below: [] };
  all.set(path, level);
  levelAt(all, levels.slice(0, -1)).below.push(level);
  return level;
}
