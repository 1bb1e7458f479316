import { ProblemError } from '../../../contract/problem.js';
import type { SchemaPath } from '../../../contract/tables/index.js';
import type { Finding } from '../../plugins/plugin.js';
import type { SourceCall, TableSource } from '../../tables/ports.js';

/** Milliseconds for one table, for a list, and for the columns of all tables of a schema, which are read behind. */
const ONE = 4_900;
const LIST = 60_000;
const COLUMNS = 300_000;

/**
 * A source that says in one way that a question was taken back or takes too long, and whose check ends with a finding
 * where it would throw.
 */
export function guardedSource(source: TableSource, label: string): TableSource {
  async function within<T>(call: SourceCall, milliseconds: number, work: (call: SourceCall) => Promise<T>): Promise<T> {
    const limit = AbortSignal.timeout(milliseconds);
    try {
      call.signal.throwIfAborted();
      return await work({ signal: AbortSignal.any([call.signal, limit]) });
    } catch (error) {
      throw ended(error, call, limit, milliseconds);
    }
  }

  function ended(error: unknown, call: SourceCall, limit: AbortSignal, milliseconds: number): unknown {
    if (call.signal.aborted) return new ProblemError('cancelled', 'It was cancelled before the source had answered.');
    const isOther = error instanceof ProblemError && error.code !== 'cancelled';
    if (!limit.aborted || isOther) return error;
    return new ProblemError(
      'source-unreachable',
      `${label} does not answer within ${Math.round(milliseconds / 1000)} seconds. Try again, or read less of it.`,
      { cause: error }
    );
  }

  async function* listed<T>(
    call: SourceCall,
    milliseconds: number,
    work: (call: SourceCall) => AsyncIterable<T>
  ): AsyncIterable<T> {
    const limit = AbortSignal.timeout(milliseconds);
    try {
      call.signal.throwIfAborted();
      for await (const some of work({ signal: AbortSignal.any([call.signal, limit]) })) {
        call.signal.throwIfAborted();
        yield some;
      }
    } catch (error) {
      throw ended(error, call, limit, milliseconds);
    }
  }

  const columns = source.columns?.bind(source);
  return {
    ...source,
    async check(call): Promise<Finding[]> {
      try {
        return await within(call, ONE, inner => source.check(inner));
      } catch (error) {
        if (!(error instanceof ProblemError) || error.code === 'cancelled') throw error;
        const parts = /^(.*?[.)])\s+((?:Check|Ask|Set|Turn|Try|Give|Put|Renew)\b.*)$/s.exec(error.message);
        const [, detail = error.message, cure] = parts ?? [];
        return [{ state: 'failed', detail, ...(cure !== undefined && { cure }) }];
      }
    },
    schemas: call => within(call, LIST, inner => source.schemas(inner)),
    names: (schema, call) => listed(call, LIST, inner => source.names(schema, inner)),
    ...(columns && {
      columns: (schema: SchemaPath, call: SourceCall) => listed(call, COLUMNS, inner => columns(schema, inner))
    }),
    facts: (ref, call) => within(call, ONE, inner => source.facts(ref, inner)),
    rows: (ref, options, call) => within(call, ONE, inner => source.rows(ref, options, inner)),
    close: () => source.close()
  };
}
