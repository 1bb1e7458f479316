import type { TestProject } from 'vitest/node';
import buildPrograms from '../programs.js';
import { startCeph } from './ceph.js';
import { freePort } from './process.js';
import type { Key, RunningServer } from './process.js';
import { startVersitygw } from './versitygw.js';

declare module 'vitest' {
  export interface ProvidedContext {
    s3: { name: string; endpoint: string; key: Key }[];
  }
}

/** Starts two real servers of different make for all tests of the project `s3`, and ends them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildPrograms();
  const began = Date.now();
  const results = await Promise.allSettled([startCeph(await freePort()), startVersitygw(await freePort())]);
  const servers = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server: RunningServer) => server.stop()));
  };
  const failed = results.find(result => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason as Error;
  }
  console.log(`S3 servers: ${servers.map(({ name }) => name).join(', ')}, after ${Date.now() - began} ms`);
  project.provide(
    's3',
    servers.map(({ name, endpoint, key }) => ({ name, endpoint, key }))
  );
  return stop;
}
