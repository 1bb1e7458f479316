import { closeIcon, HTMLSelect, undoIcon } from '@jupyterlab/ui-components';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import type { ParameterType } from '../../../contract/schedule/form.js';
import { Field } from '../../ui/field.js';
import type { IFieldIds } from '../../ui/field.js';
import { useTrans } from '../../ui/trans.js';
import { MacroMenu } from './macroMenu.js';
import { hasMacro } from './parameterDraft.js';
import type { IParameterDraft } from './parameterDraft.js';

/** What a field of a parameter needs. */
export interface IParameterFieldProps {
  draft: IParameterDraft;
  error: string | undefined;
  onType: (text: string) => void;
  /** The notebook's default is to count again. */
  onDefault: () => void;
  /** The value goes: the notebook has no such parameter. */
  onRemove: () => void;
}

/** One parameter: its name, a field of its kind, a macro, and the way back to the notebook's default. */
export function ParameterField(props: IParameterFieldProps): ReactNode {
  const trans = useTrans();
  const { draft, error, onType } = props;
  const { parameter, declared, text, given } = draft;
  const { name, type } = parameter;
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const isMacro = hasMacro(text);
  const insert = (macro: string) => {
    const field = input.current;
    const isWhole = field === null || type === 'int' || type === 'float' || type === 'date' || type === 'bool';
    const { from, to } = isWhole ? { from: 0, to: text.length } : selectionOf(field);
    const quoted = type === 'list' || type === 'dict' ? quotedIn(text.slice(0, from), macro) : macro;
    onType(text.slice(0, from) + quoted + text.slice(to));
    requestAnimationFrame(() => {
      input.current?.focus();
      const end = from + quoted.length;
      if (!isWhole) input.current?.setSelectionRange(end, end);
    });
  };
  return (
    <Field label={name} error={error} {...hint()}>
      {ids => (
        <div className={`jp-LakesideSchedule-parameter${given ? '' : ' jp-mod-default'}`}>
          <span className="jp-LakesideSchedule-type">{typeWord(type)}</span>
          {control(ids)}
          {type !== 'secret' && type !== 'choice' && type !== 'bool' && (
            <MacroMenu label={trans.__('Macro for %1', name)} onPick={insert} />
          )}
          {given ? back(ids) : <span className="jp-LakesideSchedule-noUndo" />}
        </div>
      )}
    </Field>
  );

  /** It goes when it is pressed; the focus stays beside it. */
  function back({ id }: IFieldIds): ReactNode {
    return (
      <button
        type="button"
        className="jp-LakesideSchedule-undo"
        title={declared ? trans.__('Back to the default of the notebook') : trans.__('Leave it out')}
        aria-label={declared ? trans.__('Default of %1', name) : trans.__('Leave out %1', name)}
        onClick={event => {
          const group = event.currentTarget.closest<HTMLElement>('[role="group"]');
          (declared ? document.getElementById(id) : group)?.focus();
          (declared ? props.onDefault : props.onRemove)();
        }}
      >
        {declared ? <undoIcon.react tag="span" /> : <closeIcon.react tag="span" />}
      </button>
    );
  }

  function control(ids: IFieldIds): ReactNode {
    const { 'aria-invalid': invalid, ...idle } = ids;
    switch (type) {
      case 'bool':
        return isMacro || (text !== 'true' && text !== 'false' && text !== '') ? (
          line(ids, {})
        ) : (
          <input
            {...idle}
            aria-invalid={invalid}
            type="checkbox"
            checked={text === 'true'}
            onChange={event => onType(String(event.target.checked))}
          />
        );
      case 'choice':
        return (
          <HTMLSelect {...ids} value={text} onChange={event => onType(event.currentTarget.value)} options={choices()} />
        );
      case 'int':
        return line(ids, { inputMode: isMacro ? 'text' : 'numeric' });
      case 'float':
        return line(ids, { inputMode: isMacro ? 'text' : 'decimal' });
      case 'date':
        return line(ids, { type: /^(\d{4}-\d{2}-\d{2})?$/.test(text) ? 'date' : 'text' });
      case 'secret':
        return line(ids, { placeholder: given ? '' : trans.__('Name of a variable') });
      default:
        return area(ids);
    }
  }

  function line(ids: IFieldIds, more: React.InputHTMLAttributes<HTMLInputElement>): ReactNode {
    return (
      <input
        {...ids}
        ref={input}
        type="text"
        className="jp-mod-styled jp-LakesideSchedule-code"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={event => onType(event.target.value)}
        {...more}
      />
    );
  }

  /** Texts may have lines, which an input would lose. */
  function area(ids: IFieldIds): ReactNode {
    return (
      <textarea
        {...ids}
        ref={input}
        className={`jp-mod-styled${type === 'str' ? '' : ' jp-LakesideSchedule-code'}`}
        rows={Math.min(text.split('\n').length, 6)}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={event => onType(event.target.value)}
      />
    );
  }

  function choices(): { value: string; label: string }[] {
    const all = (parameter.choices ?? []).map(choice => ({
      value: JSON.stringify(choice),
      label: typeof choice === 'string' ? choice : JSON.stringify(choice)
    }));
    return all.some(({ value }) => value === text) ? all : [{ value: text, label: text }, ...all];
  }

  function hint(): { hint?: string } {
    const words = [
      ...(parameter.help === undefined ? [] : [parameter.help]),
      ...(type === 'secret'
        ? [trans.__('The variable of the server that holds it. The value itself is in no file.')]
        : []),
      ...(declared ? [] : [trans.__('The notebook declares no such parameter.')]),
      ...(declared && !given && parameter.default === undefined && type !== 'secret'
        ? [trans.__('The notebook works it out unless something is given here.')]
        : [])
    ];
    return words.length === 0 ? {} : { hint: words.join(' ') };
  }
}

/** Types are called as in the notebook. */
function typeWord(type: ParameterType): string {
  return type === 'any' ? '' : type;
}

/** What is selected in a field: where the cursor is. */
function selectionOf(field: HTMLTextAreaElement): { from: number; to: number } {
  return { from: field.selectionStart, to: field.selectionEnd };
}

/** In JSON a macro stands in a text of its own, unless it goes into one. */
function quotedIn(before: string, macro: string): string {
  const quotes = before.replace(/\\./g, '').match(/"/g)?.length ?? 0;
  return quotes % 2 === 1 ? macro : `"${macro}"`;
}
