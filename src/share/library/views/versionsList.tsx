import { useState } from 'react';
import type { ReactNode } from 'react';
import { useNow } from '../../../ui/hooks.js';
import type { LibraryNotebook, Version } from '../../../../contract/share/records.js';
import { fileSize, wholeNumber } from '../format.js';
import { Button } from './button.js';
import { LibraryLink, useLibrary } from './context.js';
import { MenuButton } from './menu.js';
import { Person } from './person.js';
import { kernelLabel } from './provenance.js';
import { Provenance } from './provenance.js';
import { Ago } from './time.js';

/** The versions of a notebook, newest first. Two of them can be picked and compared. */
export function VersionsList(props: { notebook: LibraryNotebook }): ReactNode {
  const { trans, links, open } = useLibrary();
  const { notebook } = props;
  const versions = notebook.versionList;
  const now = useNow(60_000);
  const [picked, setPicked] = useState(versions.slice(0, 2).map(version => version.versionId));
  // The list goes from new to old, whatever was picked first.
  const [newer, older] = versions.filter(version => picked.includes(version.versionId));

  return (
    <section className="lk-Versions" aria-label={trans.__('Versions')}>
      {versions.length > 1 && (
        <div className="lk-Versions-compare">
          <span>
            {newer && older
              ? trans.__('Compare version %1 with version %2', older.number, newer.number)
              : trans.__('Pick two versions to compare')}
          </span>
          <Button
            look="main"
            icon="compare"
            disabled={newer === undefined || older === undefined}
            onClick={() => open(links.diff(notebook.notebookId, older?.versionId, newer?.versionId))}
          >
            {trans.__('Compare')}
          </Button>
        </div>
      )}
      <ol className="lk-Timeline" reversed>
        {versions.map((version, at) => (
          <li key={version.versionId} className="lk-Timeline-item">
            {versions.length > 1 && (
              <input
                type="checkbox"
                className="lk-Timeline-pick"
                aria-label={trans.__('Compare version %1', version.number)}
                checked={picked.includes(version.versionId)}
                onChange={event => setPicked(pick(picked, version.versionId, event.target.checked))}
              />
            )}
            <VersionEntry notebook={notebook} version={version} before={versions[at + 1]} newest={at === 0} now={now} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** At most two; a third takes the place of the one picked first. */
function pick(picked: readonly string[], versionId: string, on: boolean): string[] {
  const others = picked.filter(other => other !== versionId);
  return on ? [...others, versionId].slice(-2) : others;
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
