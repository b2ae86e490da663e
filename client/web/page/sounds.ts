/** A note of the ring: when it starts and what it is, in seconds and hertz. */
type Note = readonly [atS: number, frequencyHz: number];

// Two soft falling thirds for a call that comes in; one low pulse while the other side rings.
const INCOMING: readonly Note[] = [[0, 659.3], [0.22, 523.3], [0.7, 659.3], [0.92, 523.3]];
const OUTGOING: readonly Note[] = [[0, 392], [0.12, 392]];

/** Rings by WebAudio until stopped. Where the browser allows no sound yet, it stays silent rather than failing. */
export class Ringer {
  private context: AudioContext | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  start(kind: 'incoming' | 'outgoing'): void {
    this.stop();
    const [notes, periodMs, loudness] = kind === 'incoming' ? [INCOMING, 2600, 0.16] as const : [OUTGOING, 3200, 0.05] as const;
    const context = new AudioContext();
    this.context = context;
    const ring = () => {
      for (const [atS, frequencyHz] of notes) play(context, context.currentTime + atS, frequencyHz, loudness);
    };
    ring();
    this.timer = setInterval(ring, periodMs);
    // Browsers refuse, and say so in the console, before the person has touched the page.
    if (kind === 'incoming' && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 150, 200]);
  }

  stop(): void {
    clearInterval(this.timer);
    void this.context?.close();
    this.context = undefined;
  }
}

function play(context: AudioContext, atS: number, frequencyHz: number, loudness: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = 'sine';
  oscillator.frequency.value = frequencyHz;
  gain.gain.setValueAtTime(0, atS);
  gain.gain.linearRampToValueAtTime(loudness, atS + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, atS + 0.5);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(atS);
  oscillator.stop(atS + 0.55);
}
