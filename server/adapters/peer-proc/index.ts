import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Peer, Peers } from '../../credentials/ports.js';

/** Processes that are looked at first, because they asked before. */
const REMEMBERED = 32;
/** How far up a kernel is looked for. */
const DEEPEST = 12;

/** Finds processes by their connections, as Linux tells of them in `/proc`. Elsewhere it finds none. */
export function createPeers(proc = '/proc'): Peers {
  let recent: Peer[] = [];

  function find(remotePort: number, localPort: number): Peer | undefined {
    const inode = inodeOf(proc, remotePort, localPort);
    if (inode === undefined) return undefined;
    const link = `socket:[${inode}]`;
    const known = recent.find(({ pid, started }) => holds(proc, pid, link) && startOf(proc, pid) === started);
    const peer = known ?? searched(proc, link);
    if (peer !== undefined) recent = [peer, ...recent.filter(each => each.pid !== peer.pid)].slice(0, REMEMBERED);
    return peer;
  }

  return {
    find(remotePort, localPort) {
      try {
        return find(remotePort, localPort);
      } catch {
        return undefined;
      }
    }
  };
}

/** Of the socket at the other end. */
function inodeOf(proc: string, remotePort: number, localPort: number): string | undefined {
  const hex = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  // Java connects over IPv6 to addresses of IPv4.
  for (const table of ['tcp', 'tcp6']) {
    for (const line of read(`${proc}/net/${table}`).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(hex(remotePort)) === true && fields[2]?.endsWith(hex(localPort)) === true) {
        return fields[9] === '0' ? undefined : fields[9];
      }
    }
  }
  return undefined;
}

function searched(proc: string, link: string): Peer | undefined {
  for (const name of readdirSync(proc)) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || !holds(proc, pid, link)) continue;
    const started = startOf(proc, pid);
    if (started === undefined) return undefined;
    const kernel = kernelOf(proc, pid);
    return { pid, started, program: programOf(proc, pid), ...(kernel !== undefined && { kernel }) };
  }
  return undefined;
}

function holds(proc: string, pid: number, link: string): boolean {
  const folder = `${proc}/${pid}/fd`;
  try {
    return readdirSync(folder).some(name => linkOf(`${folder}/${name}`) === link);
  } catch {
    // Another account's, or ended.
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Fields of `stat` after the name of the program, which may hold anything. */
function stat(proc: string, pid: number): string[] {
  const text = read(`${proc}/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function startOf(proc: string, pid: number): string | undefined {
  return stat(proc, pid)[19];
}

function programOf(proc: string, pid: number): string {
  return read(`${proc}/${pid}/comm`).trim() || 'unknown';
}

/** The kernel that a process is or was started by: its connection file stands in its arguments. */
function kernelOf(proc: string, pid: number): string | undefined {
  let at = pid;
  for (let depth = 0; depth < DEEPEST && at > 1; depth++) {
    const [, kernel] = /kernel-([0-9a-f-]{36})\.json/.exec(read(`${proc}/${at}/cmdline`)) ?? [];
    if (kernel !== undefined) return kernel;
    at = Number(stat(proc, at)[1] ?? 0);
  }
  return undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
