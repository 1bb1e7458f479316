import type { TranslationBundle } from '@jupyterlab/translation';
import type { JobStep } from '../../contract/jobs.js';
import { ago, wholeNumber } from './library/format.js';
import type { IJobState } from './jobModel.js';
import type { IShareModelState } from './shareModel.js';
import type { ShareMark } from './shareMark.js';

/** The word for a mark, for tooltips and screen readers; empty where there is no mark. */
export function markWord(mark: ShareMark, trans: TranslationBundle): string {
  const words: Record<ShareMark, string> = {
    unknown: '',
    none: '',
    current: trans.__('Up to date'),
    changed: trans.__('Changed since it was shared'),
    duplicate: trans.__('Another notebook has the same id'),
    busy: trans.__('Sharing'),
    problem: trans.__('Cannot say whether it is shared')
  };
  return words[mark];
}

/** One line on how a notebook stands to its page: "Up to date · version 4 · shared 3 min ago". */
export function standing(state: IShareModelState, now: number, trans: TranslationBundle): string {
  const { known, problem, mark } = state;
  if (mark === 'problem' && problem) return problem.message;
  const published = known?.published;
  if (mark === 'duplicate' || mark === 'busy' || published === undefined || known?.state === 'deleted') {
    return markWord(mark, trans) || trans.__('Share this notebook');
  }
  return [
    markWord(mark, trans),
    trans.__('version %1', published.versionNumber),
    trans.__('shared %1', ago(published.sharedAt, now, trans))
  ].join(' · ');
}

/** The make of a target, as people call it; empty for the Library. */
export function kindWord(kind: string): string {
  const words: Record<string, string> = {
    library: '',
    mediawiki: 'MediaWiki',
    dokuwiki: 'DokuWiki',
    git: 'Git wiki',
    'confluence-cloud': 'Confluence Cloud',
    'confluence-datacenter': 'Confluence Data Center'
  };
  return words[kind] ?? kind;
}

/** What a step does, in words; the server's own name where it is not known here. */
export function stepWord(step: JobStep, trans: TranslationBundle): string {
  const words: Record<string, string> = {
    read: trans.__('Reading the notebook'),
    render: trans.__('Rendering the page'),
    scan: trans.__('Looking for secrets'),
    upload: trans.__('Storing outputs'),
    page: trans.__('Publishing the page'),
    verify: trans.__('Checking the page'),
    'wiki-render': trans.__('Writing the page for the wiki'),
    wiki: trans.__('Updating the wiki')
  };
  return words[step.name] ?? step.name.charAt(0).toUpperCase() + step.name.slice(1);
}

/** How far a step is: the server's words, else "cell 12 of 38", else nothing. */
export function stepDetail(step: JobStep, trans: TranslationBundle): string {
  if (step.detail) return step.detail;
  if (step.state !== 'running' || step.total <= 1) return '';
  const counts = [wholeNumber(step.done), wholeNumber(step.total)] as const;
  return step.name === 'render' ? trans.__('cell %1 of %2', ...counts) : trans.__('%1 of %2', ...counts);
}

/** What is being done before the server has a job, in words. */
export function preparingWord(phase: IShareModelState['preparing'], trans: TranslationBundle): string {
  if (phase === 'save') return trans.__('Saving the notebook');
  return phase === 'upload' ? trans.__('Uploading the notebook') : trans.__('Starting');
}

/** What the share is doing now, in one line. */
export function nowDoing(state: IShareModelState, trans: TranslationBundle): string {
  return state.preparing === undefined ? doing(state.job?.state, trans) : preparingWord(state.preparing, trans);
}

/** What a job is doing now, in one line. */
export function doing(state: IJobState | undefined, trans: TranslationBundle): string {
  if (state === undefined) return preparingWord(undefined, trans);
  if (state.cancelling) return trans.__('Cancelling');
  const step = state.job.steps.find(each => each.state === 'running');
  if (step === undefined) return trans.__('Waiting for its turn');
  return [stepWord(step, trans), stepDetail(step, trans)].filter(Boolean).join(' · ');
}
