import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Small disks in memory that can be filled and made read-only, seen by the processes that are started in them only. */
export interface Disk {
  /** Words before a command that make it see the disks. */
  prefix: string[];
  /** A path on a disk as this process sees it. */
  outside(path: string): string;
  /** Lays a new, empty disk over a folder. */
  mount(path: string, megabytes: number): void;
  unmount(path: string): void;
  /** Fills a disk but for so many bytes. */
  fill(path: string, rest?: number): void;
  /** Takes back what filled it. */
  free(path: string): void;
  setReadOnly(path: string, readOnly: boolean): void;
  /** A folder to lay disks over; goes with `close`. */
  folder: string;
  close(): void;
}

/** @throws where this account may not mount: these tests need root, or a user namespace with mount rights */
export async function openDisk(): Promise<Disk> {
  const folder = mkdtempSync(join(tmpdir(), 'lakeside-disk-'));
  const keeper = spawn('unshare', ['-m', '--propagation', 'private', 'sleep', 'infinity'], { stdio: 'ignore' });
  const prefix = ['nsenter', '-t', String(keeper.pid), '-m', '--'];
  const inside = (...command: string[]) =>
    execFileSync(prefix[0] ?? '', [...prefix.slice(1), ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const outside = (path: string) => join(`/proc/${keeper.pid}/root`, path);
  const close = () => {
    keeper.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const mount = (path: string, megabytes: number) =>
    void inside('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', path);
  try {
    await new Promise((resolve, reject) => {
      keeper.once('error', reject);
      setTimeout(resolve, 300);
    });
    mount(folder, 1);
    inside('umount', folder);
  } catch (error) {
    close();
    throw new Error(
      'The disk tests lay small disks over folders, which needs root and "unshare -m". Run them as root, or in a container with CAP_SYS_ADMIN.',
      { cause: error }
    );
  }
  return {
    prefix,
    outside,
    folder,
    close,
    mount(path, megabytes) {
      inside('mkdir', '-p', path);
      mount(path, megabytes);
    },
    unmount: path => void inside('umount', '-l', path),
    fill(path, rest = 0) {
      const { bavail, bsize } = statfsSync(outside(path));
      const filler = outside(join(path, 'filler'));
      const chunk = Buffer.alloc(bsize);
      const descriptor = openSync(filler, 'a');
      try {
        for (let left = Math.floor((bavail * bsize - rest) / bsize); left > 0; left--) writeSync(descriptor, chunk);
      } finally {
        closeSync(descriptor);
      }
    },
    free: path => rmSync(outside(join(path, 'filler')), { force: true }),
    setReadOnly(path, readOnly) {
      const option = `remount,${readOnly ? 'ro' : 'rw'}`;
      for (let attempt = 1; ; attempt++) {
        try {
          inside('mount', '-o', option, path);
          return;
        } catch (error) {
          // A file that is being written keeps the disk writable for a moment.
          if (attempt === 50) throw error;
        }
      }
    }
  };
}

/** Makes a folder on a disk. */
export function makeFolder(disk: Disk, path: string): string {
  mkdirSync(disk.outside(path), { recursive: true, mode: 0o700 });
  return path;
}
