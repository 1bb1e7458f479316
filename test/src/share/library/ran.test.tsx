import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Ran } from '../../../../src/share/library/views/provenance.js';
import { FakeLibrary } from '../../../support/fakeLibrary.js';
import { createWorld, show } from '../../../support/libraryViews.js';

it('says when a schedule made the outputs, with the exact time behind it', async () => {
  const run = { id: '01KAQ0000000000000000000R1', schedule: 'Morning delays', at: '2026-11-23T06:30:00.000Z' };
  const { container } = await show(
    createWorld(new FakeLibrary([])),
    <Ran run={run} now={Date.parse('2026-11-23T06:33:00.000Z')} />
  );
  expect(container.textContent).toBe('ran 3 min ago by schedule “Morning delays”');
  expect(screen.getByText('3 min ago').getAttribute('datetime')).toBe(run.at);
});
