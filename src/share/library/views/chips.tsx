import type { ReactNode } from 'react';
import type { FilterName } from '../listQuery.js';
import { LibraryLink, useLibrary } from './context.js';
import { Icon } from './icons.js';
import type { IconName } from './icons.js';

/** The picture of each thing one can filter by. */
export const filterIcons: Record<FilterName, IconName> = {
  tag: 'tag',
  group: 'group',
  owner: 'person',
  table: 'table'
};

/** A tag or group of a notebook. Pressing it shows the others that have it. */
export function Chip(props: {
  kind: 'tag' | 'group';
  name: string;
  /** Narrows the list it stands in; without it the chip is a link to the collection. */
  onPick?: () => void;
  tabIndex?: number;
}): ReactNode {
  const { trans, links } = useLibrary();
  const { kind, name, onPick, tabIndex } = props;
  const hint = kind === 'tag' ? trans.__('Tag "%1"', name) : trans.__('Group "%1"', name);
  const content = (
    <>
      {kind === 'group' && <Icon name="group" />}
      <span className="lk-Chip-name">{name}</span>
    </>
  );
  return onPick ? (
    <button type="button" className="lk-Chip" title={hint} tabIndex={tabIndex} onClick={onPick}>
      {content}
    </button>
  ) : (
    <LibraryLink className="lk-Chip" title={hint} href={kind === 'tag' ? links.tag(name) : links.group(name)}>
      {content}
    </LibraryLink>
  );
}
