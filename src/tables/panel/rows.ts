import type { ProblemError } from '../../../contract/problem.js';
import type { Hit, Partition, Snapshot, Source, TableDetail, Trouble } from '../../../contract/tables/records.js';
import type { Column, TableType } from '../../../contract/tables/types.js';
import type { ITableRef } from '../refs.js';

/** A page of the list of tables of one schema. */
export interface IPageRef {
  readonly source: string;
  readonly schema: string;
  readonly page: number;
}

/** What is tried again after a failure. */
export type Retry =
  | { readonly what: 'schemas'; readonly source: string }
  | { readonly what: 'list'; readonly source: string; readonly schema: string }
  | { readonly what: 'page'; readonly page: IPageRef }
  | { readonly what: 'table'; readonly ref: ITableRef }
  | { readonly what: 'index'; readonly source: string };

/** What a row of the tree shows. */
export type RowContent =
  | { readonly kind: 'section'; readonly section: 'favourites' | 'recents'; readonly count: number }
  | { readonly kind: 'source'; readonly source: Source }
  | {
      readonly kind: 'level';
      readonly source: string;
      readonly schema: string;
      readonly count?: number;
      readonly trouble?: Trouble;
    }
  | {
      readonly kind: 'table';
      readonly ref: ITableRef;
      readonly type?: TableType;
      readonly detail?: TableDetail;
      /** Away from its schema, the row says where it lies. */
      readonly isApart: boolean;
      readonly page?: IPageRef;
    }
  | { readonly kind: 'hit'; readonly ref: ITableRef; readonly hit: Hit; readonly detail?: TableDetail }
  | { readonly kind: 'unread'; readonly page: IPageRef }
  | { readonly kind: 'facts'; readonly detail: TableDetail }
  | { readonly kind: 'comment'; readonly comment: string }
  | { readonly kind: 'column'; readonly column: Column; readonly isKey: boolean }
  | {
      readonly kind: 'group';
      readonly group: 'partitions' | 'snapshots';
      readonly count: number;
      readonly more: boolean;
    }
  | { readonly kind: 'partition'; readonly partition: Partition }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'none'; readonly of: 'schemas' | 'tables' | 'columns' }
  | { readonly kind: 'problem'; readonly problem: ProblemError; readonly retry: Retry };

/** One row of the tree. */
export type TreeRow = RowContent & {
  /** Stays the same as long as the row stands for the same. */
  readonly key: string;
  /** From 1. */
  readonly level: number;
  /** What one types to come here. */
  readonly text: string;
  /** Undefined where there is nothing below it. */
  readonly isOpen?: boolean;
  /** The row above it in the tree. */
  readonly parent?: string;
  readonly position: number;
  readonly size: number;
};

/** Rows of one height that stand below each other; a row is made when it is looked at. */
export interface IRun {
  readonly count: number;
  /** Of each row, in pixels. */
  readonly height: number;
  row(index: number): TreeRow;
  /** Where a row is; -1 where it is not among these. */
  find(key: string): number;
}
