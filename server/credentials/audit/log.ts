import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEntry, AuditReport } from '../../../contract/credentials/index.js';
import type { Clock, Log } from '../../ports.js';
import { replaceFile } from '../../replaceFile.js';
import { onStorage } from '../../storage.js';
import type { Exclusive } from '../ports.js';
import { EMPTY, Head, lineOf, verify } from './chain.js';

/** The record of who got which keys when. Lines are only ever added. */
export interface AuditLog {
  /** Durable when it resolves. */
  add(entry: Omit<AuditEntry, 'number' | 'at'>): Promise<void>;
  /** @param limit - most entries, the newest first */
  report(limit: number): Promise<AuditReport>;
}

export interface AuditOptions {
  /** The folder of the store. */
  directory: string;
  exclusive: Exclusive;
  clock: Clock;
  log: Log;
}

export function createAuditLog({ directory, exclusive, clock, log }: AuditOptions): AuditLog {
  const file = join(directory, 'audit.jsonl');
  const headFile = join(directory, 'audit-head.json');

  /** Where to go on. What a process that was killed left half written is cut off: nobody was told that it is there. */
  function standing(): { head: Head; cutTo: number | undefined } {
    const head = headOf(read(headFile));
    const text = read(file) ?? '';
    if (Buffer.byteLength(text) === head.size) return { head, cutTo: undefined };
    const { end, fault } = verify(text, head);
    if (fault !== undefined) {
      log.error({ file }, `the record of hand-outs is not as it was written; it goes on after what is there. ${fault}`);
      return { head, cutTo: undefined };
    }
    return { head: end, cutTo: end.size };
  }

  return {
    add: entry =>
      exclusive.run('audit', async () => {
        const { head, cutTo } = standing();
        const at = new Date(clock.now()).toISOString();
        const { line, hash } = lineOf({ number: head.number + 1, at, ...entry }, head.hash);
        await onStorage(directory, async () => {
          const handle = await open(file, 'a', 0o600);
          try {
            if (cutTo !== undefined) await handle.truncate(cutTo);
            await handle.write(`${line}\n`);
            await handle.sync();
            const { size } = await handle.stat();
            await replaceFile(headFile, JSON.stringify({ number: head.number + 1, hash, size } satisfies Head));
          } finally {
            await handle.close();
          }
        });
      }),
    report: limit =>
      exclusive.run('audit', () => {
        const { entries, fault } = verify(read(file) ?? '', headOf(read(headFile)));
        return Promise.resolve({
          entries: entries.slice(-limit).reverse(),
          total: entries.length,
          whole: fault === undefined,
          detail: fault ?? 'Each line follows the one before it, and none is missing.'
        });
      })
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function headOf(content: string | undefined): Head {
  try {
    return content === undefined ? EMPTY : Head.parse(JSON.parse(content));
  } catch {
    return { ...EMPTY, hash: '' };
  }
}
