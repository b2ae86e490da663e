import type { Call, CallStatistics, CallTimings, Client } from '../src/sotto';

/**
 * `window.sotto`: what a support person asks for in the console, and what tests read. It looks and never acts. The
 * last call stays readable after its end.
 */
export interface Diagnostics {
  readonly jid: string | undefined;
  readonly connection: string;
  readonly contacts: readonly { readonly jid: string; readonly online: boolean }[];
  readonly call: {
    readonly id: string;
    readonly peer: string;
    readonly direction: string;
    readonly state: string;
    readonly relayOnly: boolean;
    readonly end: string | undefined;
  } | undefined;
  timings(): CallTimings | undefined;
  stats(): Promise<CallStatistics | undefined>;
  path(): Promise<string>;
}

declare global {
  interface Window {
    readonly sotto: Diagnostics;
  }
}

export function exposeDiagnostics(client: () => Client | undefined, call: () => Call | undefined): void {
  const diagnostics: Diagnostics = {
    get jid() { return client()?.jid; },
    get connection() { return client()?.state ?? 'signed-out'; },
    get contacts() { return (client()?.contacts ?? []).map(({ jid, online }) => ({ jid, online })); },
    get call() {
      const current = call();
      if (!current) return undefined;
      const { id, peer, direction, state, isRelayOnly } = current;
      return { id, peer, direction, state, relayOnly: isRelayOnly, end: current.ended?.reason };
    },
    timings: () => call()?.timings(),
    stats: async () => call()?.stats(),
    path: async () => (await call()?.path()) ?? 'unknown',
  };
  Object.defineProperty(window, 'sotto', { value: Object.freeze(diagnostics) });
}
