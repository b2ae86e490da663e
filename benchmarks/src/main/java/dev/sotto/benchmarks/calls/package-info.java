/** How long a person waits: call set-up as two real browsers see it. */
package dev.sotto.benchmarks.calls;
