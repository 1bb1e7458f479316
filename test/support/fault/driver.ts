/**
 * A process of a home for the fault tests: the product's own composition, without HTTP and without Jupyter.
 * `cli PATH OPID CHOICES` shares as the command line does; `sidecar ROOT` stays and does what its input asks for.
 */
import { createInterface } from 'node:readline';
import { createClient } from '../../../contract/client.js';
import type { Client } from '../../../contract/client.js';
import { ProblemError } from '../../../contract/problem.js';
import { allRoutes, routes } from '../../../contract/routes.js';
import type { Job } from '../../../contract/jobs.js';
import { composeCli, composeSidecar } from '../../../server/compose.js';
import { composeIds } from '../../../server/composeIds.js';
import { readConfig } from '../../../server/config.js';
import { inProcess } from '../../../server/http/inProcess.js';
import { createLog } from '../../../server/logging.js';
import type { Caller } from '../../../server/ports.js';

/** What a sidecar is asked for, one line of JSON each. */
export type Command =
  | { do: 'share'; path: string; opId: string; choices?: object; upload?: string }
  | { do: 'state'; path: string }
  | { do: 'history'; path: string }
  | { do: 'jobs' }
  /** Any route, by its id. */
  | { do: 'call'; id: string; params?: object; query?: object; body?: object };

const config = readConfig('cli');
const log = createLog(config.logLevel, line => process.stderr.write(line));
const surroundings = { config, log, programs: __dirname };
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function share(client: Client, command: Command & { do: 'share' }): Promise<void> {
  const { opId, path, choices = {}, upload } = command;
  if (upload !== undefined) {
    await client.call(routes.share.upload, { params: { uploadId: opId }, body: upload });
  }
  const source = upload === undefined ? {} : { source: { kind: 'upload' as const, uploadId: opId } };
  const job = await client.call(routes.share.publish, { body: { opId, path, ...source, ...choices } });
  say({ accepted: opId });
  say({ ended: await follow(client, job) });
}

/** The job as its last event shows it: what the store could not keep is seen too. */
async function follow(client: Client, started: Job): Promise<Job> {
  let last = started;
  for await (const { data } of await client.call(routes.jobs.events, { params: { jobId: started.id } })) {
    if (data.type === 'state') last = data.job;
  }
  return last;
}

/** Every version that was kept of a notebook, newest first, byte by byte. */
async function history(client: Client, path: string): Promise<string[]> {
  const { notebook, versions } = await client.call(routes.history.timeline, { query: { path, limit: '200' } });
  const contents = versions.map(async ({ versionId }) => {
    const params = { historyId: notebook?.historyId ?? '', versionId };
    const { stream } = await client.call(routes.history.notebook, { params });
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  });
  return Promise.all(contents);
}

/** Calls a route whose type is not known here; the contract checks what it is given. */
function callRoute(client: Client, { id, ...given }: Command & { do: 'call' }): Promise<unknown> {
  const route = allRoutes().find(known => known.id === id);
  if (route === undefined) throw new Error(`There is no route ${id}`);
  return client.call(route, given as never);
}

async function perform(client: Client, command: Command): Promise<void> {
  try {
    if (command.do === 'share') await share(client, command);
    else if (command.do === 'state')
      say({ state: await client.call(routes.share.state, { query: { path: command.path } }) });
    else if (command.do === 'history') say({ history: await history(client, command.path) });
    else if (command.do === 'call') say({ answered: command.id, answer: await callRoute(client, command) });
    else say({ jobs: (await client.call(routes.jobs.list, { query: { limit: '200' } })).jobs });
  } catch (error) {
    if (error instanceof ProblemError) say({ refused: error.toProblem(), command });
    else say({ fault: String(error), stack: (error as Error).stack, command });
  }
}

async function main(): Promise<void> {
  const [mode = '', place = '', opId = '', choices = '{}'] = process.argv.slice(2);
  const caller: Caller = { name: 'ada', groups: [], via: mode === 'cli' ? 'cli' : 'jupyter' };
  if (mode === 'cli') {
    const services = await composeCli(surroundings);
    const client = createClient(inProcess(services.handlers, caller));
    await perform(client, { do: 'share', path: place, opId, choices: JSON.parse(choices) as object });
    await services.close();
    return;
  }
  const python = process.env['TEST_PYTHON'];
  const kernelEnvironment = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    // Where Python finds the Lakeside of this checkout.
    PYTHONPATH: process.env['PYTHONPATH'] ?? ''
  };
  const boot = {
    secret: 'x'.repeat(32),
    rootDir: place,
    allowHidden: false,
    kernelEnvironment,
    ...(python && { python })
  };
  const services = await composeSidecar({ ...surroundings, boot, ids: composeIds() });
  const client = createClient(inProcess(services.handlers, caller));
  say({ ready: process.pid });
  const underWay = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin })) {
    const work = perform(client, JSON.parse(line) as Command).finally(() => underWay.delete(work));
    underWay.add(work);
  }
  await services.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  if (error instanceof ProblemError) say({ refused: error.toProblem() });
  else say({ fault: String(error), stack: (error as Error).stack });
  process.exitCode = 1;
});
