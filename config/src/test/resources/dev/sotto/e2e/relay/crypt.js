// Encrypts and decrypts whole frames with a key that the relay does not have. AV1 has to stay a row of OBUs, so
// there the ciphertext is the content of one: a tile group without a size field.
const KEY = crypto.subtle.importKey('raw', new Uint8Array(16).fill(0x5a), 'AES-GCM', false, ['encrypt', 'decrypt']);
const NONCE_BYTES = 12;
const OBU_HEADER = 0x20; // OBU_FRAME would be parsed; type 4 (tile group) is passed as it is

function transform(encrypting, av1) {
  return new TransformStream({
    async transform(frame, controller) {
      const key = await KEY;
      const data = new Uint8Array(frame.data);
      if (encrypting) {
        const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
        const sealed = new Uint8Array(await crypto.subtle.encrypt({name: 'AES-GCM', iv}, key, data));
        const head = av1 ? 1 : 0;
        const out = new Uint8Array(head + NONCE_BYTES + sealed.length);
        if (av1) out[0] = OBU_HEADER;
        out.set(iv, head);
        out.set(sealed, head + NONCE_BYTES);
        frame.data = out.buffer;
        controller.enqueue(frame);
        return;
      }
      const body = av1 ? stripObu(data) : data;
      try {
        const iv = body.subarray(0, NONCE_BYTES);
        frame.data = await crypto.subtle.decrypt({name: 'AES-GCM', iv}, key, body.subarray(NONCE_BYTES));
        controller.enqueue(frame);
      } catch {
        self.failed = (self.failed ?? 0) + 1; // not decodable: the receiver asks for a key frame
      }
    },
  });
}

// The depacketizer may give the OBU a size field that it had not when it was sent.
function stripObu(data) {
  if ((data[0] & 0x02) === 0) return data.subarray(1);
  let at = 1;
  while (data[at] & 0x80) at++;
  return data.subarray(at + 1);
}

self.onrtctransform = ({transformer}) => {
  const {encrypting, av1} = transformer.options;
  transformer.readable.pipeThrough(transform(encrypting, av1)).pipeTo(transformer.writable);
};
