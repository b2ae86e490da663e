/**
 * Nanoseconds and bytes of heap of the small things that a relay does for every packet, by JMH.
 * Classes whose name ends in Benchmark are what JMH runs, in a fresh JVM each; {@link
 * dev.sotto.benchmarks.micro.MicroBenchmarks} makes them a report.
 */
package dev.sotto.benchmarks.micro;
