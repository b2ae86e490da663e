/** The one shape of every benchmark's result: report.json for machines, report.html for people. */
package dev.sotto.benchmarks.report;
