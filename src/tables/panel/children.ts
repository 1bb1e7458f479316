import type { TableDetail } from '../../../contract/tables/records.js';
import { ProblemError } from '../../../contract/problem.js';
import type { ProblemCode } from '../../../contract/problem.js';
import type { Column } from '../../../contract/tables/types.js';
import type { IDetail } from '../detailsModel.js';
import type { ITableRef } from '../refs.js';
import type { RowContent, TreeRow } from './rows.js';

/** The row that others are below, and their level. */
export interface IUnder {
  readonly key: string;
  readonly level: number;
}

type Line = RowContent & { key: string; text?: string; isOpen?: boolean; below?: TreeRow[] };

/** What is below a table: what is known of it, its columns, partitions and snapshots. */
export function tableChildren(
  ref: ITableRef,
  known: IDetail | undefined,
  under: IUnder,
  open: ReadonlySet<string>
): TreeRow[] {
  const retry = { what: 'table', ref } as const;
  const lines: Line[] = [];
  if (known?.error) {
    lines.push({ kind: 'problem', key: `${under.key}:problem`, problem: known.error, retry });
  } else if (!known?.detail) {
    lines.push({ kind: 'waiting', key: `${under.key}:waiting` });
  }
  const detail = known?.detail;
  if (detail) {
    const inside = (key: string) => ({ key, level: under.level + 1 });
    if (hasFacts(detail)) lines.push({ kind: 'facts', key: `${under.key}:facts`, detail });
    if (detail.comment) lines.push({ kind: 'comment', key: `${under.key}:comment`, comment: detail.comment });
    detail.troubles.forEach((trouble, n) => {
      const problem = new ProblemError(trouble.code as ProblemCode, trouble.message);
      lines.push({ kind: 'problem', key: `${under.key}:trouble${n}`, problem, retry });
    });
    lines.push(...columnLines(detail.columns, detail.primaryKey ?? [], `${under.key}:columns`, under.level, open));
    if (detail.columns.length === 0) lines.push({ kind: 'none', key: `${under.key}:none`, of: 'columns' });
    const { partitions, snapshots } = detail;
    if (partitions && partitions.newest.length > 0) {
      const key = `${under.key}:partitions`;
      const below = partitions.newest.map((partition, n) => ({
        kind: 'partition' as const,
        key: `${key}:${n}`,
        text: partition.name,
        partition
      }));
      const isOpen = open.has(key);
      lines.push({
        ...{ kind: 'group', group: 'partitions', count: below.length, more: partitions.more, key, isOpen },
        ...(isOpen && { below: standing(below, inside(key)) })
      });
    }
    if (snapshots && snapshots.length > 0) {
      const key = `${under.key}:snapshots`;
      const below = snapshots.map((snapshot, n) => ({ kind: 'snapshot' as const, key: `${key}:${n}`, snapshot }));
      const isOpen = open.has(key);
      lines.push({
        ...{ kind: 'group', group: 'snapshots', count: below.length, more: false, key, isOpen },
        ...(isOpen && { below: standing(below, inside(key)) })
      });
    }
  }
  return standing(lines, under);
}

function columnLines(
  columns: readonly Column[],
  primaryKey: readonly string[],
  path: string,
  level: number,
  open: ReadonlySet<string>
): Line[] {
  return columns.map((column, n) => {
    const key = `${path}:${n}`;
    const line = { kind: 'column', key, text: column.name, column, isKey: primaryKey.includes(column.name) } as const;
    const fields = column.fields ?? [];
    if (fields.length === 0) return line;
    const isOpen = open.has(key);
    const inside = { key, level: level + 1 };
    return {
      ...line,
      isOpen,
      ...(isOpen && { below: standing(columnLines(fields, [], key, level + 1, open), inside) })
    };
  });
}

function standing(lines: readonly Line[], under: IUnder): TreeRow[] {
  return lines.flatMap((line, n) => {
    const { below = [], ...content } = line;
    const row = {
      ...content,
      text: content.text ?? '',
      level: under.level,
      parent: under.key,
      position: n + 1,
      size: lines.length
    } as TreeRow;
    return [row, ...below];
  });
}

function hasFacts({ rows, bytes, updatedAt, owner, format }: TableDetail): boolean {
  return [rows, bytes, updatedAt, owner, format].some(fact => fact !== undefined);
}
