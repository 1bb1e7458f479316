import { HTMLSelect } from '@jupyterlab/ui-components';
import { memo, useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';
import { Field } from '../../ui/field.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import { changeKind, cronOf, presetKinds, presetOf } from './cronPreset.js';
import type { CronPreset, PresetKind } from './cronPreset.js';
import type { DialogModel } from './dialogModel.js';
import type { IDraft } from './draft.js';
import { Times } from './times.js';
import { presetWord } from './words.js';

/** When it runs: in plain words or as a cron expression, in which zone, and what that comes to. */
export function When(props: { model: DialogModel; draft: IDraft }): ReactNode {
  const trans = useTrans();
  const { model, draft } = props;
  const { errors } = useModelState(model);
  const times = useModelState(model.times);
  const preset = draft.byHand ? undefined : presetOf(draft.cron);
  const kind: PresetKind | 'cron' = preset?.kind ?? 'cron';
  const say = (next: CronPreset) => model.change({ cron: cronOf(next), byHand: false });

  return (
    <>
      <Field label={trans.__('When')}>
        {ids => (
          <div className="jp-LakesideSchedule-when">
            <HTMLSelect
              {...ids}
              value={kind}
              onChange={event => {
                const chosen = event.currentTarget.value as PresetKind | 'cron';
                if (chosen === 'cron') model.change({ byHand: true });
                else say(changeKind(presetOf(draft.cron), chosen));
              }}
              options={[...presetKinds, 'cron' as const].map(value => ({ value, label: presetWord(value, trans) }))}
            />
            {preset && <Details preset={preset} onChange={say} />}
          </div>
        )}
      </Field>
      <div className="jp-LakesideSchedule-pair">
        <Field label={trans.__('Cron')} error={errors['when.cron'] ?? times.errors['when.cron']}>
          {ids => (
            <input
              {...ids}
              type="text"
              className="jp-mod-styled jp-LakesideSchedule-code"
              autoComplete="off"
              spellCheck={false}
              maxLength={500}
              title={trans.__('Minute, hour, day of the month, month, day of the week')}
              value={draft.cron}
              onChange={event => model.change({ cron: event.target.value, byHand: true })}
            />
          )}
        </Field>
        <Zone model={model} draft={draft} error={errors['when.zone'] ?? times.errors['when.zone']} />
      </div>
      <div className="jp-Lakeside-field">
        <span className="jp-Lakeside-label">{trans.__('Next')}</span>
        <Times model={model} />
      </div>
    </>
  );
}

/** What a preset leaves open: minute, time, days. */
function Details(props: { preset: CronPreset; onChange: (preset: CronPreset) => void }): ReactNode {
  const trans = useTrans();
  const { preset, onChange } = props;
  switch (preset.kind) {
    case 'minute':
      return null;
    case 'hour':
      return (
        <>
          <span>{trans.__('at minute')}</span>
          <HTMLSelect
            aria-label={trans.__('Minute')}
            value={String(preset.minute)}
            onChange={event => onChange({ ...preset, minute: Number(event.currentTarget.value) })}
            options={numbers(0, 59)}
          />
        </>
      );
    case 'week':
      return (
        <>
          <At time={preset.time} onChange={time => onChange({ ...preset, time })} />
          <Days days={preset.days} onChange={days => onChange({ ...preset, days })} />
        </>
      );
    case 'month':
      return (
        <>
          <span>{trans.__('on day')}</span>
          <HTMLSelect
            aria-label={trans.__('Day of the month')}
            value={String(preset.day)}
            onChange={event => onChange({ ...preset, day: Number(event.currentTarget.value) })}
            options={numbers(1, 31)}
          />
          <At time={preset.time} onChange={time => onChange({ ...preset, time })} />
        </>
      );
    default:
      return <At time={preset.time} onChange={time => onChange({ ...preset, time })} />;
  }
}

/** A time of the day. While a part of it is missing the one before counts. */
function At(props: { time: string; onChange: (time: string) => void }): ReactNode {
  const trans = useTrans();
  const { time, onChange } = props;
  const [text, setText] = useState(time);
  useEffect(() => setText(time), [time]);
  return (
    <>
      <span>{trans.__('at')}</span>
      <input
        type="time"
        className="jp-mod-styled jp-LakesideSchedule-time"
        aria-label={trans.__('Time')}
        required
        value={text}
        onChange={event => {
          setText(event.target.value);
          if (/^\d{2}:\d{2}$/.test(event.target.value)) onChange(event.target.value);
        }}
        onBlur={() => setText(time)}
      />
    </>
  );
}

/** Days of the week, Monday first; one at least. */
function Days(props: { days: readonly number[]; onChange: (days: number[]) => void }): ReactNode {
  const trans = useTrans();
  const { days, onChange } = props;
  const toggle = (day: number) => {
    const others = days.filter(other => other !== day);
    const next = others.length === days.length ? [...days, day] : others;
    if (next.length > 0) onChange(next);
  };
  return (
    <span className="jp-LakesideSchedule-days" role="group" aria-label={trans.__('Days of the week')}>
      {[1, 2, 3, 4, 5, 6, 0].map(day => (
        <label key={day} className="jp-Lakeside-option">
          <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
          <span>{dayName(day)}</span>
        </label>
      ))}
    </span>
  );
}

function Zone(props: { model: DialogModel; draft: IDraft; error: string | undefined }): ReactNode {
  const trans = useTrans();
  const { model, draft, error } = props;
  const list = useId();
  const [isAsked, setAsked] = useState(false);
  return (
    <Field label={trans.__('Zone')} error={error}>
      {ids => (
        <>
          <input
            {...ids}
            type="text"
            className="jp-mod-styled"
            list={list}
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            value={draft.zone}
            onFocus={() => setAsked(true)}
            onChange={event => model.change({ zone: event.target.value })}
          />
          <datalist id={list}>{isAsked && <Zones />}</datalist>
        </>
      )}
    </Field>
  );
}

/** There are hundreds of them, and they never change. */
const Zones = memo(function Zones(): ReactNode {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter(zone => zone.includes('/'))].map(zone => (
    <option key={zone} value={zone} />
  ));
});

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
}

/** "Mon". Day 0 of the week is a Sunday: 2026-11-22. */
function dayName(day: number): string {
  return new Date(Date.UTC(2026, 10, 22 + day)).toLocaleDateString(undefined, { weekday: 'short', timeZone: 'UTC' });
}
