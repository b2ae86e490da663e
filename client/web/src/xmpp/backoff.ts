/**
 * Waiting times before a new attempt, in ms: exponential from 0.5 s to 30 s, each drawn from the upper half of its
 * range, so that the clients of a server that restarted do not return in one wave.
 */
export class Backoff {
  private attempt = 0;

  constructor(
    private readonly random: () => number = Math.random,
    private readonly firstMs = 500,
    private readonly maxMs = 30_000,
  ) {}

  nextMs(): number {
    const ceilingMs = Math.min(this.maxMs, this.firstMs * 2 ** this.attempt);
    this.attempt++;
    return ceilingMs / 2 + (this.random() * ceilingMs) / 2;
  }

  reset(): void {
    this.attempt = 0;
  }
}
