import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names this process among all that work on a home, and tells which of the others are surely dead. */
export interface ProcessTable {
  /** The name under which this process holds jobs and leases; never used again by another one. */
  name: string;
  /** True where the process of this name has ended. False where it lives or nobody can tell, for instance on another machine. */
  isGone: (name: string) => boolean;
}

/** The processes of this machine. A name is `<machine>/<process id>/<start>/<random>`. */
export function createProcessTable(): ProcessTable {
  const machine = machineName();
  const name = [machine, process.pid, startOf(process.pid) ?? '', randomBytes(6).toString('hex')].join('/');
  return {
    name,
    isGone(other) {
      const [where, pid, start] = other.split('/');
      if (other === name || where !== machine || !Number.isInteger(Number(pid))) return false;
      if (!isAlive(Number(pid))) return true;
      const found = startOf(Number(pid));
      return start !== '' && found !== undefined && found !== start;
    }
  };
}

/** Where process ids mean the same: one boot of one machine, one process namespace (containers have their own). */
function machineName(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}.${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`;
  } catch {
    return hostname().replaceAll('/', '-');
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** When a process started, in ticks since the boot: tells a process from a later one with the same id. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
