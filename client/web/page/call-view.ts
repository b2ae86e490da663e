import { type Call, MediaError, type MediaPath } from '../src/sotto';
import { announce, avatar, h, icon, type IconName } from './dom';
import { brief, cameraWords, duration, stateWords } from './words';

const PATHS: Readonly<Record<Exclude<MediaPath, 'unknown'>, { label: string; icon: IconName; tip: string }>> = {
  direct: { label: 'Direct', icon: 'direct', tip: 'Sound and picture go straight between the two devices.' },
  relayed: { label: 'Relayed', icon: 'relayed', tip: 'Sound and picture go through a relay, which can not read them. It hides your network addresses from each other.' },
};

/** The call while it is set up and while it runs. */
export class CallView {
  private readonly remote = h('video', { class: 'remote-video', testid: 'remote-video', autoplay: true, playsinline: true, 'aria-label': 'The other side' });
  private readonly self = h('video', { class: 'self-view', testid: 'self-view', autoplay: true, playsinline: true, hidden: true, 'aria-label': 'You' });
  private readonly state = h('span', { testid: 'call-state' });
  private readonly bigState = h('div', { class: 'big-state', 'aria-hidden': 'true' });
  private readonly time = h('span', { testid: 'call-duration', role: 'timer' });
  private readonly path = h('span', { class: 'badge', testid: 'call-path', tabindex: 0, hidden: true });
  private readonly notice = h('div', { class: 'call-notice', testid: 'call-notice', role: 'status', hidden: true });
  private readonly portrait: HTMLElement;
  private readonly mute = this.control('mute', 'M', () => this.toggleMute());
  private readonly camera = this.control('camera', 'V', () => void this.toggleCamera());
  private readonly removers: (() => void)[] = [];
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private soundBlocked = false;
  private cameraProblem: string | undefined;
  readonly element: HTMLElement;

  constructor(
    private readonly call: Call,
    private readonly name: string,
  ) {
    this.self.muted = true;
    this.portrait = h('div', { class: 'portrait' }, avatar(name, call.peer), h('div', { class: 'big-name', title: name, 'aria-hidden': 'true' }, name), this.bigState);
    this.element = this.build();
    this.removers.push(
      call.on('state', () => this.render()),
      call.on('local', () => this.render()),
      call.on('remote', (stream) => this.showRemote(stream)),
    );
    this.timers.push(setInterval(() => this.tick(), 500), setInterval(() => void this.look(), 300));
    document.addEventListener('keydown', this.keydown);
    this.removers.push(() => document.removeEventListener('keydown', this.keydown));
    this.render();
  }

  close(): void {
    for (const remove of this.removers) remove();
    for (const timer of this.timers) clearInterval(timer);
    this.remote.srcObject = null;
    this.self.srcObject = null;
    this.element.remove();
  }

  private build(): HTMLElement {
    const hangUp = h('button', { class: 'control hang-up', type: 'button', testid: 'hang-up', onclick: () => this.call.hangup() },
      h('span', { class: 'control-face' }, icon('hang-up')), 'Hang up');
    return h(
      'section',
      { class: 'call', testid: 'call', tabindex: -1, 'aria-label': `Call with ${this.name}` },
      this.remote,
      h('header', { class: 'call-head' },
        h('div', { class: 'call-title' }, h('h2', { testid: 'call-name', title: this.name }, this.name), h('div', { class: 'call-line' }, this.state, this.time)),
        this.path),
      h('div', { class: 'call-centre' }, this.portrait, this.notice),
      this.self,
      h('div', { class: 'controls', role: 'toolbar', 'aria-label': 'Call controls' }, this.mute, this.camera, hangUp),
    );
  }

  private control(name: string, key: string, action: () => void): HTMLButtonElement {
    return h('button', { class: 'control', type: 'button', testid: name, 'aria-keyshortcuts': key, onclick: action });
  }

  private readonly keydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.key.toLowerCase() === 'm') this.toggleMute();
    else if (event.key.toLowerCase() === 'v' && !this.camera.hidden) void this.toggleCamera();
  };

  private toggleMute(): void {
    this.call.setMuted(!this.call.muted);
    announce(this.call.muted ? 'Your microphone is off' : 'Your microphone is on');
  }

  private async toggleCamera(): Promise<void> {
    if (this.camera.disabled) return;
    this.camera.disabled = true;
    this.cameraProblem = undefined;
    try {
      await this.call.setCamera(!this.call.cameraOn);
      announce(this.call.cameraOn ? 'Your camera is on' : 'Your camera is off');
    } catch (error) {
      this.cameraProblem = cameraWords(error instanceof MediaError ? error.code : 'unknown');
    } finally {
      this.camera.disabled = false;
      this.render();
    }
  }

  private showRemote(stream: MediaStream): void {
    if (this.remote.srcObject !== stream) {
      this.remote.srcObject = stream;
      this.remote.play().then(() => (this.soundBlocked = false), (error: unknown) => {
        // A new stream interrupts the first play(); only a refusal needs the person's help.
        this.soundBlocked = error instanceof DOMException && error.name === 'NotAllowedError';
        this.render();
      });
    }
    this.render();
  }

  private render(): void {
    const { call } = this;
    const words = stateWords(call.state);
    const changed = this.element.dataset['state'] !== call.state;
    this.element.dataset['state'] = call.state;
    this.element.dataset['picture'] = String(call.remoteVideoFlows);
    this.element.dataset['remoteMuted'] = String(call.remoteMuted.audio);
    this.state.textContent = call.state === 'active' ? '' : words;
    if (changed) announce(`${words} ${this.name}`);
    this.face(this.mute, call.muted, call.muted ? 'mic-off' : 'mic', call.muted ? 'Unmute' : 'Mute', 'M');
    const withVideo = call.hasVideo;
    this.camera.hidden = !withVideo;
    this.face(this.camera, !call.cameraOn, call.cameraOn ? 'video' : 'video-off', call.cameraOn ? 'Camera off' : 'Camera on', 'V');
    this.self.hidden = !call.cameraOn;
    if (call.localStream && this.self.srcObject !== call.localStream) this.self.srcObject = call.localStream;
    this.renderNotice();
    this.tick();
  }

  private face(button: HTMLButtonElement, pressed: boolean, name: IconName, label: string, key: string): void {
    button.setAttribute('aria-pressed', String(pressed));
    button.replaceChildren(h('span', { class: 'control-face' }, icon(name)), h('span', {}, label, h('span', { class: 'hint', 'aria-hidden': 'true' }, ` · ${key}`)));
  }

  private renderNotice(): void {
    const { call } = this;
    const problem = this.cameraProblem ?? (call.cameraError && cameraWords(call.cameraError.code));
    const muted = call.remoteMuted.audio ? `${brief(this.name)}’s microphone is off.` : undefined;
    // A promise about a call to come: once it runs, its badge tells, and when it is lost there is nothing to promise.
    const isToCome = call.state !== 'active' && call.state !== 'interrupted';
    const relay = call.isRelayOnly && isToCome ? 'Your network address stays hidden in this call.' : undefined;
    const soundOnly = call.state === 'active' && call.media.includes('video') && !call.hasVideo
      ? `${brief(this.name)}’s app takes sound only. Your camera is off.` : undefined;
    const text = problem ?? soundOnly ?? muted ?? relay;
    this.notice.hidden = text === undefined && !this.soundBlocked;
    if (this.soundBlocked) {
      this.notice.replaceChildren(h('button', { class: 'button', type: 'button', testid: 'unblock-sound', onclick: () => {
        void this.remote.play().then(() => { this.soundBlocked = false; this.render(); });
      } }, 'Turn the sound on'));
    } else if (this.notice.textContent !== text) this.notice.replaceChildren(text ?? '');
  }

  private tick(): void {
    const running = this.call.state === 'active' || this.call.state === 'interrupted';
    this.time.textContent = running ? duration(this.call.durationMs) : '';
    this.bigState.textContent = this.call.state === 'active' ? this.time.textContent : stateWords(this.call.state);
  }

  /** Keeps the path badge and the ring around a speaker true. */
  private async look(): Promise<void> {
    if (this.call.state !== 'active') return;
    const path = await this.call.path();
    if (path !== 'unknown' && this.path.dataset['path'] !== path) {
      const { label, icon: name, tip } = PATHS[path];
      this.path.dataset['path'] = path;
      this.path.title = tip;
      this.path.setAttribute('aria-label', `${label}. ${tip}`);
      this.path.replaceChildren(icon(name), label);
      this.path.hidden = false;
    }
    if (!this.call.remoteVideoFlows) {
      const { audio } = await this.call.stats();
      this.portrait.style.setProperty('--level', String(Math.min(1, audio.audioLevel * 2.5)));
    }
  }
}
