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

/** What a step does, or did, in words; the server's own name where it is not known here. */
export function stepWord(step: JobStep, trans: TranslationBundle): string {
  const { name, state, total } = step;
  const doing: Record<string, string> = {
    read: trans.__('Reading the notebook'),
    render: trans.__('Rendering the page'),
    scan: trans.__('Scanning for secrets'),
    upload: trans.__('Storing outputs'),
    page: trans.__('Publishing the page'),
    verify: trans.__('Checking the page'),
    'wiki-render': trans.__('Rendering for the wiki'),
    'wiki-page': trans.__('Finding its page in the wiki'),
    'wiki-figures': figureWord(step, trans),
    'wiki-text': trans.__('Updating the page in the wiki')
  };
  const cells = trans._n('%1 cell', '%1 cells', total);
  const done: Record<string, string> = {
    read: trans.__('Read the notebook'),
    render: total > 0 ? trans.__('Rendered %1', cells) : trans.__('Rendered the page'),
    scan: trans.__('Scanned for secrets'),
    upload: trans.__('Stored the outputs'),
    page: trans.__('Published the page'),
    verify: trans.__('Checked the page'),
    'wiki-render': trans.__('Rendered for the wiki'),
    'wiki-page': trans.__('Its page in the wiki is there'),
    'wiki-figures':
      total > 0
        ? trans._n('Uploaded %1 figure', 'Uploaded %1 figures', total)
        : trans.__('The wiki has all its figures'),
    'wiki-text': trans.__('The page in the wiki is up to date')
  };
  return (state === 'done' ? done[name] : doing[name]) ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** "Uploading figure 12 of 23". */
function figureWord({ state, done, total }: JobStep, trans: TranslationBundle): string {
  return state === 'running' && total > 0
    ? trans.__('Uploading figure %1 of %2', wholeNumber(Math.min(done + 1, total)), wholeNumber(total))
    : trans.__('Uploading figures');
}

/** How far a step is that is under way: "cell 12 of 38", else the server's words; nothing for others. */
export function stepDetail(step: JobStep, trans: TranslationBundle): string {
  const { name, state, done, total, detail = '' } = step;
  if (state === 'failed') return detail;
  if (state !== 'running' || name === 'wiki-figures' || detail !== '' || total <= 1)
    return state === 'running' ? detail : '';
  const counts = [wholeNumber(done), wholeNumber(total)] as const;
  return name === 'render' || name === 'wiki-render'
    ? trans.__('cell %1 of %2', ...counts)
    : trans.__('%1 of %2', ...counts);
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
