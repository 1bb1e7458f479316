import type { ReactNode } from 'react';
import type { SourceTest } from '../../../contract/tables/records.js';
import { useTrans } from '../../ui/trans.js';

type State = SourceTest['findings'][number]['state'];

const SIGNS: Readonly<Record<State, string>> = { ok: '●', warning: '!', failed: '✕' };

/** What a test found: a line for each thing that can fail, with its cure. */
export function Findings({ test }: { test: SourceTest }): ReactNode {
  const trans = useTrans();
  const words: Readonly<Record<State, string>> = {
    ok: trans.__('right'),
    warning: trans.__('attention'),
    failed: trans.__('failed')
  };
  const { ok, findings } = test;
  const isClean = findings.every(({ state }) => state === 'ok');
  return (
    <>
      <p className="jp-LakesideTables-verdict">
        {!ok ? trans.__('It does not work yet.') : isClean ? trans.__('It works.') : trans.__('It works, but:')}
      </p>
      <ul className="jp-LakesideTables-findings">
        {findings.map(({ state, detail, cure }, n) => (
          <li key={n}>
            <span className={`jp-LakesideTables-sign jp-mod-${state}`} title={words[state]} aria-hidden="true">
              {SIGNS[state]}
            </span>
            <span>
              <span className="jp-Lakeside-forReaders">{words[state]}: </span>
              {detail}
              {cure !== undefined && <span className="jp-LakesideTables-cure">{cure}</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
