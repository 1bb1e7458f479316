import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Snippet, TableDetail } from '../../../contract/tables/records.js';
import { copyText } from '../../ui/clipboard.js';
import { useTrans } from '../../ui/trans.js';

/** The ways to read the table, each with a button that copies it. */
export function CodeView({ detail }: { detail: TableDetail }): ReactNode {
  const trans = useTrans();
  if (detail.snippets.length === 0) {
    return <p className="jp-LakesideTable-none">{trans.__('The source has no way to read this table from code.')}</p>;
  }
  return (
    <>
      {detail.snippets.map((snippet, n) => (
        <CodeBlock key={n} snippet={snippet} />
      ))}
    </>
  );
}

function CodeBlock({ snippet: { label, code } }: { snippet: Snippet }): ReactNode {
  const trans = useTrans();
  const [copied, setCopied] = useState(false);
  return (
    <section className="jp-LakesideTable-snippet" aria-label={label}>
      <div>
        <h3>{label}</h3>
        <button
          type="button"
          className="jp-LakesideTables-link"
          aria-label={trans.__('Copy the code for %1', label)}
          onClick={() => void copyText(code).then(setCopied)}
        >
          {copied ? trans.__('Copied') : trans.__('Copy')}
        </button>
      </div>
      <pre tabIndex={0}>{code}</pre>
    </section>
  );
}
