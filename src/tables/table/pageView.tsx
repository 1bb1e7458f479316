import type { ReactNode } from 'react';
import { ProblemError } from '../../../contract/problem.js';
import type { ProblemCode } from '../../../contract/problem.js';
import type { TableDetail } from '../../../contract/tables/records.js';
import { useModelState } from '../../ui/hooks.js';
import { Failed, Skeleton, Stale } from '../../ui/states.js';
import { TabList } from '../../ui/tabList.js';
import { useTrans } from '../../ui/trans.js';
import type { ITableActions, TablePart } from '../actions.js';
import type { DetailsModel } from '../detailsModel.js';
import type { MemoryModel } from '../memoryModel.js';
import { keyOf } from '../refs.js';
import { CodeView } from './codeView.js';
import { ColumnsView } from './columnsView.js';
import { PageHead } from './pageHead.js';
import type { PageModel } from './pageModel.js';
import { PartitionsView, SnapshotsView } from './partsView.js';
import { PreviewView } from './previewView.js';
import { ProfileView } from './profileView.js';

/** What the page of a table shows. */
export interface IPageProps {
  page: PageModel;
  details: DetailsModel;
  memory: MemoryModel;
  actions: ITableActions;
  /** Shows the ways of writing code, below a button. */
  dialects: (button: HTMLElement) => void;
}

/** The page of one table: what it is at the top, below it one part at a time. */
export function PageView(props: IPageProps): ReactNode {
  const { page, details } = props;
  const trans = useTrans();
  const state = useModelState(page);
  const known = useModelState(details).details.get(keyOf(page.ref));
  const detail = known?.detail;
  const read = () => void details.read(page.ref).catch(() => undefined);
  const part = detail && isThere(state.part, detail) ? state.part : 'columns';
  return (
    <>
      <PageHead {...props} detail={detail} />
      {!detail && known?.error && (
        <Failed title={trans.__('This table cannot be shown')} error={known.error} onRetry={read} />
      )}
      {!detail && !known?.error && <Skeleton lines={8} label={trans.__('Loading the table')} />}
      {detail && known.error && <Stale error={known.error} onRetry={read} />}
      {detail?.troubles.map(({ code, message }) => (
        <Stale key={message} error={new ProblemError(code as ProblemCode, message)} onRetry={read} />
      ))}
      {detail && (
        <TabList
          label={trans.__('Parts of the page')}
          tabs={partsOf(detail, trans.__.bind(trans))}
          value={part}
          onChange={value => page.show(value)}
        >
          <Part {...props} part={part} detail={detail} />
        </TabList>
      )}
    </>
  );
}

function Part(props: IPageProps & { part: TablePart; detail: TableDetail }): ReactNode {
  const { part, page, detail } = props;
  switch (part) {
    case 'columns':
      return <ColumnsView detail={detail} />;
    case 'preview':
      return <PreviewView page={page} />;
    case 'profile':
      return <ProfileView page={page} />;
    case 'partitions':
      return <PartitionsView detail={detail} page={page} />;
    case 'snapshots':
      return <SnapshotsView detail={detail} page={page} />;
    default:
      return <CodeView detail={detail} />;
  }
}

function partsOf(detail: TableDetail, say: (text: string) => string): { value: TablePart; label: string }[] {
  const parts: { value: TablePart; label: string }[] = [
    { value: 'columns', label: say('Columns') },
    { value: 'preview', label: say('Preview') },
    { value: 'profile', label: say('Profile') },
    { value: 'partitions', label: say('Partitions') },
    { value: 'snapshots', label: say('Snapshots') },
    { value: 'code', label: say('Code') }
  ];
  return parts.filter(({ value }) => isThere(value, detail));
}

function isThere(part: TablePart, { partitions, snapshots }: TableDetail): boolean {
  if (part === 'partitions') return partitions !== undefined;
  if (part === 'snapshots') return snapshots !== undefined;
  return true;
}
