package dev.sotto.config.cli;

import dev.sotto.config.roles.RoleFactory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What commands get from the process around them, so that a test can be that process.
 *
 * @param home the folder that relative file names of settings count from
 */
public record Host(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path home,
    Clock clock,
    RoleFactory roles,
    ProcessSignals signals) {}
