/** What a worker counts: one writer, any reader, no locks. Names end up in metrics. */
package dev.sotto.relay.statistics;
