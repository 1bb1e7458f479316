import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cephPrograms } from '../../../scripts/setup/ceph.mjs';
import { freePort, launch, scratchFolder, untilAnswers } from './process.js';
import type { Launched, RunningServer } from './process.js';

/** Asks half a second apart, with what the asking takes: two minutes and more. */
const DISK_TRIES = 150;
const DISK_STARTS = 5;
const CLUSTER_STARTS = 3;

/** A cluster of one: a monitor, an OSD in memory, a gateway. It forgets everything at its end. */
function configuration(folder: string, cluster: string, monitor: number, gateway: number): string {
  return `[global]
fsid = ${cluster}
mon host = v1:127.0.0.1:${monitor}
auth cluster required = none
auth service required = none
auth client required = none
ms bind msgr2 = false
public addr = 127.0.0.1
run dir = ${folder}/run
log file = ${folder}/log/$name.log
admin socket = ${folder}/run/$name.$pid.asok
pid file = ${folder}/run/$name.pid
setuser match path = ${folder}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
osd crush update on start = false
osd class update on start = false
mon allow pool size one = true
mon max pg per osd = 2000
paxos propose interval = 0.05
paxos min wait = 0.01
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gateway}
`;
}

/** With it the gateway gives session keys, and answers wrong keys as it does a lack of rights. */
const TOKEN_SERVICE = `rgw sts key = sixteen-letters.
rgw s3 auth use sts = true
rgw sts min session duration = 5
`;

export interface CephOptions {
  /** Whether it also is a security token service. */
  givesTokens?: boolean;
}

/**
 * Starts Debian's Ceph with its S3 gateway. A cluster that does not come up on a busy machine is thrown away, and
 * another one is started, on another port: what is tested is Lakeside, not Ceph's start.
 */
export async function startCeph(port: number, options: CephOptions = {}): Promise<RunningServer> {
  await cephPrograms();
  for (let starts = 1; ; starts++) {
    try {
      return await startCluster(starts === 1 ? port : await freePort(), options);
    } catch (error) {
      console.warn(`Ceph did not start (${starts} of ${CLUSTER_STARTS}): ${String(error)}`);
      if (starts === CLUSTER_STARTS) throw error;
    }
  }
}

async function startCluster(port: number, { givesTokens = false }: CephOptions): Promise<RunningServer> {
  const folder = scratchFolder('ceph');
  for (const name of ['run', 'log', 'mon', 'osd']) mkdirSync(join(folder, name));
  const cluster = randomUUID();
  const monitor = await freePort();
  const file = join(folder, 'ceph.conf');
  writeFileSync(file, configuration(folder, cluster, monitor, port) + (givesTokens ? TOKEN_SERVICE : ''));
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const started: Launched[] = [];
  const start = (program: string, ...args: string[]): Launched => {
    const server = launch(program, ['-f', '-c', file, ...args], {}, folder, true);
    started.push(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    for (const server of started.reverse()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const map = join(folder, 'monmap');
    const address = `[v1:127.0.0.1:${monitor}]`;
    run('monmaptool', '--create', '--clobber', '--fsid', cluster, '--addv', 'a', address, map);
    run('ceph-mon', '-c', file, '-i', 'a', '--mkfs', '--monmap', map);
    start('ceph-mon', '-i', 'a');
    run('ceph', '-c', file, 'osd', 'create');
    run('ceph-osd', '-c', file, '-i', '0', '--mkfs');
    // Its place is given before it starts: a disk that places itself does so when a busy machine lets it.
    run('ceph', '-c', file, 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=h1');
    await untilUp(
      () => run('ceph', '-c', file, 'osd', 'stat'),
      () => start('ceph-osd', '-i', '0')
    );
    const gateway = start('radosgw', '-n', 'client.rgw');
    await untilAnswers(`http://127.0.0.1:${port}/`, gateway);
    const key = { accessKeyId: 'LAKESIDETEST', secretAccessKey: 'ceph-secret-of-the-tests' };
    run(
      'radosgw-admin',
      ...['-c', file, 'user', 'create', '--uid', 'lakeside', '--display-name', 'lakeside'],
      ...['--access-key', key.accessKeyId, '--secret-key', key.secretAccessKey],
      ...['--caps', 'oidc-provider=*;roles=*;user-policy=*']
    );
    run(
      'radosgw-admin',
      ...['-c', file, 'user', 'create', '--uid', 'stranger', '--display-name', 'stranger'],
      ...['--access-key', STRANGER.accessKeyId, '--secret-key', STRANGER.secretAccessKey]
    );
    return { name: 'Ceph RGW', endpoint: `http://127.0.0.1:${port}`, key, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts the only disk and waits until the cluster knows it. Debian's ceph-osd now and then ends because its first
 * words to the monitor came too early ("wrong fsid"), so it is started again, as its service would do.
 */
async function untilUp(status: () => string, start: () => Launched): Promise<void> {
  let disk = start();
  let starts = 1;
  for (let tries = 0; tries < DISK_TRIES; tries++) {
    if (disk.hasEnded) {
      if (starts++ === DISK_STARTS) throw new Error(`The disk of the Ceph cluster ends at its start: ${disk.log()}`);
      disk = start();
    }
    if (/\b1 up\b/.test(status())) return;
    await sleep(500);
  }
  throw new Error(`The Ceph cluster does not know its disk yet: ${status()} ${disk.log()}`);
}

/** Another user of the Ceph cluster, who has no rights on what `key` made. */
export const STRANGER = { accessKeyId: 'STRANGERTEST', secretAccessKey: 'stranger-secret-of-the-tests' };
