import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PeopleView } from '../page/people-view';
import { type Device, MemoryServer, signIn } from './harness';

let server: MemoryServer;
let ada: Device;
let view: PeopleView;
const call = vi.fn();

const find = (id: string, jid?: string) =>
  view.element.querySelector<HTMLElement>(`[data-testid="${id}"]${jid === undefined ? '' : `[data-jid="${jid}"]`}`);
const search = (text: string) => {
  const field = find('search') as HTMLInputElement;
  field.value = text;
  field.dispatchEvent(new Event('input'));
};

beforeEach(async () => {
  vi.useFakeTimers();
  server = new MemoryServer();
  server.users.add('ada lovelace').add('adam');
  ada = signIn(server, 'ada\\20lovelace');
  await vi.advanceTimersByTimeAsync(100);
  view = new PeopleView(ada.client, { call, signOut: vi.fn(), relayOnly: vi.fn() }, false);
  document.body.replaceChildren(view.element);
  view.setContacts(ada.client.contacts);
});

afterEach(() => {
  ada.client.close();
  vi.useRealTimers();
});

describe('what is typed into the search field', () => {
  it.each(['ada lovelace', 'Ada Lovelace', 'ada\\20lovelace', 'ada\\20lovelace@example.org'])('is not offered when it is one’s own: %s', (text) => {
    search(text);
    expect(find('dial')).toBeNull();
    expect(find('own-address')?.textContent).toBe('This is your own address.');
  });

  it.each([['adam2', 'adam2@example.org'], ['bob@example.net', 'bob@example.net']])('is offered as an address: %s', (text, jid) => {
    search(text);
    expect(find('dial', jid)).not.toBeNull();
    expect(find('own-address')).toBeNull();
  });
});

describe('a notice', () => {
  it('stands until something else is typed', () => {
    expect(find('notice')?.hidden).toBe(true);
    view.say('A call is going on.');
    expect([find('notice')?.hidden, find('notice')?.textContent]).toEqual([false, 'A call is going on.']);
    search('x');
    expect(find('notice')?.hidden).toBe(true);
  });
});

describe('the focus', () => {
  it('begins at the heading', () => {
    view.focus();
    expect(document.activeElement?.textContent).toBe('People');
  });

  it('goes back to the button that began the call, however often the list was drawn since', () => {
    find('call-video', 'adam@example.org')?.click();
    view.setContacts(ada.client.contacts);
    view.focusCallButton('adam@example.org', true);
    expect(document.activeElement).toBe(find('call-video', 'adam@example.org'));
  });

  it('goes back to the missed call that was called back', () => {
    view.addMissed({ id: 'x', jid: 'adam@example.org', media: ['audio'], at: new Date(0) });
    const button = find('missed-call')?.querySelector('button');
    button?.click();
    view.focusCallButton('adam@example.org', false);
    expect(button && document.activeElement).toBe(button);
  });

  it('goes to the heading when nothing calls that person', () => {
    view.focusCallButton('nobody@example.org', false);
    expect(document.activeElement?.textContent).toBe('People');
  });

  it('stays on a row while presence changes', () => {
    find('call-audio', 'adam@example.org')?.focus();
    view.setContacts(ada.client.contacts.map((contact) => ({ ...contact, online: true })));
    expect(document.activeElement).toBe(find('call-audio', 'adam@example.org'));
  });
});
