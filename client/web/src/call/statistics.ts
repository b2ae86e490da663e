/** How media travels: straight between the devices, or through a TURN server on either side. */
export type MediaPath = 'direct' | 'relayed' | 'unknown';

/** A small picture of a call for support and tests; counters are those of the W3C's webrtc-stats. */
export interface CallStatistics {
  readonly audio: {
    readonly packetsReceived: number;
    readonly totalAudioEnergy: number;
    readonly totalSamplesReceived: number;
    /** 0 to 1, of what is heard right now. */
    readonly audioLevel: number;
  };
  readonly video: { readonly packetsReceived: number; readonly framesDecoded: number; readonly frameWidth: number; readonly frameHeight: number };
  readonly pair?: {
    readonly local: { readonly type: string; readonly address?: string; readonly protocol?: string };
    readonly remote: { readonly type: string };
    readonly roundTripTimeMs?: number;
  };
}

type Entry = Record<string, unknown> & { readonly type: string };

export function readStatistics(report: RTCStatsReport): CallStatistics {
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => entries.push(entry));
  const inbound = (kind: string) => entries.find((entry) => entry.type === 'inbound-rtp' && entry['kind'] === kind);
  const audio = inbound('audio');
  const video = inbound('video');
  const pair = selectedPair(entries);
  return {
    audio: {
      packetsReceived: count(audio, 'packetsReceived'),
      totalAudioEnergy: count(audio, 'totalAudioEnergy'),
      totalSamplesReceived: count(audio, 'totalSamplesReceived'),
      audioLevel: count(audio, 'audioLevel'),
    },
    video: {
      packetsReceived: count(video, 'packetsReceived'),
      framesDecoded: count(video, 'framesDecoded'),
      frameWidth: count(video, 'frameWidth'),
      frameHeight: count(video, 'frameHeight'),
    },
    ...(pair && { pair }),
  };
}

export function pathOf({ pair }: CallStatistics): MediaPath {
  if (!pair) return 'unknown';
  return pair.local.type === 'relay' || pair.remote.type === 'relay' ? 'relayed' : 'direct';
}

/** What has been played out so far: the jitter buffer's own audio samples and the decoded frames. */
export function playedOut(report: RTCStatsReport): { readonly audio: boolean; readonly video: boolean } {
  let audio = false;
  let video = false;
  report.forEach((entry: Entry) => {
    if (entry.type !== 'inbound-rtp') return;
    // Samples made up to conceal a gap count as received before the first packet came; emitted ones do not.
    if (entry['kind'] === 'audio' && count(entry, 'jitterBufferEmittedCount') > count(entry, 'silentConcealedSamples')) audio = true;
    if (entry['kind'] === 'video' && count(entry, 'framesDecoded') > 0) video = true;
  });
  return { audio, video };
}

function selectedPair(entries: readonly Entry[]): CallStatistics['pair'] {
  const byId = new Map(entries.map((entry) => [entry['id'], entry]));
  const transport = entries.find((entry) => entry.type === 'transport' && entry['selectedCandidatePairId']);
  const pair = byId.get(transport?.['selectedCandidatePairId']);
  const local = byId.get(pair?.['localCandidateId']);
  const remote = byId.get(pair?.['remoteCandidateId']);
  if (!pair || !local || !remote) return undefined;
  const address = text(local, 'address');
  const protocol = text(local, 'protocol');
  const roundTripS = pair['currentRoundTripTime'];
  return {
    local: {
      type: text(local, 'candidateType') ?? 'unknown',
      ...(address !== undefined && { address }),
      ...(protocol !== undefined && { protocol }),
    },
    remote: { type: text(remote, 'candidateType') ?? 'unknown' },
    ...(typeof roundTripS === 'number' && { roundTripTimeMs: roundTripS * 1000 }),
  };
}

function count(entry: Entry | undefined, name: string): number {
  const value = entry?.[name];
  return typeof value === 'number' ? value : 0;
}

function text(entry: Entry, name: string): string | undefined {
  const value = entry[name];
  return typeof value === 'string' ? value : undefined;
}
