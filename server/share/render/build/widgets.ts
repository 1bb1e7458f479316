import { decodeEntities } from './entities.js';
import { isObject, listAt, numberOf, objectAt, own, stringAt, type JsonObject } from '../../notebook/json.js';

export const WIDGET_VIEW = 'application/vnd.jupyter.widget-view+json';
const WIDGET_STATE = 'application/vnd.jupyter.widget-state+json';
const MAX_PARTS = 40;

/** The states of widgets that were saved with a notebook, and what they showed, as words. */
export class WidgetStates {
  private readonly states: JsonObject;

  constructor(metadata: JsonObject) {
    this.states = objectAt(objectAt(objectAt(metadata, 'widgets'), WIDGET_STATE), 'state');
  }

  /** The kind of a widget ("HBox") and the words it showed, as far as its state was saved. */
  describe(view: JsonObject): { name: string; words: string } {
    const model = objectAt(this.states, stringAt(view, 'model_id') ?? '');
    const name = (stringAt(model, 'model_name') ?? '')
      .replace(/Model$/, '')
      .replace(/[^\w .-]/g, '')
      .slice(0, 60);
    return { name, words: distinct(this.words(stringAt(view, 'model_id') ?? '', 8, { left: MAX_PARTS })).join(' ') };
  }

  private words(id: string, depth: number, budget: { left: number }): string[] {
    const state = objectAt(objectAt(this.states, id), 'state');
    if (depth === 0 || budget.left-- <= 0 || !isObject(state)) return [];
    const children = listAt(state, 'children').flatMap(child =>
      typeof child === 'string' && child.startsWith('IPY_MODEL_') ? this.words(child.slice(10), depth - 1, budget) : []
    );
    return [...ownWords(state), ...children];
  }
}

/** What one widget shows: its label and its value. */
function ownWords(state: JsonObject): string[] {
  const description = plain(stringAt(state, 'description'));
  const value = own(state, 'value');
  const number = numberOf(value);
  const max = numberOf(own(state, 'max'));
  const shown =
    typeof value === 'string'
      ? plain(value)
      : typeof value === 'boolean'
        ? value
          ? '☑'
          : '☐'
        : number === undefined
          ? ''
          : max === undefined || max === 0
            ? String(number)
            : `${number}/${max}`;
  return [description, shown].filter(word => word !== '');
}

/** A progress bar says `5/5` beside words that say it too. */
function distinct(words: string[]): string[] {
  return words.filter(
    (word, at) => !words.some((other, place) => place !== at && other.length > word.length && other.includes(word))
  );
}

function plain(text: string | undefined): string {
  if (text === undefined || text.length > 20_000) return '';
  return decodeEntities(text.replace(/<[^<>]{0,500}>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
}
