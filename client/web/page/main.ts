import { AuthenticationError, type Call, type Client, connect } from '../src/sotto';
import { Attention } from './attention';
import { CallView } from './call-view';
import { exposeDiagnostics } from './diagnostics';
import { announce, h, wordmark } from './dom';
import { endedView } from './ended-view';
import { incomingView } from './incoming-view';
import { readParameters } from './parameters';
import { PeopleView } from './people-view';
import { fetchSignInInfo, forgetSession, keepSession, loadSession, type Session, signInForDevelopment, SignInError, type SignInInfo } from './session';
import { signInView } from './sign-in-view';
import { Ringer } from './sounds';
import { brief, endWords, type Words } from './words';

/** The page's one controller: which screen stands, and what a call in each state shows. */
class App {
  private readonly parameters = readParameters(location.search);
  private readonly root = element('#app');
  private readonly layer = element('#call-layer');
  private readonly ringer = new Ringer();
  private readonly attention = new Attention();
  private client: Client | undefined;
  private people: PeopleView | undefined;
  private lastCall: Call | undefined;
  private callView: CallView | undefined;
  private dialog: HTMLDialogElement | undefined;
  private relayOnly = this.parameters.relayOnly || localStorage.getItem('sotto.relay-only') === 'yes';

  async start(): Promise<void> {
    exposeDiagnostics(() => this.client, () => this.lastCall);
    const obstacle = whyNotHere();
    if (obstacle) return this.plain(obstacle);
    let info: SignInInfo;
    try {
      info = await fetchSignInInfo();
    } catch (error) {
      return this.plain(error instanceof SignInError ? error : { title: 'The page could not start', advice: 'Reload it to try again.' }, true);
    }
    window.addEventListener('pagehide', () => this.client?.close());
    window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
    window.addEventListener('online', () => this.client?.retryNow());
    const { user, autologin } = this.parameters;
    const kept = loadSession();
    if (kept) return this.signedIn(info, kept);
    if (info.development && autologin && user !== undefined) {
      try {
        return this.signedIn(info, await signInForDevelopment(user));
      } catch (error) {
        return this.signIn(info, error instanceof SignInError ? error : undefined);
      }
    }
    this.signIn(info);
  }

  private plain({ title, advice }: Words, retry = false): void {
    this.root.replaceChildren(h('main', { class: 'sign-in' }, h('div', { class: 'sign-in-card' }, wordmark(),
      h('div', { class: 'error', role: 'alert', testid: 'obstacle' }, h('strong', {}, title), h('span', {}, advice)),
      retry && h('button', { class: 'button primary', type: 'button', testid: 'reload', onclick: () => location.reload() }, 'Try again'))));
  }

  private signIn(info: SignInInfo, message?: Words): void {
    const view = signInView(info, { user: this.parameters.user, message }, (session) => this.signedIn(info, session));
    this.root.replaceChildren(view);
    view.querySelector<HTMLElement>('[data-testid="sign-in-submit"]')?.focus({ focusVisible: false } as FocusOptions);
  }

  private signedIn(info: SignInInfo, session: Session): void {
    keepSession(session);
    const url = new URL(info.webSocketPath, location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const { noAnswerMs } = this.parameters;
    const client = connect({ url: url.href, jid: session.jid, token: session.token, ...(noAnswerMs !== undefined && { noAnswerMs }) });
    this.client = client;
    const people = new PeopleView(client, {
      call: (jid, video) => this.place(jid, video),
      signOut: () => this.signOut(info),
      relayOnly: (on) => this.setRelayOnly(on),
    }, this.relayOnly);
    this.people = people;
    people.setConnection({ state: client.state });
    this.root.replaceChildren(people.element);
    people.focus();
    client.on('contacts', (contacts) => people.setContacts(contacts));
    client.on('missed', (missed) => people.addMissed(missed));
    client.on('connection', (change) => {
      people.setConnection(change);
      if (change.state === 'reconnecting') announce('The connection is lost. Trying again.');
      if (change.state === 'closed' && change.error) this.signOut(info, closedWords(change.error));
    });
    client.on('incoming', (call) => this.incoming(call));
    client.on('call', (call) => call?.direction === 'outgoing' && this.show(call));
  }

  private signOut(info: SignInInfo, message?: Words): void {
    forgetSession();
    this.client?.close();
    this.client = undefined;
    this.closeDialog();
    this.signIn(info, message);
  }

  private setRelayOnly(on: boolean): void {
    this.relayOnly = on;
    localStorage.setItem('sotto.relay-only', on ? 'yes' : 'no');
  }

  private place(jid: string, video: boolean): void {
    this.people?.say('');
    try {
      this.client?.call(jid, { video, relayOnly: this.relayOnly });
    } catch (error) {
      this.people?.say(`${error instanceof Error ? error.message : 'The call could not be placed'}.`);
    }
  }

  private incoming(call: Call): void {
    this.lastCall = call;
    const name = this.nameOf(call);
    const dialog = incomingView(call, name, (video) => call.answer({ video, relayOnly: this.relayOnly }));
    this.openDialog(dialog);
    dialog.focus();
    this.ringer.start('incoming');
    this.attention.start(`${brief(name)} is calling`);
    call.on('state', (state) => {
      if (state === 'incoming') return;
      this.ringer.stop();
      this.attention.stop();
      if (state === 'connecting' && !this.callView) this.show(call);
    });
    call.on('ended', () => !this.callView && this.ended(call));
  }

  private show(call: Call): void {
    this.lastCall = call;
    this.closeDialog();
    const view = new CallView(call, this.nameOf(call));
    this.callView = view;
    this.layer.replaceChildren(view.element);
    this.root.inert = true;
    view.element.focus({ focusVisible: false } as FocusOptions);
    call.on('state', (state) => {
      if (state === 'ringing') this.ringer.start('outgoing');
      else this.ringer.stop();
    });
    call.on('ended', () => this.ended(call));
  }

  private ended(call: Call): void {
    this.ringer.stop();
    this.callView?.close();
    this.callView = undefined;
    this.root.inert = false;
    const { ended: end } = call;
    if (!end || !this.client) return this.closeDialog();
    const name = this.nameOf(call);
    const { title, advice } = endWords(end.reason, name, call.mediaError?.code);
    announce(`${title}. ${advice}`);
    const again = () => {
      this.closeDialog();
      this.place(call.peer, call.media.includes('video'));
    };
    const close = () => {
      this.closeDialog();
      // A call that came in may have found the focus elsewhere, and the dialogs gave it back.
      if (document.activeElement === document.body) this.people?.focusCallButton(call.peer, call.media.includes('video'));
    };
    this.openDialog(endedView(call, end, name, again, close));
  }

  private nameOf(call: Call): string {
    return this.client?.nameOf(call.peer) ?? call.peer;
  }

  private openDialog(dialog: HTMLDialogElement): void {
    this.closeDialog();
    this.dialog = dialog;
    document.body.append(dialog);
    dialog.showModal();
  }

  private closeDialog(): void {
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = undefined;
  }
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

function whyNotHere(): Words | undefined {
  if (!window.isSecureContext) {
    return { title: 'This page must be opened over HTTPS', advice: 'Browsers give microphones only to secure pages. Use the https:// address, or localhost.' };
  }
  if (typeof RTCPeerConnection === 'undefined' || !('mediaDevices' in navigator)) {
    return { title: 'This browser can’t place calls', advice: 'It has no WebRTC. Use a current Firefox, Chrome, Edge or Safari.' };
  }
  return undefined;
}

function closedWords(error: Error): Words {
  if (error instanceof AuthenticationError) {
    return { title: 'Your sign-in is no longer valid', advice: 'It may have expired or been revoked. Sign in again.' };
  }
  return { title: 'The server ended the connection', advice: 'You may have signed in elsewhere. Sign in again to go on here.' };
}

void new App().start();
