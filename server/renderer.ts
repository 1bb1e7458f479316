/**
 * The renderer's child process. It alone opens foreign notebooks: a notebook that makes it crash, stall or eat memory
 * takes nothing else with it. Started and watched by adapters/renderer-process.
 */
import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { findAssets } from './share/render/assets.js';
import { createRenderer } from './share/render/operations.js';
import type { ChildSettings, FromChild, Operation, Request, ToChild } from './share/render/protocol.js';
import type { Renderer } from './share/ports.js';

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings;
const renderer = createRenderer({ assets: findAssets(dirname(process.argv[1] ?? '.')), ...settings });
const running = new Map<number, AbortController>();

process.on('message', (message: ToChild) => {
  if (message.type === 'cancel') running.get(message.id)?.abort();
  else void answer(message);
});
// The parent is gone: nobody waits for the result.
process.on('disconnect', () => process.exit(0));

async function answer(request: Request): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const value = await perform(renderer, request, controller.signal);
    send({ type: 'result', id, value });
  } catch (error) {
    send(failure(id, error));
  } finally {
    running.delete(id);
    // Ended by a signal one day, the process would lose what it compiled.
    flushCompileCache();
  }
}

function perform(renderer: Renderer, request: Request, signal: AbortSignal): Promise<unknown> {
  const call = {
    workDirectory: request.workDirectory,
    signal,
    onProgress: (done: number, total: number) => send({ type: 'progress', id: request.id, done, total })
  };
  const operations = renderer as unknown as Record<Operation, (...values: unknown[]) => Promise<unknown>>;
  return operations[request.operation](...request.arguments, call);
}

function failure(id: number, error: unknown): FromChild {
  if (error instanceof ProblemError) return { type: 'problem', id, problem: error.toProblem() };
  const { code, stack } = error as NodeJS.ErrnoException;
  const disk =
    code === 'ENOSPC' || code === 'EDQUOT' ? 'storage-full' : code === 'EROFS' ? 'storage-read-only' : undefined;
  if (disk) {
    const sentence =
      disk === 'storage-full'
        ? 'The disk is full: the page could not be written. Free some space, then try again.'
        : 'The disk is read-only: the page could not be written. Make it writable, then try again.';
    return { type: 'problem', id, problem: new ProblemError(disk, sentence).toProblem() };
  }
  return { type: 'fault', id, stack: stack ?? String(error) };
}

function send(message: FromChild): void {
  process.send?.(message);
}
