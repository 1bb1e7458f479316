import { createContext, useContext } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import type { Facets } from '../../../../contract/share/library.js';
import type { LibraryActions } from '../actions.js';
import type { ILibraryLinks } from '../links.js';
import type { ResourceModel } from '../resourceModel.js';
import type { ILibraryText } from '../text.js';

/** What the views need wherever they are shown: in JupyterLab or on a page of their own. */
export interface ILibraryContext {
  trans: ILibraryText;
  links: ILibraryLinks;
  actions: LibraryActions;
  facets: ResourceModel<Facets>;
  /** The name of the person, as owners and authors are named. */
  caller: ResourceModel<string>;
  /** Goes to an address of the Library. */
  open: (address: string) => void;
  /** Saves what lies at an address. */
  download: (address: string) => void;
  /** Asks what to run when, for a notebook of the person; absent where nothing can be scheduled. */
  schedule?: (item: { notebookId: string; title: string }) => void;
  /** Where menus and dialogs are put. */
  layer: () => HTMLElement;
}

const Context = createContext<ILibraryContext | undefined>(undefined);

export const LibraryProvider = Context.Provider;

/** The surroundings of a view. */
export function useLibrary(): ILibraryContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error('A view of the Library stands outside LibraryProvider.');
  return context;
}

/** A link inside the Library. The browser's own ways (new tab, copy address) keep working. */
export function LibraryLink(props: {
  href: string;
  className?: string;
  tabIndex?: number;
  title?: string;
  current?: boolean;
  children: ReactNode;
}): ReactNode {
  const { open } = useLibrary();
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(props.href);
  };
  return (
    <a
      href={props.href}
      className={props.className}
      tabIndex={props.tabIndex}
      title={props.title}
      aria-current={props.current ? 'page' : undefined}
      onClick={onClick}
    >
      {props.children}
    </a>
  );
}
