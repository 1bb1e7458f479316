import { act, render } from '@testing-library/react';
import type { RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import { LibraryActions } from '../../src/share/library/actions.js';
import type { INotice } from '../../src/share/library/actions.js';
import { createLinks } from '../../src/share/library/links.js';
import { callerResource, facetsResource } from '../../src/share/library/resources.js';
import { plainText } from '../../src/share/library/text.js';
import { LibraryProvider } from '../../src/share/library/views/context.js';
import type { ILibraryContext } from '../../src/share/library/views/context.js';
import type { FakeLibrary } from './fakeLibrary.js';

// jsdom has no modal dialogs; that the browser keeps the focus inside is for the browser tests.
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    this.open = false;
  }
});
// Nor does it scroll.
Object.assign(Element.prototype, { scrollIntoView() {} });

/** The surroundings of views, and what they were asked for. */
export interface LibraryWorld {
  library: FakeLibrary;
  context: ILibraryContext;
  /** Addresses gone to, downloaded, texts copied, notebooks forked, notices told: in order. */
  opened: string[];
  downloaded: string[];
  copied: string[];
  forked: string[];
  notices: INotice[];
}

/** Makes the surroundings over a Library in memory. */
export function createWorld(library: FakeLibrary): LibraryWorld {
  const world = { library, opened: [], downloaded: [], copied: [], forked: [], notices: [] } as unknown as LibraryWorld;
  const { client } = library;
  const actions = new LibraryActions({
    client,
    trans: plainText,
    fork: ({ title, versionId }) => {
      world.forked.push(`${title} ${versionId ?? 'latest'}`);
      return Promise.resolve({ path: `${title}.ipynb` });
    },
    copyText: text => {
      world.copied.push(text);
      return Promise.resolve();
    }
  });
  actions.noticed.connect((_, notice) => void world.notices.push(notice));
  const caller = callerResource(client);
  caller.ensure();
  world.context = {
    trans: plainText,
    links: createLinks('/lakeside'),
    actions,
    facets: facetsResource(client),
    caller,
    open: address => void world.opened.push(address),
    download: address => void world.downloaded.push(address),
    layer: () => document.body
  };
  return world;
}

/** Renders a view in these surroundings, and waits for the answers that are under way. */
export async function show(world: LibraryWorld, view: ReactNode): Promise<RenderResult> {
  const wrap = (inner: ReactNode) => <LibraryProvider value={world.context}>{inner}</LibraryProvider>;
  const result = render(wrap(view));
  await settle();
  return { ...result, rerender: next => result.rerender(wrap(next)) };
}

/** Lets answers arrive and views follow. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await act(() => new Promise<void>(resolve => setTimeout(resolve, 0)));
}
