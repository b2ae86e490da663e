/** Measurements against peers, and their report. Nothing here ships in the server. */
package dev.sotto.benchmarks;
