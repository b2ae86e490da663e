package dev.sotto.media.dd;

/** What came of reading a descriptor; the owner counts by it. */
public enum DescriptorResult {
  PARSED,
  /** Shorter than its fields need. */
  TRUNCATED,
  /** A structure or list beyond what an encoder can mean. */
  MALFORMED,
  /** Its structure has not arrived, or not yet: a key frame's first packet is missing. */
  UNKNOWN_TEMPLATE
}
