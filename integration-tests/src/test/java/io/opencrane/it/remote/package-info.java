/** Reaching customers' own clusters. */
package io.opencrane.it.remote;
