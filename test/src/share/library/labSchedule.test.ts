import { describe, expect, test, vi } from 'vitest';
import { createClient } from '../../../../contract/client.js';
import { ProblemError } from '../../../../contract/problem.js';
import type { INotice } from '../../../../src/share/library/actions.js';
import { scheduleFile } from '../../../../src/share/library/labSchedule.js';
import { plainText } from '../../../../src/share/library/text.js';
import { fakeId } from '../../../support/fakeLakeside.js';

const item = { notebookId: fakeId(1), title: 'Delays' };

async function scheduled(answer: string[] | Error) {
  const notices: INotice[] = [];
  const schedule = vi.fn();
  const fork = vi.fn(() => Promise.resolve('Delays.ipynb'));
  const client = createClient({
    send: async ({ url }) => {
      expect(url).toBe(`/share/notebooks/${fakeId(1)}/files`);
      if (answer instanceof Error) throw answer;
      return Promise.resolve({ kind: 'json', body: { paths: answer } });
    }
  });
  const tell = (notice: INotice) => void notices.push(notice);
  await scheduleFile(item, { client, trans: plainText, fork, schedule, tell });
  return { notices, schedule, fork };
}

describe('scheduling from the Library', () => {
  test('takes the file that the page was shared from', async () => {
    const { schedule, notices } = await scheduled(['work/delays.ipynb', 'copy.ipynb']);
    expect(schedule.mock.calls).toEqual([['work/delays.ipynb']]);
    expect(notices).toEqual([]);
  });

  test('offers a copy where that file is gone', async () => {
    const { schedule, notices, fork } = await scheduled([]);
    expect(schedule).not.toHaveBeenCalled();
    notices[0]?.action?.run();
    await vi.waitFor(() => expect(schedule).toHaveBeenCalledWith('Delays.ipynb'));
    expect(fork).toHaveBeenCalledWith(item);
  });

  test('says why it cannot, also of the copy', async () => {
    const { notices } = await scheduled(new ProblemError('unavailable', 'Lakeside is not running.'));
    expect(notices).toMatchObject([{ kind: 'error', message: 'Lakeside is not running.' }]);
    const gone = await scheduled([]);
    gone.fork.mockRejectedValueOnce(new ProblemError('storage-full', 'The disk is full.'));
    gone.notices[0]?.action?.run();
    await vi.waitFor(() => expect(gone.notices.at(-1)).toMatchObject({ message: 'The disk is full.' }));
    expect(gone.schedule).not.toHaveBeenCalled();
  });
});
