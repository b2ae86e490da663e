/** The roles that a process runs, and where they are joined through each other's interfaces. */
package dev.sotto.config.roles;
