/** Draws the eye to a ringing tab: the title alternates, and a notification appears when it is in the background. */
export class Attention {
  private timer: ReturnType<typeof setInterval> | undefined;
  private notification: Notification | undefined;
  private readonly title = document.title;

  start(text: string): void {
    this.stop();
    let shown = false;
    const flip = () => {
      shown = !shown;
      document.title = shown ? text : this.title;
    };
    flip();
    this.timer = setInterval(flip, 1000);
    if (document.hidden && 'Notification' in window && Notification.permission === 'granted') {
      try {
        this.notification = new Notification(text, { tag: 'sotto-call', requireInteraction: true });
        this.notification.onclick = () => window.focus();
      } catch {
        // Chrome on Android knows notifications from service workers only; ringing and the title remain.
      }
    }
  }

  stop(): void {
    clearInterval(this.timer);
    this.notification?.close();
    this.notification = undefined;
    document.title = this.title;
  }
}
