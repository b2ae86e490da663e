import type { Peer } from './peer';
import { playedOut } from './statistics';

export const MARKS = [
  'proposeSent', 'proposeReceived', 'ringingReceived', 'acceptPressed', 'proceedReceived', 'connected', 'firstAudio',
  'firstVideo',
] as const;
export type Mark = (typeof MARKS)[number];

/** `performance.now()` in ms of the moments of a call that have come; `origin` turns them into wall-clock time. */
export type CallTimings = Readonly<Partial<Record<Mark, number>>> & { readonly origin: number };

/** Keeps the first time of each mark. */
export class Stopwatch {
  private readonly marks: Partial<Record<Mark, number>> = {};

  mark(name: Mark): void {
    this.marks[name] ??= performance.now();
  }

  has(name: Mark): boolean {
    return this.marks[name] !== undefined;
  }

  read(): CallTimings {
    return { ...this.marks, origin: performance.timeOrigin };
  }
}

/** How often frames are looked for: a mark is only as good as the look is frequent. */
const LOOK_EVERY_MS = 25;
const LOOK_NO_LONGER_THAN_MS = 20_000;

/** Marks the first sound and, where there is video, the first picture that are played; the result stops looking. */
export function markFirstFrames(peer: Peer, hasVideo: boolean, watch: Stopwatch): () => void {
  const startedMs = performance.now();
  const stop = () => clearInterval(timer);
  const timer = setInterval(() => {
    if (performance.now() - startedMs > LOOK_NO_LONGER_THAN_MS) stop();
    void peer.statistics().then((report) => {
      const played = playedOut(report);
      if (played.audio) watch.mark('firstAudio');
      if (played.video) watch.mark('firstVideo');
      if (played.audio && (played.video || !hasVideo)) stop();
    });
  }, LOOK_EVERY_MS);
  return stop;
}
