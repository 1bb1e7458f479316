import { act, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import type { BoundFunctions, queries } from '@testing-library/react';
import { expect, vi } from 'vitest';
import { DialogBody } from '../../../../src/schedule/dialog/body.js';
import { dialogOf, FakeSchedules, trans } from './support.js';

// Long enough for a busy machine.
configure({ asyncUtilTimeout: 10_000 });

type Subject = Parameters<typeof dialogOf>[1];

/** Opens the dialog as pressing Schedule does. */
export async function open(
  prepare: (fake: FakeSchedules) => void = () => undefined,
  subject?: Subject,
  dirty?: boolean,
  signIn?: (profile: string) => Promise<void>
) {
  const fake = new FakeSchedules();
  prepare(fake);
  const model = dialogOf(fake, subject, signIn);
  const props = { onOpen: vi.fn(), onSaved: vi.fn(), onClose: vi.fn() };
  const notebook = { dirty: dirty === true, save: vi.fn(() => Promise.resolve()) };
  render(<DialogBody model={model} trans={trans} notebook={dirty === undefined ? undefined : notebook} {...props} />);
  expect(screen.getByRole('status', { name: 'Reading the notebook' })).toBeTruthy();
  await act(() => model.load());
  return { fake, model, notebook, ...props };
}

export const field = (name: string | RegExp) => screen.getByRole<HTMLInputElement>('textbox', { name });
export const select = (name: string) => screen.getByRole<HTMLSelectElement>('combobox', { name });
export const type = (input: Element, value: string) => fireEvent.change(input, { target: { value } });
export const press = async (name: string | RegExp) => {
  await act(async () => fireEvent.click(screen.getByRole('button', { name })));
};
/** The first to be mended gets the focus in the next frame at the latest. */
export const focused = (input: Element) => waitFor(() => expect(document.activeElement).toBe(input));
export const unfold = (title: RegExp): BoundFunctions<typeof queries> => {
  const fold = screen.getByText(title).closest('details')!;
  fold.open = true;
  return within(fold);
};
