/** What tests of packets share: bytes in native memory, recorded packets, heap use. */
package dev.sotto.media.rtp.testkit;
