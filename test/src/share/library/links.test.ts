import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLinks } from '../../../../src/share/library/links.js';
import { parseRoute } from '../../../../src/share/page/routes.js';

const base = '/user/ada/lakeside';
const links = createLinks(base);
const id = '01M7YZM1YGDXD7HKJEHMEYBNJ7';

/** What a browser makes of an address, then what the page makes of that. */
function visit(address: string) {
  const { pathname, search } = new URL(address, 'http://localhost');
  return parseRoute(base, pathname, search);
}

describe('addresses of the Library', () => {
  test('lead to what they name', () => {
    expect(visit(links.list())).toMatchObject({ kind: 'list' });
    expect(visit(links.list('q=delays&sort=title'))).toMatchObject({
      kind: 'list',
      query: { q: 'delays', sort: 'title' }
    });
    expect(visit(`${links.list()}/`)).toMatchObject({ kind: 'list' });
    expect(visit(links.deleted())).toMatchObject({ kind: 'deleted', query: { deleted: true } });
    expect(visit(links.collections())).toEqual({ kind: 'collections' });
    expect(visit(links.notebook(id))).toEqual({ kind: 'notebook', notebookId: id });
    expect(visit(links.notebook(id, 'v1'))).toEqual({ kind: 'notebook', notebookId: id, versionId: 'v1' });
    expect(visit(`${links.notebook(id)}?figure=2&hideCode=true`)).toEqual({
      kind: 'notebook',
      notebookId: id,
      figure: 2,
      hideCode: true
    });
    expect(visit(links.versions(id))).toEqual({ kind: 'versions', notebookId: id });
    expect(visit(links.diff(id, 'a', 'b'))).toEqual({ kind: 'diff', notebookId: id, from: 'a', to: 'b' });
    expect(visit(links.diff(id))).toEqual({ kind: 'diff', notebookId: id });
  });

  test('name every collection, whatever its name', () => {
    const names = fc.oneof(
      fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
      fc.constantFrom('.', '..', 'a/b', '%2e%2e', 'a\\b', '?', '#', 'ä ö', '%', '深圳')
    );
    fc.assert(
      fc.property(names, fc.constantFrom('group' as const, 'tag' as const), (name, kind) => {
        const route = visit(kind === 'group' ? links.group(name) : links.tag(name));
        const found = route.kind === 'collection' ? route.query[kind] : route.kind === 'list' ? route.query[kind] : '';
        expect(found).toBe(name);
      })
    );
  });

  test('that lead nowhere are said to be missing', () => {
    for (const path of [
      '/elsewhere',
      '/user/ada/lakeside/libraryx',
      `${base}/library/nothing`,
      `${base}/library/notebooks`
    ]) {
      expect(visit(path)).toEqual({ kind: 'missing' });
    }
    expect(visit(`${base}/library/notebooks/${id}/versions/a/b`)).toEqual({ kind: 'missing' });
    expect(visit(`${base}/library/groups/%E0%A4%A`)).toMatchObject({ kind: 'collection', name: '%E0%A4%A' });
  });

  test('carry hostile text as text', () => {
    const address = links.notebook('"><img src=x onerror=alert(1)>');
    expect(address).not.toMatch(/[<>"]/);
  });
});
