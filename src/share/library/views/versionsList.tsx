import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LibraryNotebook, Version } from '../../../../contract/share/records.js';
import { fileSize, wholeNumber } from '../format.js';
import { Button } from './button.js';
import { LibraryLink, useLibrary } from './context.js';
import { MenuButton } from './menu.js';
import { Person } from './person.js';
import { kernelLabel } from './provenance.js';
import { Provenance } from './provenance.js';
import { Ago, useNow } from './time.js';

/** The versions of a notebook, newest first. Two of them can be picked and compared. */
export function VersionsList(props: { notebook: LibraryNotebook }): ReactNode {
  const { trans, links, open } = useLibrary();
  const { notebook } = props;
  const versions = notebook.versionList;
  const now = useNow();
  const [newer, setNewer] = useState(versions[0]?.versionId);
  const [older, setOlder] = useState(versions[1]?.versionId);
  const position = (id: string | undefined) => versions.findIndex(version => version.versionId === id);
  const number = (id: string | undefined) => versions[position(id)]?.number ?? 0;

  return (
    <section className="lk-Versions" aria-label={trans.__('Versions')}>
      {versions.length > 1 && (
        <div className="lk-Versions-compare">
          <span>{trans.__('Compare version %1 with version %2', number(older), number(newer))}</span>
          <Button
            look="main"
            icon="compare"
            disabled={older === newer || older === undefined}
            onClick={() => open(links.diff(notebook.notebookId, older, newer))}
          >
            {trans.__('Compare')}
          </Button>
        </div>
      )}
      <ol className="lk-Timeline" reversed>
        {versions.map((version, at) => (
          <li key={version.versionId} className="lk-Timeline-item">
            {versions.length > 1 && (
              <span className="lk-Timeline-pick">
                <input
                  type="radio"
                  name="older"
                  aria-label={trans.__('Version %1 as the older one', version.number)}
                  title={trans.__('Older')}
                  checked={older === version.versionId}
                  disabled={at <= position(newer)}
                  onChange={() => setOlder(version.versionId)}
                />
                <input
                  type="radio"
                  name="newer"
                  aria-label={trans.__('Version %1 as the newer one', version.number)}
                  title={trans.__('Newer')}
                  checked={newer === version.versionId}
                  disabled={at >= position(older)}
                  onChange={() => setNewer(version.versionId)}
                />
              </span>
            )}
            <VersionEntry notebook={notebook} version={version} before={versions[at + 1]} newest={at === 0} now={now} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function VersionEntry(props: {
  notebook: LibraryNotebook;
  version: Version;
  before: Version | undefined;
  newest: boolean;
  now: number;
}): ReactNode {
  const { trans, links, actions, open, download } = useLibrary();
  const { notebook, version, before, newest, now } = props;
  const id = notebook.notebookId;
  const kernel = kernelLabel(version.provenance);
  return (
    <article className="lk-Version">
      <div className="lk-Version-head">
        <LibraryLink
          className="lk-Version-title"
          href={newest ? links.notebook(id) : links.notebook(id, version.versionId)}
        >
          {trans.__('Version %1', version.number)}
        </LibraryLink>
        {newest && <span className="lk-Badge">{trans.__('newest')}</span>}
        {version.fork && (
          <span
            className="lk-Badge lk-mod-warn"
            title={trans.__('Another version was made from the same one at the same time. Both are kept.')}
          >
            {trans.__('made at the same time as another')}
          </span>
        )}
        {version.hideCode && <span className="lk-Badge">{trans.__('code hidden')}</span>}
      </div>
      <p className="lk-Version-facts">
        <Person name={version.author} /> · <Ago instant={version.createdAt} now={now} /> ·{' '}
        {trans._n('%2 cell', '%2 cells', version.cells, wholeNumber(version.cells))} · {fileSize(version.size)}
        {kernel && ` · ${kernel}`}
      </p>
      <Provenance provenance={version.provenance} />
      <div className="lk-Version-actions">
        {before && (
          <Button look="plain" icon="compare" onClick={() => open(links.diff(id, before.versionId, version.versionId))}>
            {trans.__('Changes since version %1', before.number)}
          </Button>
        )}
        <MenuButton
          look="plain"
          icon="more"
          label={trans.__('More for version %1', version.number)}
          items={[
            {
              label: trans.__('Fork this version'),
              icon: 'fork',
              run: () => void actions.fork({ notebookId: id, versionId: version.versionId, title: notebook.title })
            },
            {
              label: trans.__('Download this version'),
              icon: 'download',
              run: () => download(links.download(id, version.versionId))
            },
            {
              label: trans.__('Copy link to this version'),
              icon: 'link',
              run: () =>
                void actions.copyLink(new URL(links.notebook(id, version.versionId), window.location.href).href)
            }
          ]}
        />
      </div>
    </article>
  );
}
