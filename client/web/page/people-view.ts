import type { Client, ConnectionChange, Contact, MissedCall } from '../src/sotto';
import { bareJid, domainOf, localpartOf, unescapeLocalpart } from '../src/xmpp/jid';
import { avatar, h, icon, wordmark } from './dom';

export interface PeopleActions {
  readonly call: (jid: string, video: boolean) => void;
  readonly signOut: () => void;
  readonly relayOnly: (on: boolean) => void;
}

/** Who can be called: the list with presence, an address field, missed calls of this tab, and settings. */
export class PeopleView {
  private readonly list = h('ul', { class: 'contacts', testid: 'people', 'aria-label': 'People' });
  private readonly count = h('span', { class: 'soft', 'aria-live': 'polite' });
  private readonly search = h('input', {
    class: 'input', type: 'search', testid: 'search', placeholder: 'Search, or type an address', autocomplete: 'off',
    autocapitalize: 'none', spellcheck: 'false', 'aria-label': 'Search people, or type an address to call',
    oninput: () => {
      this.say('');
      this.render();
    },
  });
  private readonly title = h('h2', { id: 'people-title', tabindex: -1 }, 'People');
  private readonly notice = h('p', { class: 'notice', testid: 'notice', role: 'alert', hidden: true });
  private readonly connection = h('div', { class: 'connection', role: 'status', testid: 'connection', hidden: true });
  private readonly missedList = h('ul', { class: 'history', testid: 'missed' });
  private readonly missedPanel = h('section', { class: 'panel', 'aria-label': 'Missed calls', hidden: true },
    h('h3', {}, 'Missed calls'), this.missedList);
  private contacts: readonly Contact[] = [];
  private pressed: HTMLElement | undefined;
  readonly element: HTMLElement;

  constructor(
    private readonly client: Client,
    private readonly actions: PeopleActions,
    relayOnly: boolean,
  ) {
    this.element = this.build(relayOnly);
    this.render();
  }

  setContacts(contacts: readonly Contact[]): void {
    this.contacts = contacts;
    this.render();
  }

  setConnection({ state, retryInMs }: ConnectionChange): void {
    this.element.dataset['connection'] = state;
    this.connection.hidden = state === 'online';
    if (state === 'connecting') this.connection.replaceChildren('Connecting…');
    else if (state === 'reconnecting') {
      const seconds = Math.max(1, Math.round((retryInMs ?? 0) / 1000));
      this.connection.replaceChildren(
        `The connection is lost. Trying again in ${seconds} s.`,
        h('button', { class: 'button', type: 'button', testid: 'retry', onclick: () => this.client.retryNow() }, 'Try now'),
      );
    }
    this.render();
  }

  /** Says why something could not be done, until the next try. */
  say(text: string): void {
    this.notice.textContent = text;
    this.notice.hidden = text === '';
    if (text !== '') this.notice.scrollIntoView?.({ block: 'nearest' });
  }

  /** Where a keyboard begins, and no screen keyboard opens. */
  focus(): void {
    this.title.focus({ focusVisible: false } as FocusOptions);
  }

  /** After a call: the button that began it, or one that calls the same person. Presence may have drawn it anew. */
  focusCallButton(jid: string, video: boolean): void {
    const { pressed } = this;
    const began = pressed?.isConnected && pressed.dataset['jid'] === jid ? pressed : this.findCallButton(jid, video);
    if (began) began.focus();
    else this.focus();
  }

  addMissed(missed: MissedCall): void {
    const name = this.client.nameOf(missed.jid);
    const kind = missed.media.includes('video') ? 'Video call' : 'Voice call';
    const at = missed.at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    this.missedList.prepend(h(
      'li',
      { testid: 'missed-call', 'data-jid': missed.jid },
      icon('missed'),
      h('span', { class: 'contact-who', title: missed.jid }, h('div', { class: 'contact-name', title: name }, name), h('div', { class: 'soft' }, `${kind}, ${at}`)),
      this.callButton(missed.jid, name, missed.media.includes('video')),
    ));
    this.missedPanel.hidden = false;
  }

  private build(relayOnly: boolean): HTMLElement {
    const jid = bareJid(this.client.jid);
    const name = this.client.nameOf(jid);
    return h(
      'div',
      { class: 'home' },
      h(
        'header',
        { class: 'top' },
        h('h1', { class: 'wordmark' }, wordmark()),
        h('div', { class: 'me' }, avatar(name, jid), h('span', { class: 'me-name', testid: 'me', title: jid }, name),
          h('button', { class: 'button quiet', type: 'button', testid: 'sign-out', onclick: this.actions.signOut }, 'Sign out')),
      ),
      this.connection,
      h(
        'main',
        { class: 'columns' },
        h('section', { 'aria-labelledby': 'people-title' },
          h('div', { class: 'people-head' }, this.title, this.count),
          h('div', { class: 'search' }, icon('search'), this.search), this.notice, this.list),
        h('aside', { class: 'side', 'aria-label': 'Calls and settings' }, this.missedPanel, this.settings(relayOnly),
          h('section', { class: 'panel', 'aria-label': 'Your address' }, h('h3', {}, 'Your address'),
            h('p', { class: 'address', testid: 'my-address' }, jid),
            h('p', { class: 'soft' }, 'Keep this page open to be called.'))),
      ),
    );
  }

  private settings(relayOnly: boolean): HTMLElement {
    const relay = h('input', {
      type: 'checkbox', role: 'switch', testid: 'relay-only', checked: relayOnly,
      onchange: () => this.actions.relayOnly(relay.checked),
    });
    const panel = h('section', { class: 'panel', 'aria-label': 'Settings' }, h('h3', {}, 'Settings'),
      h('label', { class: 'switch' }, relay, h('span', {}, h('strong', {}, 'Hide my address'),
        h('small', {}, 'Calls go through the server’s relay, so the other side never learns your network address.'))));
    if ('Notification' in window && Notification.permission === 'default') {
      const notify = h('button', { class: 'button quiet', type: 'button', testid: 'notify', onclick: () => {
        void Notification.requestPermission().then(() => notify.remove());
      } }, 'Notify me of calls');
      panel.append(notify);
    }
    return panel;
  }

  private render(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const found = this.contacts.filter(({ jid, name }) => `${name} ${jid}`.toLowerCase().includes(wanted));
    const online = this.contacts.filter((contact) => contact.online).length;
    this.count.textContent = this.client.state === 'online' ? `${online} online` : '';
    const rows = found.map((contact) => this.row(contact));
    const typed = this.typedAddress(wanted);
    if (typed !== undefined && !found.some((contact) => contact.jid === typed)) rows.push(this.addressRow(typed));
    if (this.isMe(wanted)) rows.push(h('li', { class: 'empty', testid: 'own-address' }, 'This is your own address.'));
    if (rows.length === 0) rows.push(h('li', { class: 'empty' }, this.emptyWords(wanted)));
    const focused = document.activeElement instanceof HTMLElement && this.list.contains(document.activeElement)
      ? document.activeElement.dataset : undefined;
    this.list.replaceChildren(...rows);
    // Presence changes while people tab through the list; they should not be thrown out of it.
    if (focused) this.findCallButton(focused['jid'] ?? '', focused['testid'] === 'call-video')?.focus();
  }

  private findCallButton(jid: string, video: boolean): HTMLElement | undefined {
    const buttons = this.list.querySelectorAll<HTMLElement>(`[data-testid="call-${video ? 'video' : 'audio'}"]`);
    return [...buttons].find((button) => button.dataset['jid'] === jid);
  }

  private emptyWords(wanted: string): string {
    if (wanted !== '') return 'Nobody by that name. Type a whole address, like ada@example.org, to call it.';
    return this.client.state === 'online'
      ? 'Nobody else is here yet. Open this page in another tab or on another device, and sign in as someone else.'
      : 'Waiting for the server…';
  }

  private typedAddress(wanted: string): string | undefined {
    if (this.isMe(wanted)) return undefined;
    if (/^[^@/\s]+@[^@/\s]+$/.test(wanted)) return wanted;
    return /^[^@/\s]{2,}$/.test(wanted) ? `${wanted}@${domainOf(this.client.jid)}` : undefined;
  }

  private isMe(wanted: string): boolean {
    const me = bareJid(this.client.jid).toLowerCase();
    return wanted === me || wanted === localpartOf(me) || wanted === unescapeLocalpart(localpartOf(me));
  }

  private row({ jid, name, online }: Contact): HTMLElement {
    const absent = this.client.state === 'online' ? 'Offline' : 'Not known while the connection is lost';
    return h(
      'li',
      { class: 'contact', testid: 'contact', 'data-jid': jid, 'data-online': String(online) },
      avatar(name, jid),
      h('div', { class: 'contact-who', title: jid }, h('div', { class: 'contact-name', title: name }, name),
        h('div', { class: 'contact-status' }, online ? 'Online' : absent)),
      this.callButton(jid, name, false),
      this.callButton(jid, name, true),
    );
  }

  private addressRow(jid: string): HTMLElement {
    return h('li', { class: 'contact', testid: 'dial', 'data-jid': jid },
      h('div', { class: 'contact-who' }, h('div', { class: 'contact-name' }, 'Call this address'), h('div', { class: 'soft', title: jid }, jid)),
      this.callButton(jid, jid, false), this.callButton(jid, jid, true));
  }

  private callButton(jid: string, name: string, video: boolean): HTMLElement {
    const label = video ? `Video call ${name}` : `Call ${name}`;
    const button = h('button', {
      class: 'round', type: 'button', testid: video ? 'call-video' : 'call-audio', 'data-jid': jid, 'aria-label': label, title: label,
      onclick: () => {
        this.pressed = button;
        this.actions.call(jid, video);
      },
    }, icon(video ? 'video' : 'phone'));
    return button;
  }
}
