import { createHash } from 'node:crypto';
import type { Log } from '../../ports.js';
import type { AuditLog } from '../audit/log.js';
import type { HandedOut } from '../handOut.js';
import type { Keys, Peer } from '../ports.js';

/** Processes that are remembered; a forgotten one is recorded once more. */
const MOST = 10_000;

/** Records the first hand-out of each set of keys to each process. */
export interface Recorder {
  /**
   * @param wasSought - whether anybody looked for the process: where not, it is recorded only if nobody else was
   * @param by - who asked; a kernel where absent
   */
  handedOut(out: HandedOut, peer: Peer | undefined, wasSought: boolean, by?: string): void;
  /** Waits until all is written. */
  close(): Promise<void>;
}

export function createRecorder(audit: AuditLog, log: Log): Recorder {
  const seen = new Set<string>();
  let last = Promise.resolve();

  return {
    handedOut({ profile, session, keys, schedule }, peer, wasSought, by = 'kernel') {
      const who = peer === undefined ? 'unknown' : `${peer.pid} ${peer.started}`;
      // Keys without a sign-in have no issue that counts their changes.
      const issue = [profile, session.id, session.issue, markOf(keys)].join('\n');
      const key = `${issue}\n${who}`;
      // One that nobody looked for asks again, or is one of those that did.
      if (seen.has(key) || (!wasSought && seen.has(issue))) return;
      if (seen.size >= MOST) seen.clear();
      seen.add(key);
      seen.add(issue);
      const { role } = session.grant;
      const found = peer && { pid: peer.pid, program: peer.program, ...(peer.kernel && { kernel: peer.kernel }) };
      last = last
        .then(() =>
          audit.add({
            event: 'handed-out',
            profile,
            session: session.id,
            issue: session.issue,
            by,
            ...(schedule !== undefined && { schedule }),
            ...(role !== undefined && { role }),
            ...(found !== undefined && { process: found })
          })
        )
        .catch((error: unknown) => {
          // Recorded with the next one.
          seen.delete(key);
          seen.delete(issue);
          log.error({ err: error }, 'a hand-out of keys could not be recorded');
        });
    },
    close: () => last
  };
}

/** Stands for keys in the memory of this process, and nowhere else. The id of a key is no secret. */
function markOf(keys: Keys): string {
  return keys.kind === 'aws' ? keys.accessKeyId : createHash('sha256').update(keys.password).digest('base64url');
}
