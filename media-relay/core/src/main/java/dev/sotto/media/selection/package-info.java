/**
 * Which packets of a source a receiver gets, and as what: {@link
 * dev.sotto.media.selection.SlotProjection} projects the encodings and layers of a source into one
 * outgoing stream (a receive slot), from RTP header fields and the Dependency Descriptor alone. No
 * payload, no bytes of packets, no bit rates: what is affordable is the allocator's to say.
 */
package dev.sotto.media.selection;
