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
