/**
 * Reconcile functions: read what is there, ask the blueprint what should be, apply the difference, report in the status. No thread, no
 * loop and no cache may come in, so they fit any operator framework or a plain {@code main}.
 */
@NullMarked
package io.opencrane.k8s.reconcile;

import org.jspecify.annotations.NullMarked;
