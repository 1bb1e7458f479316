import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { takeOut, takenOutWords } from '../../../src/credentials/panel/kernels.js';
import type { IKernels } from '../../../src/credentials/panel/kernels.js';

const trans = nullTranslator.load('lakeside');
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Kernels by their ids: what each answers, and in which language. */
function services(kernels: Record<string, { language?: string; answer?: () => Promise<unknown> }>) {
  const ran: Record<string, string> = {};
  const disposed: string[] = [];
  const made = {
    kernels: {
      refreshRunning: async () => undefined,
      running: () => Object.keys(kernels).map(id => ({ id, name: id })),
      connectTo: ({ model: { id } }: { model: { id: string } }) => ({
        requestExecute: ({ code, silent }: { code: string; silent: boolean }) => {
          expect(silent).toBe(true);
          ran[id] = code;
          return { done: kernels[id]!.answer!() };
        },
        dispose: () => disposed.push(id)
      })
    },
    kernelspecs: {
      specs: {
        kernelspecs: Object.fromEntries(
          Object.entries(kernels).map(([id, { language = 'python' }]) => [id, { language }])
        )
      }
    }
  };
  return { made: made as unknown as IKernels, ran, disposed };
}

test('Python kernels are asked, silently; busy ones follow, others are counted, and each connection ends', async () => {
  const { made, ran, disposed } = services({
    idle: { answer: async () => ({ content: { status: 'ok' } }) },
    busy: { answer: () => new Promise(() => undefined) },
    broken: { answer: async () => ({ content: { status: 'error' } }) },
    gone: { answer: () => Promise.reject(new Error('Canceled')) },
    r: { language: 'R' }
  });
  const taken = takeOut(made, ['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN']);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await taken).toEqual({ done: 1, later: 1, missed: 3 });
  expect(Object.keys(ran)).toEqual(['idle', 'busy', 'broken', 'gone']);
  expect(ran['idle']).toContain('for name in ["AWS_ACCESS_KEY_ID","AWS_SESSION_TOKEN"]');
  expect(disposed.sort()).toEqual(['broken', 'busy', 'gone', 'idle']);
});

test('what was done is said, and what is left to do', () => {
  expect(takenOutWords({ done: 0, later: 0, missed: 0 }, trans)).toBe('Taken out of kernels that start from now on.');
  expect(takenOutWords({ done: 2, later: 1, missed: 2 }, trans)).toBe(
    'Taken out of 3 kernels that run, and of those that start from now on. ' +
      'Clients that were made before keep the old keys: make them again. ' +
      'One is busy and follows. Start 2 others again by hand.'
  );
});
