/**
 * The composition root: reads settings, joins the modules through the interfaces that they own, and
 * starts the roles that the command line names. No protocol logic.
 */
package dev.sotto.config;
