import { useEffect, useId, useRef, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { ProblemError } from '../../../../contract/problem.js';
import type { DetailsChange } from '../../../../contract/share/library.js';
import type { LibraryItem } from '../../../../contract/share/records.js';
import { asProblem } from '../failure.js';
import { Button } from './button.js';
import { useLibrary } from './context.js';
import { Modal } from './modal.js';
import { NamesInput } from './namesInput.js';
import { useModelState } from '../../../ui/hooks.js';

/** Changes title, tags, groups and readers of a notebook. Makes no version. */
export function DetailsDialog(props: { item: LibraryItem; onClose: () => void }): ReactNode {
  const { trans, actions, facets } = useLibrary();
  const { item, onClose } = props;
  const id = useId();
  const known = useModelState(facets).value;
  const title = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState({
    title: item.title,
    tags: item.tags,
    groups: item.groups,
    audience: item.audience.kind
  });
  const [error, setError] = useState<ProblemError>();
  const [saving, setSaving] = useState(false);
  useEffect(() => {
    facets.ensure();
    title.current?.focus();
  }, [facets]);

  const wrong = (field: string) =>
    error?.errors?.find(entry => entry.field === field || entry.field.startsWith(`${field}.`))?.message;
  const change = changed(item, draft);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(change).length === 0) {
      onClose();
      return;
    }
    setSaving(true);
    try {
      await actions.change(item.notebookId, change);
      onClose();
    } catch (thrown) {
      setError(asProblem(thrown));
      setSaving(false);
    }
  };

  return (
    <Modal title={trans.__('Details of "%1"', item.title)} onClose={onClose}>
      <form className="lk-Form" onSubmit={event => void save(event)}>
        <Field id={`${id}-title`} label={trans.__('Title')} wrong={wrong('title')}>
          <input
            ref={title}
            id={`${id}-title`}
            className="lk-Input"
            value={draft.title}
            maxLength={200}
            required
            aria-describedby={`${id}-title-wrong`}
            aria-invalid={wrong('title') !== undefined || undefined}
            onChange={event => setDraft({ ...draft, title: event.target.value })}
          />
        </Field>
        <Field id={`${id}-tags`} label={trans.__('Tags')} wrong={wrong('tags')}>
          <NamesInput
            id={`${id}-tags`}
            names={draft.tags}
            known={known?.tags.map(tag => tag.name) ?? []}
            placeholder={trans.__('Type a tag, then Enter')}
            describedBy={`${id}-tags-wrong`}
            invalid={wrong('tags') !== undefined}
            onChange={tags => setDraft({ ...draft, tags })}
          />
        </Field>
        <Field
          id={`${id}-groups`}
          label={trans.__('Groups')}
          hint={trans.__('Named collections of notebooks.')}
          wrong={wrong('groups')}
        >
          <NamesInput
            id={`${id}-groups`}
            names={draft.groups}
            known={known?.groups.map(group => group.name) ?? []}
            placeholder={trans.__('Type a group, then Enter')}
            describedBy={`${id}-groups-wrong`}
            invalid={wrong('groups') !== undefined}
            onChange={groups => setDraft({ ...draft, groups })}
          />
        </Field>
        <Field id={`${id}-audience`} label={trans.__('Readers')} wrong={wrong('audience')}>
          <select
            id={`${id}-audience`}
            className="lk-Input"
            value={draft.audience}
            aria-describedby={`${id}-audience-wrong`}
            onChange={event => setDraft({ ...draft, audience: event.target.value as 'everyone' | 'owner' })}
          >
            <option value="everyone">{trans.__('Everyone on this server')}</option>
            <option value="owner">{trans.__('Only me')}</option>
          </select>
        </Field>
        {error && (
          <p className="lk-Form-error" role="alert">
            {error.message}
          </p>
        )}
        <div className="lk-Form-buttons">
          <Button onClick={onClose}>{trans.__('Cancel')}</Button>
          <Button look="main" type="submit" disabled={saving || draft.title.trim() === ''}>
            {saving ? trans.__('Saving…') : trans.__('Save changes')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Field(props: { id: string; label: string; hint?: string; wrong?: string; children: ReactNode }): ReactNode {
  return (
    <div className="lk-Field">
      <label className="lk-Field-label" htmlFor={props.id}>
        {props.label}
        {props.hint && <span className="lk-Field-hint">{props.hint}</span>}
      </label>
      {props.children}
      <p className="lk-Field-wrong" id={`${props.id}-wrong`}>
        {props.wrong}
      </p>
    </div>
  );
}

/** What differs from how it is. */
function changed(
  item: LibraryItem,
  draft: { title: string; tags: string[]; groups: string[]; audience: 'everyone' | 'owner' }
): DetailsChange {
  const same = (one: readonly string[], other: readonly string[]) => one.join('\n') === other.join('\n');
  return {
    ...(draft.title.trim() !== item.title && { title: draft.title }),
    ...(!same(draft.tags, item.tags) && { tags: draft.tags }),
    ...(!same(draft.groups, item.groups) && { groups: draft.groups }),
    ...(draft.audience !== item.audience.kind && { audience: { kind: draft.audience } })
  };
}
