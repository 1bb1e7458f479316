import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import { problemDetails } from '../../api/problems.js';
import { copyText } from '../../ui/clipboard.js';
import { useTrans } from '../../ui/trans.js';

/** What failed at this place of the tree: the sentence, Retry, Copy details. */
export function ProblemRow(props: { problem: ProblemError; isActive: boolean; onRetry: () => void }): ReactNode {
  const { problem, isActive, onRetry } = props;
  const trans = useTrans();
  const [copied, setCopied] = useState(false);
  const tabIndex = isActive ? 0 : -1;
  return (
    <span className="jp-LakesideTables-problem">
      <span className="jp-LakesideTables-sentence">
        <span className="jp-LakesideTables-mark jp-mod-attention" aria-hidden="true">
          !
        </span>
        {problem.message}
      </span>
      <span className="jp-LakesideTables-problemButtons">
        <button type="button" className="jp-LakesideTables-link" tabIndex={tabIndex} onClick={onRetry}>
          {trans.__('Retry')}
        </button>
        <button
          type="button"
          className="jp-LakesideTables-link"
          tabIndex={tabIndex}
          onClick={() => void copyText(problemDetails(problem)).then(setCopied)}
        >
          {copied ? trans.__('Copied') : trans.__('Copy details')}
        </button>
      </span>
    </span>
  );
}
