import type { Call } from '../src/sotto';
import { avatar, h, icon } from './dom';

/** Asks for an answer. No button has the focus at first: a key meant for something else must not open a microphone. */
export function incomingView(call: Call, name: string, answer: (video: boolean) => void): HTMLDialogElement {
  const video = call.media.includes('video');
  const dialog = h(
    'dialog',
    { class: 'incoming', testid: 'incoming', tabindex: -1, 'aria-labelledby': 'incoming-name', 'aria-describedby': 'incoming-kind',
      // Escape neither answers nor declines.
      oncancel: (event) => event.preventDefault() },
    avatar(name, call.peer),
    h('h2', { id: 'incoming-name', testid: 'incoming-name', title: name }, name),
    h('p', { id: 'incoming-kind', testid: 'incoming-kind' }, video ? 'would like a video call' : 'is calling'),
    h(
      'div',
      { class: 'incoming-actions' },
      video && h('button', { class: 'button go', type: 'button', testid: 'answer-video', onclick: () => answer(true) },
        icon('video'), 'Answer with video'),
      h('button', { class: video ? 'button' : 'button go', type: 'button', testid: 'answer-audio', onclick: () => answer(false) },
        icon('phone'), video ? 'Answer with sound only' : 'Answer'),
      h('button', { class: 'button stop', type: 'button', testid: 'decline', onclick: () => call.decline() }, icon('hang-up'), 'Decline'),
    ),
  );
  return dialog;
}
