/** What carries the frames of RFC 7395: a WebSocket, or in tests two ends in memory. */
export interface Transport {
  onOpen: () => void;
  onMessage: (text: string) => void;
  onClose: () => void;
  send(text: string): void;
  close(): void;
}

export type TransportFactory = (url: string) => Transport;

/** A WebSocket with the subprotocol `xmpp` (RFC 7395 §3.1). */
export const webSocketTransport: TransportFactory = (url) => {
  const socket = new WebSocket(url, 'xmpp');
  const transport: Transport = {
    onOpen: () => undefined,
    onMessage: () => undefined,
    onClose: () => undefined,
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
  socket.onopen = () => transport.onOpen();
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string') transport.onMessage(event.data);
    // RFC 7395 §3.2: data frames are text.
    else socket.close();
  };
  socket.onclose = () => transport.onClose();
  return transport;
};
