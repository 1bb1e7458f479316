import type { Log } from '../../ports.js';
import type { AuditLog } from '../audit/log.js';
import type { HandOut } from '../handOut.js';
import type { Peer } from '../ports.js';

/** Processes that are remembered; a forgotten one is recorded once more. */
const MOST = 10_000;

/** Records the first hand-out of each set of keys to each process. */
export interface Recorder {
  handedOut(out: HandOut, peer: Peer | undefined): void;
  /** Waits until all is written. */
  close(): Promise<void>;
}

export function createRecorder(audit: AuditLog, log: Log): Recorder {
  const seen = new Set<string>();
  let last = Promise.resolve();

  return {
    handedOut({ profile, session, keys }, peer) {
      const who = peer === undefined ? 'unknown' : `${peer.pid} ${peer.started}`;
      // Keys without a sign-in have no issue that counts their changes; their id is no secret.
      const key = [profile, session.id, session.issue, keys.accessKeyId, who].join('\n');
      if (seen.has(key)) return;
      if (seen.size >= MOST) seen.clear();
      seen.add(key);
      const { role } = session.grant;
      const found = peer && { pid: peer.pid, program: peer.program, ...(peer.kernel && { kernel: peer.kernel }) };
      last = last
        .then(() =>
          audit.add({
            event: 'handed-out',
            profile,
            session: session.id,
            issue: session.issue,
            by: 'kernel',
            ...(role !== undefined && { role }),
            ...(found !== undefined && { process: found })
          })
        )
        .catch((error: unknown) => {
          // Recorded with the next one.
          seen.delete(key);
          log.error({ err: error }, 'a hand-out of keys could not be recorded');
        });
    },
    close: () => last
  };
}
