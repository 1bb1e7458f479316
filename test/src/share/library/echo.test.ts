import { Signal } from '@lumino/signaling';
import { describe, expect, test, vi } from 'vitest';
import { bridgeTabs, LibraryEcho } from '../../../../src/share/library/echo.js';
import type { ILakesideApi, ILakesideChange } from '../../../../src/tokens.js';

const change: ILakesideChange = { notebookId: '01', action: 'deleted' };

function tab(base: string) {
  const heard: ILakesideChange[] = [];
  const echo = new LibraryEcho(base);
  echo.heard.connect((_, what) => void heard.push(what));
  return { echo, heard };
}

function api(baseUrl: string) {
  const made = { baseUrl, announce: (what: ILakesideChange) => changed.emit(what) } as ILakesideApi;
  const changed = new Signal<ILakesideApi, ILakesideChange>(made);
  const seen: ILakesideChange[] = [];
  changed.connect((_, what) => void seen.push(what));
  return { api: Object.assign(made, { changed }), seen };
}

describe('tabs of one Lakeside', () => {
  test('hear of each other, not of others on the same host, and not of themselves', async () => {
    const one = tab('http://localhost/user/ada/lakeside/');
    const other = tab('/user/ada/lakeside');
    const foreign = tab('http://localhost/user/eve/lakeside/');
    one.echo.announce(change);
    await vi.waitFor(() => expect(other.heard).toEqual([change]));
    expect(one.heard).toEqual([]);
    expect(foreign.heard).toEqual([]);
    for (const { echo } of [one, other, foreign]) echo.dispose();
  });

  test('pass a change on once', async () => {
    const base = 'http://localhost/user/bob/lakeside/';
    const one = api(base);
    const other = api(base);
    const bridges = [bridgeTabs(one.api), bridgeTabs(other.api)];
    const page = tab(base);
    one.api.announce(change);
    await vi.waitFor(() => expect(other.seen).toEqual([change]));
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(one.seen).toEqual([change]);
    expect(page.heard).toEqual([change]);
    for (const echo of [...bridges, page.echo]) echo.dispose();
  });
});
