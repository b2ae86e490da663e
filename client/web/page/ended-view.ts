import type { Call, CallEnd } from '../src/sotto';
import { avatar, h } from './dom';
import { duration, endWords, spokenDuration } from './words';

/** How a call ended, in plain words, and the way on. */
export function endedView(call: Call, end: CallEnd, name: string, again: () => void, close: () => void): HTMLDialogElement {
  const { title, advice } = endWords(end.reason, name, call.mediaError?.code);
  return h(
    'dialog',
    { class: 'ended', testid: 'ended', 'data-reason': end.reason, 'aria-labelledby': 'ended-title', oncancel: close },
    avatar(name, call.peer),
    h('p', { class: 'name', title: name }, name),
    h('h2', { id: 'ended-title', testid: 'ended-title' }, title),
    h('p', { testid: 'ended-reason' }, advice),
    end.durationMs > 0 && h('p', { testid: 'ended-duration' }, h('span', { class: 'visually-hidden' }, spokenDuration(end.durationMs)),
      h('span', { 'aria-hidden': 'true' }, duration(end.durationMs))),
    h('div', { class: 'ended-actions' },
      h('button', { class: 'button', type: 'button', testid: 'call-again', onclick: again }, 'Call again'),
      h('button', { class: 'button primary', type: 'button', testid: 'ended-close', autofocus: true, onclick: close }, 'Done')),
  );
}
