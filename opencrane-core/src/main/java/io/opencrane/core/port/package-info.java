/**
 * The ports through which core reaches a cluster, a projection and a model gateway. Adapters and fakes implement them; no outside library may show in them.
 */
@NullMarked
package io.opencrane.core.port;

import org.jspecify.annotations.NullMarked;
