/** What the page's address may ask for; see the README of client/web. */
export interface Parameters {
  readonly user: string | undefined;
  readonly autologin: boolean;
  readonly relayOnly: boolean;
  readonly noAnswerMs: number | undefined;
}

export function readParameters(search: string): Parameters {
  const parameters = new URLSearchParams(search);
  return {
    user: parameters.get('user')?.trim() || undefined,
    autologin: parameters.get('autologin') === '1',
    relayOnly: parameters.get('relay') === 'only',
    noAnswerMs: durationMs(parameters.get('no-answer-after')),
  };
}

function durationMs(text: string | null): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? '');
  if (!match) return undefined;
  const unitMs = { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
  return Number(match[1]) * unitMs;
}
