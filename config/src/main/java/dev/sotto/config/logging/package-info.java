/** Log lines on standard error: one line a record, as text or as JSON. */
package dev.sotto.config.logging;
