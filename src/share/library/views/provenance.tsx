import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Provenance as ProvenanceRecord } from '../../../../contract/share/records.js';
import { wholeNumber } from '../format.js';
import { useLibrary } from './context.js';
import { Ago } from './time.js';

/** The kernel in few words: "Python 3.11.9", else the name of the kernel. */
export function kernelLabel(provenance: ProvenanceRecord): string | undefined {
  const { kernel } = provenance;
  if (kernel === undefined) return undefined;
  if (kernel.language && kernel.languageVersion) {
    return `${kernel.language.charAt(0).toUpperCase()}${kernel.language.slice(1)} ${kernel.languageVersion}`;
  }
  return kernel.displayName ?? kernel.name;
}

/** How fresh the outputs of a version are, where a run of a schedule made them: "ran 3 min ago by schedule …". */
export function Ran(props: { run: NonNullable<ProvenanceRecord['run']>; now: number }): ReactNode {
  const { trans } = useLibrary();
  return (
    <span className="lk-Ran">
      {trans.__('ran')} <Ago instant={props.run.at} now={props.now} />{' '}
      {trans.__('by schedule “%1”', props.run.schedule)}
    </span>
  );
}

/** The packages that the live kernel had, folded. Nothing where none were recorded. */
export function Provenance(props: { provenance: ProvenanceRecord }): ReactNode {
  const { trans } = useLibrary();
  const [text, setText] = useState('');
  const { kernel, packages } = props.provenance;
  if (packages === undefined || packages.length === 0) return null;
  const wanted = text.trim().toLowerCase();
  const found = packages.filter(entry => entry.name.toLowerCase().includes(wanted));
  return (
    <details className="lk-Packages">
      <summary>
        {trans._n('%2 package', '%2 packages', packages.length, wholeNumber(packages.length))}
        {kernel?.displayName && ` · ${trans.__('kernel "%1"', kernel.displayName)}`}
      </summary>
      <input
        className="lk-Input"
        type="text"
        aria-label={trans.__('Find a package')}
        placeholder={trans.__('Find a package…')}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <ul className="lk-Packages-list">
        {found.map(entry => (
          <li key={entry.name}>
            <span>{entry.name}</span> <span className="lk-Packages-version">{entry.version}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
