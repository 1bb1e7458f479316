import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NoticesModel } from '../../../../src/share/page/notices.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const shown = (model: NoticesModel) => model.state.notices.map(notice => notice.message);

describe('messages', () => {
  test('good news goes away by itself, bad news when it is closed', () => {
    const model = new NoticesModel();
    model.add({ kind: 'success', message: 'done' });
    model.add({ kind: 'error', message: 'failed' });
    vi.advanceTimersByTime(60_000);
    expect(shown(model)).toEqual(['failed']);
    model.close(model.state.notices[0]!.id);
    expect(shown(model)).toEqual([]);
  });

  test('stay while somebody looks at them', () => {
    const model = new NoticesModel();
    model.add({ kind: 'success', message: 'done' });
    const { id } = model.state.notices[0]!;
    vi.advanceTimersByTime(7_000);
    model.hold(id);
    vi.advanceTimersByTime(60_000);
    expect(shown(model)).toEqual(['done']);
    model.release(id);
    vi.advanceTimersByTime(9_000);
    expect(shown(model)).toEqual([]);
  });

  test('never fill the screen', () => {
    const model = new NoticesModel();
    for (let number = 1; number <= 6; number++) model.add({ kind: 'error', message: String(number) });
    expect(shown(model)).toEqual(['3', '4', '5', '6']);
  });
});
