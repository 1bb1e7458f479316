import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';
import { describe, expect, test } from 'vitest';
import { createLabFiles } from '../../../../src/share/library/labFiles.js';

function refusal(status: number): Error {
  return new ServerConnection.ResponseError(new Response(null, { status }), 'No.');
}

describe("files through JupyterLab's contents manager", () => {
  test('are written as text, in parts where they are large', async () => {
    const saved: unknown[] = [];
    const contents = { save: (path: string, model: unknown) => Promise.resolve(void saved.push([path, model])) };
    const files = createLabFiles(contents as unknown as Contents.IManager);
    await files.write('a.ipynb', '{}');
    await files.write('a.ipynb', 'x', -1);
    expect(saved).toEqual([
      ['a.ipynb', { type: 'file', format: 'text', content: '{}' }],
      ['a.ipynb', { type: 'file', format: 'text', content: 'x', chunk: -1 }]
    ]);
  });

  test('a name that is taken is not an error, anything else is', async () => {
    const answer = (status: number) => {
      const contents = { rename: () => Promise.reject(refusal(status)) };
      return createLabFiles(contents as unknown as Contents.IManager).rename('a', 'b');
    };
    expect(await answer(409)).toBeUndefined();
    await expect(answer(500)).rejects.toThrow('No.');
  });
});
