import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { kernelFacts, parsePackages } from '../../../../src/share/source/kernelFacts.js';
import type { FactsSession } from '../../../../src/share/source/kernelFacts.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const reply = (text: string, status = 'ok') => ({
  content: { user_expressions: { lakeside: { status, data: { 'text/plain': text } } } }
});

interface FakeKernel {
  status?: string;
  language?: string;
  info?: Promise<unknown>;
  done?: Promise<unknown>;
}

function session(kernel: FakeKernel | null) {
  const requests: unknown[] = [];
  const dispose = vi.fn();
  const context = {
    session: kernel && {
      kernel: {
        name: 'python3',
        status: kernel.status ?? 'idle',
        connectionStatus: 'connected',
        info:
          kernel.info ?? Promise.resolve({ language_info: { name: kernel.language ?? 'python', version: '3.11.2' } }),
        requestExecute: (content: unknown) => {
          requests.push(content);
          return { done: kernel.done ?? Promise.resolve(reply("'numpy==2.4.6\\npandas==3.1.1'")), dispose };
        }
      }
    },
    specsManager: { specs: { kernelspecs: { python3: { display_name: 'Python 3', language: 'python' } } } }
  };
  return { context: context as unknown as FactsSession, requests, dispose };
}

describe('what a notebook runs on', () => {
  test('an idle Python kernel tells its packages, without a trace', async () => {
    const { context, requests } = session({});
    expect(await kernelFacts(context, { packages: true })).toEqual({
      kernel: { name: 'python3', displayName: 'Python 3', language: 'python', languageVersion: '3.11.2' },
      packages: [
        { name: 'numpy', version: '2.4.6' },
        { name: 'pandas', version: '3.1.1' }
      ]
    });
    expect(requests).toMatchObject([{ code: '', silent: true, store_history: false, allow_stdin: false }]);
  });

  test.each([
    ['a busy kernel', { status: 'busy' }, true],
    ['a kernel of another language', { language: 'R' }, true],
    ['a person who does not want it recorded', {}, false]
  ])('%s is not asked', async (_, kernel, packages) => {
    const { context, requests } = session(kernel);
    const facts = await kernelFacts(context, { packages });
    expect(requests).toEqual([]);
    expect(facts.kernel?.name).toBe('python3');
    expect(facts.packages).toBeUndefined();
  });

  test('a kernel that does not answer costs two seconds in all', async () => {
    const { context, dispose } = session({ done: new Promise(() => undefined) });
    const facts = kernelFacts(context, { packages: true });
    await vi.advanceTimersByTimeAsync(2001);
    expect((await facts).packages).toBeUndefined();
    expect(dispose).toHaveBeenCalled();
  });

  test('a kernel that never said what it is, too', async () => {
    const { context } = session({ info: new Promise(() => undefined) });
    const facts = kernelFacts(context, { packages: true });
    await vi.advanceTimersByTimeAsync(2001);
    expect(await facts).toEqual({ kernel: { name: 'python3', displayName: 'Python 3', language: 'python' } });
  });

  test('a kernel that died is no fault', async () => {
    const { context } = session({ done: Promise.reject(new Error('Kernel died')) });
    expect((await kernelFacts(context, { packages: true })).packages).toBeUndefined();
  });

  test('without a kernel there is nothing', async () => {
    expect(await kernelFacts(session(null).context, { packages: true })).toEqual({});
  });
});

describe('the answer', () => {
  test.each([
    ['nothing', undefined],
    ['an error', reply("'a==1'", 'error').content],
    ['no text', { user_expressions: { lakeside: { status: 'ok', data: {} } } }]
  ])('%s', (_, content) => {
    expect(parsePackages(content)).toBeUndefined();
  });

  test('lines that are no packages are left out', () => {
    expect(parsePackages(reply("'a==1\\nnonsense\\n==2\\nb=='").content)).toEqual([{ name: 'a', version: '1' }]);
  });

  test('thousands of packages are cut', () => {
    const lines = Array.from({ length: 6000 }, (_, index) => `p${index}==1`).join('\\n');
    expect(parsePackages(reply(`'${lines}'`).content)).toHaveLength(5000);
  });
});
