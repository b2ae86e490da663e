import type { CallState, EndReason, MediaErrorCode } from '../src/sotto';

export interface Words {
  readonly title: string;
  readonly advice: string;
}

const LONGEST_NAME = 40;

/** A name as it stands in a sentence: of one that fills a screen, its beginning. */
export function brief(name: string): string {
  const characters = [...name];
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : name;
}

/** Letters, marks and digits of any script, and what is on every keyboard (RFC 8265 §3.3; XEP-0106 makes the space possible). */
const IN_NAMES = /^[\p{Ll}\p{Lu}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\x20-\x7e]$/u;
const LONGEST_USER_NAME = 340;

/** What is wrong with a user name that the server refuses, and which would do. */
export function nameAdvice(name: string): string {
  if (name.trim() === '') return 'Type at least one letter.';
  if ([...name].length > LONGEST_USER_NAME) return 'It is too long. Choose a shorter one.';
  const refused = [...new Set(name.normalize('NFC'))].filter((character) => !IN_NAMES.test(character) || isDisguise(character));
  const signs = refused.filter((character) => /[^\p{C}\p{Z}]/u.test(character)).slice(0, 5).join(' ');
  if (signs !== '') return `Leave out ${signs} – letters, digits, spaces and signs like ' - . _ can stand in a name.`;
  if (refused.length > 0) return 'It contains invisible characters. Type it anew instead of pasting it.';
  return 'This mix of letters can’t stand in one name, as Hebrew beside Latin.';
}

/** Such as ² and ﬁ, which look like other characters; full-width letters are read as the usual ones. */
function isDisguise(character: string): boolean {
  return character.normalize('NFKC') !== character && !/[\uff00-\uffef]/u.test(character);
}

/** What a person reads when a call is over: what happened, and what they can do. `whole` is the other person's name. */
export function endWords(reason: EndReason, whole: string, mediaError?: MediaErrorCode): Words {
  const name = brief(whole);
  switch (reason) {
    case 'hung-up': return { title: 'Call ended', advice: 'You hung up.' };
    case 'peer-hung-up': return { title: 'Call ended', advice: `${name} hung up.` };
    case 'cancelled': return { title: 'Call cancelled', advice: 'You hung up before an answer.' };
    case 'missed': return { title: 'Missed call', advice: `${name} stopped calling.` };
    case 'left': return { title: 'Signed out', advice: `${name} was calling. Your other devices go on ringing.` };
    case 'declined': return { title: 'Call declined', advice: `${name} can’t talk right now.` };
    case 'declined-here': return { title: 'Call declined', advice: `${name} has been told.` };
    case 'busy': return { title: 'Busy', advice: `${name} is in another call. Try again a little later.` };
    case 'no-answer': return { title: 'No answer', advice: `${name} didn’t pick up. They will see that you called.` };
    case 'not-connected':
      return { title: 'You are not connected', advice: 'There is no connection to the server right now. Call again once it is back.' };
    case 'peer-offline': return { title: `${name} is offline`, advice: 'Try again when they are online.' };
    case 'unknown-user': return { title: 'No such address', advice: 'Nobody can be reached there. Check the spelling and call again.' };
    case 'peer-gone': return { title: 'Call lost', advice: `${name}’s device went away. Call again to go on.` };
    case 'answered-elsewhere': return { title: 'Answered on another device', advice: 'The call goes on there.' };
    case 'declined-elsewhere': return { title: 'Declined on another device', advice: `${name} has been told.` };
    case 'moved-elsewhere': return { title: 'Call moved', advice: 'The call goes on elsewhere.' };
    case 'media-unavailable': return mediaWords(mediaError ?? 'unknown');
    case 'peer-media-unavailable':
      return { title: 'No sound from the other side', advice: `${name}’s microphone could not be used.` };
    case 'no-relay':
      return { title: 'Your address could not be hidden', advice: 'The server offers no relay now. Switch off “Hide my address” to call directly, or try again later.' };
    case 'connection-failed':
      return { title: 'The call could not connect', advice: 'A network on the way blocks calls, or the connection broke. Try again, or try another network.' };
    case 'incompatible':
      return { title: 'The apps don’t match', advice: `${name}’s app and this one could not agree on how to talk.` };
    case 'failed': return { title: 'Something went wrong', advice: 'The call ended with an error. Try again.' };
  }
}

export function mediaWords(code: MediaErrorCode): Words {
  switch (code) {
    case 'blocked':
      return { title: 'The microphone is blocked', advice: 'Allow the microphone for this site, in the address bar or in the browser’s settings, and call again.' };
    case 'no-microphone': return { title: 'No microphone found', advice: 'Plug one in or switch it on, and call again.' };
    case 'no-camera': return { title: 'No camera found', advice: 'The call goes on with sound only.' };
    case 'in-use':
      return { title: 'The microphone is in use', advice: 'Another app holds it. Close that app and call again.' };
    case 'unsupported':
    case 'unknown':
      return { title: 'The microphone could not be opened', advice: 'Check that it works in another app, and call again.' };
  }
}

/** Why there is no picture, in a call that goes on without. */
export function cameraWords(code: MediaErrorCode): string {
  switch (code) {
    case 'blocked': return 'Your camera is blocked in the browser. You are heard, but not seen.';
    case 'no-camera': return 'No camera found. You are heard, but not seen.';
    case 'in-use': return 'Another app is using your camera. You are heard, but not seen.';
    default: return 'Your camera could not be opened. You are heard, but not seen.';
  }
}

export function stateWords(state: CallState): string {
  switch (state) {
    case 'preparing': return 'Opening your microphone…';
    case 'calling': return 'Calling…';
    case 'ringing': return 'Ringing…';
    case 'incoming': return 'Incoming call';
    case 'connecting': return 'Connecting…';
    case 'active': return 'Connected';
    case 'interrupted': return 'Connection lost. Trying to get it back…';
    case 'ended': return 'Call ended';
  }
}

export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const pad = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** The same for ears: "4 minutes 5 seconds". */
export function spokenDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const some = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  return minutes > 0 ? `${some(minutes, 'minute')} ${some(seconds % 60, 'second')}` : some(seconds, 'second');
}
