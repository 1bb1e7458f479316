import { describe, expect, test } from 'vitest';
import { createPageFiles } from '../../../../src/share/page/contents.js';

interface Asked {
  method: string | undefined;
  url: string;
  body: unknown;
}

function setUp(answer: (asked: Asked) => Response) {
  const asked: Asked[] = [];
  const files = createPageFiles('/user/ada', (url, init) => {
    const call = { method: init.method, url, body: init.body ? JSON.parse(init.body as string) : undefined };
    asked.push(call);
    return Promise.resolve(answer(call));
  });
  return { files, asked };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

describe('the files of a person, from a page', () => {
  test('are written through the contents API, as text', async () => {
    const { files, asked } = setUp(() => json({ path: 'my work/untitled.ipynb' }));
    await files.create('my work');
    await files.write('my work/a#?.ipynb', '{}', 1);
    expect(asked).toEqual([
      { method: 'POST', url: '/user/ada/api/contents/my%20work', body: { type: 'file', ext: '.ipynb' } },
      {
        method: 'PUT',
        url: '/user/ada/api/contents/my%20work/a%23%3F.ipynb',
        body: { type: 'file', format: 'text', content: '{}', chunk: 1 }
      }
    ]);
  });

  test('a name that is taken is not an error', async () => {
    const { files } = setUp(() => json({ message: 'File already exists' }, 409));
    expect(await files.rename('a', 'b')).toBeUndefined();
  });

  test('a refusal says what the server said', async () => {
    const { files } = setUp(() => json({ message: 'Permission denied: work' }, 403));
    await expect(files.create('work')).rejects.toMatchObject({
      code: 'forbidden',
      message: 'The Jupyter server did not let the copy be written to "work": Permission denied: work.'
    });
  });

  test('a server that does not answer is said to be out of reach', async () => {
    const files = createPageFiles('', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(files.write('a', 'b')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('folders are listed by name, files are not', async () => {
    const content = [
      { type: 'directory', path: 'b', name: 'b' },
      { type: 'notebook', path: 'x.ipynb', name: 'x.ipynb' },
      { type: 'directory', path: 'a', name: 'a' }
    ];
    const { files, asked } = setUp(() => json({ content }));
    expect((await files.folders('')).map(folder => folder.name)).toEqual(['a', 'b']);
    expect(asked[0]?.url).toBe('/user/ada/api/contents/?type=directory&content=1');
  });
});
