import type { Direction } from './sdp';

export type Role = 'initiator' | 'responder';
export type Senders = 'both' | 'initiator' | 'responder' | 'none';

/** XEP-0166 §7.3 names senders by role; SDP names a direction as seen by the one who speaks. */
export function sendersOf(direction: Direction, speaker: Role): Senders {
  const other = otherRole(speaker);
  switch (direction) {
    case 'sendrecv': return 'both';
    case 'sendonly': return speaker;
    case 'recvonly': return other;
    case 'inactive': return 'none';
  }
}

export function directionOf(senders: string | undefined, speaker: Role): Direction {
  switch (senders) {
    case 'none': return 'inactive';
    case 'initiator':
    case 'responder': return senders === speaker ? 'sendonly' : 'recvonly';
    default: return 'sendrecv';
  }
}

export function otherRole(role: Role): Role {
  return role === 'initiator' ? 'responder' : 'initiator';
}
