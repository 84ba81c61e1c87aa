/**
 * The command {@code jadi-scopes}, which {@code mpirun --topology} runs, and which mpirun asks for the layout of ranks.
 *
 * <p>Main types: {@link org.jadi.scopes.command.JadiScopes}, the entry; {@link org.jadi.scopes.command.TreePicture} and
 * {@link org.jadi.scopes.command.SvgPicture}, which show a machine and who holds what of it. One thread.
 */
package org.jadi.scopes.command;
